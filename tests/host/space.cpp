// Programs on the simulated machine, and the audit of all that they have.
#include "tests/host/space.hpp"

#include "mm/pool.hpp"
#include "mm/swap.hpp"
#include "mm/swap_cache.hpp"
#include "tests/host/swap_device.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace host {

namespace {

AddressSpace *create_space()
{
    auto space = AddressSpace::create();
    if (!space.ok()) throw Failure("no memory for the test's address space");
    return *space;
}

} // namespace

Program::Program(unsigned processor) : Program(*create_space(), processor) {}

Program::Program(AddressSpace &space, unsigned processor) : space_(&space), processor_(processor)
{
    machine().processor = processor_;
    space_->activate();
}

Program::~Program()
{
    machine().processor = processor_;
    machine().unload_root();
    space_->deactivate();
    space_->drop();
}

FaultResult Program::access(VirtAddr address, Access access, uint8_t value)
{
    PhysAddr root = space_->page_table().root();
    // More than one when the page goes again before the access is tried again.
    for (faults = 0; faults < 100; faults++) {
        machine().processor = processor_; // others have run while the last fault slept
        bool done = access == Access::Write  ? machine().write(root, address, value)
                    : access == Access::Read ? machine().read(root, address, last_byte)
                                             : machine().execute(root, address);
        if (done) return FaultResult::Resolved;
        FaultResult result = space_->fault(Fault{machine().last_fault()});
        if (result != FaultResult::Resolved) return result;
    }
    throw Failure("a fault that is resolved comes again and again");
}

uint8_t Program::byte(VirtAddr address)
{
    EXPECT_EQ(read(address), FaultResult::Resolved);
    return last_byte;
}

void Program::touch(VirtAddr address, uint64_t pages, uint8_t value)
{
    for (uint64_t i = 0; i < pages; i++)
        ASSERT_EQ(write(address + i * PageSize, value), FaultResult::Resolved);
}

VirtAddr Program::map(uint64_t pages, Protection protection, AreaFlags flags)
{
    MapRequest request;
    request.length = pages * PageSize;
    request.protection = protection;
    request.flags = flags;
    auto mapped = space_->map(request);
    EXPECT_TRUE(mapped.ok());
    return *mapped;
}

VirtAddr Program::map_at(VirtAddr at, uint64_t pages, Protection protection, AreaFlags flags)
{
    MapRequest request;
    request.address = at;
    request.length = pages * PageSize;
    request.protection = protection;
    request.flags = flags;
    request.placement = MapRequest::Placement::Fixed;
    auto mapped = space_->map(request);
    EXPECT_TRUE(mapped.ok());
    return *mapped;
}

VirtAddr Program::map_file(MemoryObject &file, uint64_t offset, uint64_t pages, Protection protection,
                           AreaFlags flags)
{
    MapRequest request;
    request.length = pages * PageSize;
    request.protection = protection;
    request.flags = flags;
    request.object = &file;
    request.offset = offset;
    auto mapped = space_->map(request);
    EXPECT_TRUE(mapped.ok());
    return *mapped;
}

std::string Program::areas(VirtAddr base) const
{
    std::string text;
    for (const VmArea *area = space_->areas().first(); area != nullptr; area = mm::AreaSet::next(*area)) {
        auto relative = [base](VirtAddr at) {
            return std::to_string(static_cast<int64_t>(at.page()) - static_cast<int64_t>(base.page()));
        };
        if (!text.empty()) text += ' ';
        text += relative(area->range.begin) + '-' + relative(area->range.end) + ' ';
        text += area->protection.read ? 'r' : '-';
        text += area->protection.write ? 'w' : '-';
        text += area->protection.execute ? 'x' : '-';
        text += area->flags.shared ? 's' : 'p';
    }
    return text;
}

std::string Program::residents(VirtAddr base, uint64_t pages) const
{
    std::string text;
    for (uint64_t i = 0; i < pages; i++) {
        auto answered =
            space_->residency(base + i * PageSize, PageSize, [&](uint64_t, bool resident) -> Result<void> {
                text += resident ? 'x' : '.';
                return {};
            });
        if (!answered.ok()) text += '?';
    }
    return text;
}

namespace {

// Who uses what, as found in page tables and objects.
struct Users {
    std::vector<uint32_t> mappings;               // by frame number
    std::unordered_map<uint32_t, uint32_t> slots; // by raw slot

