// Setting up machines that swap, and looking at where their pages are.
#include "tests/host/swapping.hpp"

#include "mm/swap_cache.hpp"

namespace host {

using mm::PageTableEntry;
using mm::SwapSlot;

namespace {

bool arrives(uint32_t frame)
{
    return (mm::machine::frame_array()[frame].flags & mm::Frame::Arriving) != 0;
}

} // namespace

void set_up_swapping(const SwapSetup &setup, Choices choices)
{
    machine().reset({{256, setup.frames}});
    swap_device().reset();
    scheduler().reset(setup.scheduler, std::move(choices));
    mm::init_reclaim(setup.watermarks, setup.policy);
    if (setup.slots != 0 && !add_swap_area(setup.slots).ok()) throw Failure("no memory for the swap area");
}

void take_down_swapping()
{
    swap_device().release();
    scheduler().settle();
    mm::SwapStatistics swap = mm::swap_statistics();
    if (swap.cached != 0) throw Failure(std::to_string(swap.cached) + " pages are lost in the swap cache");
    if (swap.free != swap.total) throw Failure(std::to_string(swap.total - swap.free) + " slots are lost");
    for (unsigned area = 0; area < SwapSlot::MaxAreas; area++) {
        if (mm::swap_area_information(area) && !remove_swap_area(area).ok())
            throw Failure("an empty swap area cannot be removed");
    }
}

Result<unsigned> add_swap_area(uint32_t slots, int priority, std::vector<uint32_t> bad)
{
    unsigned area = TRY(mm::reserve_swap_area());
    swap_device().add_area(area, slots + 1);
    mm::SwapHeader header;
    header.last_page = slots;
    header.bad_count = static_cast<uint32_t>(bad.size());
    std::copy(bad.begin(), bad.end(), header.bad.begin());
    auto added = mm::add_swap_area(area, header, priority);
    if (added.ok()) return area;
    mm::release_swap_area(area);
    swap_device().remove_area(area);
    return added.error();
}

Result<void> remove_swap_area(unsigned area)
{
    TRY_VOID(mm::remove_swap_area(area));
    swap_device().remove_area(area);
    mm::release_swap_area(area);
    return {};
}

const uint8_t *slot_bytes(SwapSlot slot)
{
    uint32_t cached = mm::swap_cache().find(slot);
    if (cached != mm::NoFrame && !arrives(cached))
        return static_cast<const uint8_t *>(mm::machine::window(PhysAddr::of_page(cached)));
    const uint8_t *bytes = swap_device().contents(slot);
    if (bytes == nullptr) throw Failure("an entry leads to a slot that holds no page");
    return bytes;
}

const uint8_t *page_bytes(PageTableEntry entry)
{
    if (entry.is_swap()) return slot_bytes(entry.slot());
    if (!entry.has_frame()) return nullptr;
    return static_cast<const uint8_t *>(mm::machine::window(entry.address()));
}

void SwapTest::TearDown()
{
    swap_device().release();
    scheduler().settle();
    SpaceTest::TearDown();
}

void SwapTest::after_programs()
{
    take_down_swapping();
}

namespace {

constexpr uint64_t Step = 512; // a number at each of these

uint8_t pattern(uint32_t number, uint64_t offset)
{
    return static_cast<uint8_t>((number * 2654435761u >> (offset / Step % 4 * 8)) ^ offset / Step);
}

} // namespace

void SwapTest::fill(Program &program, VirtAddr address, uint64_t pages, uint32_t first)
{
    for (uint64_t i = 0; i < pages; i++) {
        for (uint64_t offset = 0; offset < PageSize; offset += Step) {
            VirtAddr at = address + i * PageSize + offset;
            ASSERT_EQ(program.write(at, pattern(first + static_cast<uint32_t>(i), offset)),
                      FaultResult::Resolved)
                << "page " << i;
        }
    }
}

void SwapTest::check(Program &program, VirtAddr address, uint64_t pages, uint32_t first)
{
    for (uint64_t i = 0; i < pages; i++) {
        for (uint64_t offset = 0; offset < PageSize; offset += Step) {
            ASSERT_EQ(program.byte(address + i * PageSize + offset),
                      pattern(first + static_cast<uint32_t>(i), offset))
                << "page " << i << " at " << offset;
        }
    }
}

void SwapTest::push_out(Program &program, VirtAddr address, uint64_t pages)
{
    uint64_t others = mm::frames().total();
    VirtAddr pushing = program.map(others);
    for (int round = 0; round < 4; round++) {
        for (uint64_t i = 0; i < others; i++)
            ASSERT_EQ(program.write(pushing + i * PageSize, 0xaa), FaultResult::Resolved);
        scheduler().settle();
        if (places(program, address, pages) == std::string(pages, 's')) break;
    }
    ASSERT_TRUE(program->unmap(pushing, others * PageSize).ok());
}

std::string SwapTest::places(Program &program, VirtAddr address, uint64_t pages)
{
    std::string text;
    for (uint64_t i = 0; i < pages; i++) {
        const PageTableEntry *found = program->page_table().find(address + i * PageSize);
        PageTableEntry entry = found != nullptr ? *found : PageTableEntry{};
        if (entry.is_swap())
            text += mm::swap_cache().find(entry.slot()) == mm::NoFrame ? 's' : 'b';
        else if (entry.is_zero_page())
            text += '0';
        else if (entry.has_frame())
            text += mm::descriptor(entry.address()).flags & mm::Frame::SwapCached ? 'b' : 'm';
        else
            text += '.';
    }
    return text;
}

SwapSlot SwapTest::slot_at(Program &program, VirtAddr address)
{
    const PageTableEntry *entry = program->page_table().find(address);
    if (entry == nullptr || !entry->is_swap()) throw Failure("the test expects a page on disk there");
    return entry->slot();
}

uint64_t SwapTest::used_slots()
{
    mm::SwapStatistics swap = mm::swap_statistics();
    return swap.total - swap.free;
}

} // namespace host