    void forget()
    {
        mappings.assign(mm::frames().end_of_ram(), 0);
        slots.clear();
    }
    void add(mm::PageTableEntry entry)
    {
        if (entry.is_swap())
            slots[entry.slot().raw()]++;
        else if (!entry.is_zero_page())
            mappings[entry.address().page()]++;
    }
};

// Every object that holds pages or slots, but those of files.
void add_objects(Users &users)
{
    for (MemoryObject *object = mm::next_anonymous_object(nullptr); object != nullptr;
         object = mm::next_anonymous_object(object)) {
        object->audit();
        if (object->is_private_anonymous()) continue;
        mm::SwapSlot slot;
        for (uint64_t index = 0; object->next_slot(index, slot); index++) users.slots[slot.raw()]++;
    }
}

bool object_holds(const mm::Frame &frame, PhysAddr at)
{
    // Nobody's page any more, but the device has it yet: its object may be gone.
    auto number = static_cast<uint32_t>(at.page());
    bool only_cached = frame.flags & mm::Frame::SwapCached && frame.references.load() == 1 &&
                       mm::slot_users(mm::swap_cache().slot_of(number)) == 1;
    if (only_cached) return false;
    MemoryObject &object = *frame.object;
    if (object.kind() == MemoryObject::Kind::File) return true; // its source may be gone already: do not ask
    if (object.is_private_anonymous() || !object.has_page(frame.index)) return false;
    auto page = object.page(frame.index);
    return page.ok() && *page == at;
}

void audit_frames(const Users &users)
{
    mm::frames().for_each_frame([&](PhysAddr at, const mm::Frame &frame) {
        uint32_t expected = users.mappings[at.page()];
        if (frame.kind != FrameKind::Anonymous && frame.kind != FrameKind::File) {
            if (expected != 0) throw Failure("an entry leads to a frame that is no page");
            return;
        }
        expected += object_holds(frame, at);
        expected += (frame.flags & mm::Frame::SwapCached) != 0;
        if (frame.references.load() != expected) {
            throw Failure("a frame has " + std::to_string(frame.references.load()) + " references, but " +
                          std::to_string(expected) + " users");
        }
        bool moves = swap_device().is_under_way(static_cast<uint32_t>(at.page()));
        if (moves != ((frame.flags & mm::Frame::Busy) != 0))
            throw Failure("a frame is marked busy and is not, or the other way round");
    });
}

void audit_slots(const Users &users)
{
    mm::audit_swap();
    uint64_t found = 0;
    for (unsigned area = 0; area < mm::SwapSlot::MaxAreas; area++) {
        if (!mm::swap_area_information(area)) continue;
        for (mm::SwapSlot slot = mm::next_used_slot(area, 1); slot.offset() != 0;
             slot = mm::next_used_slot(area, slot.offset() + 1)) {
            auto known = users.slots.find(slot.raw());
            uint32_t expected = known != users.slots.end() ? known->second : 0;
            found += expected != 0;
            expected += mm::swap_cache().find(slot) != mm::NoFrame;
            if (mm::slot_users(slot) != expected) {
                throw Failure("slot " + std::to_string(slot.offset()) + " has a count of " +
                              std::to_string(mm::slot_users(slot)) + ", but " + std::to_string(expected) +
                              " users");
            }
        }
    }
    if (found != users.slots.size()) throw Failure("an entry or an object has a slot that is free");
}

} // namespace

void audit_all(std::span<AddressSpace *const> spaces)
{
    static Users users; // kept, since this runs a million times
    users.forget();
    static std::vector<MemoryObject *> files;
    files.clear();
    uint64_t tables = 0;
    for (const AddressSpace *space : spaces) {
        space->audit();
        tables += space->page_table().table_frames();
        space->page_table().inspect({VirtAddr{}, mm::UserEnd},
                                    [&](VirtAddr, mm::PageTableEntry entry) { users.add(entry); });
        for (const VmArea *area = space->areas().first(); area != nullptr; area = mm::AreaSet::next(*area)) {
            if (area->object->kind() != MemoryObject::Kind::File) continue;
            if (std::find(files.begin(), files.end(), area->object) != files.end()) continue;
            files.push_back(area->object);
            area->object->audit();
        }
    }
    machine().audit();
    mm::pool().audit();
    if (tables != mm::frames().count(FrameKind::PageTable))
        throw Failure("there are page tables that no space has");
    add_objects(users);
    audit_frames(users);
    audit_slots(users);
}

void SpaceTest::audit()
{
    std::vector<AddressSpace *> spaces;
    for (auto &program : programs_) spaces.push_back(&program->space());
    audit_all(spaces);
}

Program &SpaceTest::program()
{
    programs_.push_back(std::make_unique<Program>(free_processor()));
    return *programs_.back();
}

Program &SpaceTest::fork(Program &parent)
{
    machine().processor = parent.processor();
    auto child = parent->fork();
    if (!child.ok()) throw Failure("no memory for a fork");
    return adopt(**child);
}

Program &SpaceTest::adopt(AddressSpace &space)
{
    programs_.push_back(std::make_unique<Program>(space, free_processor()));
    return *programs_.back();
}

void SpaceTest::end(Program &program)
{
    std::erase_if(programs_, [&](auto &each) { return each.get() == &program; });
}

unsigned SpaceTest::free_processor() const
{
    unsigned processor = 0;
    while (std::ranges::any_of(programs_, [&](auto &each) { return each->processor() == processor; }))
        processor++;
    return processor;
}

MemoryObject &SpaceTest::file_object(TestFile &file)
{
    sources_.push_back(std::make_unique<Source>(file));
    auto object = MemoryObject::create(MemoryObject::Kind::File, sources_.back().get());
    if (!object.ok()) throw Failure("no memory for the test's file");
    objects_.push_back(*object);
    return **object;
}

// Whatever the test did: all is consistent, and with the last program every frame comes back.
void SpaceTest::TearDown()
{
    audit();
    programs_.clear();
    for (MemoryObject *object : objects_) object->drop();
    after_programs();
    mm::drain_heap();
    for (FrameKind kind :
         {FrameKind::PageTable, FrameKind::KernelHeap, FrameKind::Anonymous, FrameKind::File}) {
        EXPECT_EQ(mm::frames().count(kind), 0u) << "frames of kind " << static_cast<int>(kind) << " are lost";
    }
    MachineTest::TearDown();
}

} // namespace host
