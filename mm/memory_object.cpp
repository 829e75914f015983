// The pages of shared anonymous memory and of files, and who shows them.
#include "mm/memory_object.hpp"

#include "mm/address_space.hpp"
#include "mm/kernel_heap.hpp"
#include "mm/page_frame.hpp"
#include "mm/swap.hpp"
#include "mm/swap_cache.hpp"
#include "mm/swap_in.hpp"

namespace mm {

// Every object that can have pages on a swap device.
struct AnonymousObjects {
    lib::ListNode objects;

    static MemoryObject &object(lib::ListNode &node)
    {
        return lib::element<&MemoryObject::registry_node_>(node);
    }
    static lib::ListNode &node(MemoryObject &object) { return object.registry_node_; }
    // The one at `node` or behind it that somebody still has, with a reference more.
    MemoryObject *take_from(lib::ListNode *node)
    {
        for (; node != &objects; node = node->next()) {
            auto &references = object(*node).references_;
            uint32_t count = references.load(std::memory_order_relaxed);
            while (count != 0) {
                if (!references.compare_exchange_weak(count, count + 1, std::memory_order_relaxed)) continue;
                if (object(*node).source_ != nullptr) object(*node).source_->retain();
                return &object(*node);
            }
        }
        return nullptr;
    }
};

namespace {

constinit lib::Guarded<AnonymousObjects> registry;

} // namespace

MemoryObject *next_anonymous_object(MemoryObject *previous)
{
    MemoryObject *next;
    {
        auto held = registry.lock();
        next = held->take_from(previous == nullptr ? held->objects.next()
                                                   : AnonymousObjects::node(*previous).next());
    }
    if (previous != nullptr) previous->drop();
    return next;
}

uint64_t shared_memory_pages()
{
    uint64_t pages = 0;
    for (MemoryObject *object = next_anonymous_object(nullptr); object != nullptr;
         object = next_anonymous_object(object)) {
        pages += object->cached_pages();
        SwapSlot slot;
        for (uint64_t index = 0; object->next_slot(index, slot); index++) pages--;
    }
    return pages;
}

void reset_anonymous_objects()
{
    registry.break_lock().objects.unlink();
}

Result<MemoryObject *> MemoryObject::create(Kind kind, PageSource *source, uint64_t end)
{
    auto *object = mm::create<MemoryObject>(kind, source, end);
    if (object == nullptr) return Errno::NoMemory;
    if (kind != Kind::File) registry.lock()->objects.insert_before(object->registry_node_);
    return object;
}

void MemoryObject::drop()
{
    PageSource *source = source_;
    if (references_.fetch_sub(1, std::memory_order_acq_rel) != 1) {
        if (source != nullptr) source->release(); // after which both may be gone
        return;
    }
    if (kind_ != Kind::File) {
        auto held = registry.lock();
        registry_node_.unlink();
    }
    {
        auto contents = contents_.lock();
        if (contents->areas.is_linked()) machine::fail("a memory object is freed that an area still shows");
        PageMap &pages = contents->pages;
        for (auto page = pages.next(0); page.frame != NoFrame; page = pages.next(page.index)) {
            pages.remove(page.index);
            if (PageMap::is_slot(page.frame))
                release_slot(PageMap::slot_in(page.frame));
            else
                drop_page(PhysAddr::of_page(page.frame));
        }
    }
    destroy(this);
}

Result<PhysAddr> MemoryObject::page(uint64_t index)
{
    if (kind_ == Kind::PrivateAnonymous)
        machine::fail("private anonymous memory holds no pages in its object");
    if (index >= end()) return Errno::BadAddress;
    {
        auto contents = contents_.lock();
        uint32_t found = contents->pages.find(index);
        if (found < PageMap::SlotBit) [[likely]]
            return PhysAddr::of_page(found);
        if (found != NoFrame) return bring_back(*contents, index, PageMap::slot_in(found));
    }
    return fetch(index);
}

Result<PhysAddr> MemoryObject::page_in_slot(uint64_t index)
{
    auto contents = contents_.lock();
    uint32_t found = contents->pages.find(index);
    if (!PageMap::is_slot(found)) return Errno::BadAddress;
    return bring_back(*contents, index, PageMap::slot_in(found));
}

bool MemoryObject::has_page(uint64_t index) const
{
    uint32_t found = contents_.lock()->pages.find(index);
    return found != NoFrame && !PageMap::is_slot(found);
}

PhysAddr MemoryObject::hold_present(uint64_t index) const
{
    auto contents = contents_.lock();
    uint32_t found = contents->pages.find(index);
    if (found >= PageMap::SlotBit) return {};
    frames().share(PhysAddr::of_page(found));
    return PhysAddr::of_page(found);
}

uint64_t MemoryObject::next_page(uint64_t index) const
{
    auto page = contents_.lock()->pages.next(index);
    return page.frame == NoFrame ? UINT64_MAX : page.index;
}

SwapSlot MemoryObject::slot_of(uint64_t index) const
{
    uint32_t found = contents_.lock()->pages.find(index);
    return PageMap::is_slot(found) ? PageMap::slot_in(found) : SwapSlot{};
}

bool MemoryObject::next_slot(uint64_t &index, SwapSlot &slot) const
{
    auto contents = contents_.lock();
    for (auto page = contents->pages.next(index); page.frame != NoFrame;
         page = contents->pages.next(page.index + 1)) {
        if (!PageMap::is_slot(page.frame)) continue;
        index = page.index;
        slot = PageMap::slot_in(page.frame);
        return true;
    }
    return false;
}

// A page of shared memory on a swap device. Once it is back it keeps no slot: nobody watches all the entries
// that could make it differ.
Result<PhysAddr> MemoryObject::bring_back(Contents &contents, uint64_t index, SwapSlot slot)
{
    uint32_t cached = swap_cache().find(slot);
    if (cached == NoFrame) {
        // Its neighbours too, as far as their slots are neighbours.
        ReadAhead ahead = contents.read_ahead;
        uint32_t wanted = ahead.next(index, 0, read_ahead_limit());
        uint32_t count = 1;
        while (count < wanted && contents.pages.find(index + count) == PageMap::value_of(slot + count))
            count++;
        ahead.came(TRY(begin_reading({.first = slot, .count = count, .object = this, .index = index})));
        contents.read_ahead = ahead;
        return Errno::TryAgain;
    }
    const Frame &frame = machine::frame_array()[cached];
    if (frame.flags & Frame::Arriving) return Errno::TryAgain;
    let_go(cached);
    frames().share(PhysAddr::of_page(cached));
    contents.pages.replace(index, cached);
    release_slot(slot);
    if (!(frame.flags & Frame::Busy)) forget_cached(cached);
    return PhysAddr::of_page(cached);
}

void MemoryObject::forget_page(uint32_t frame)
{
    contents_.lock()->pages.remove(machine::frame_array()[frame].index);
}

void MemoryObject::page_is_in(SwapSlot slot, uint32_t frame)
{
    contents_.lock()->pages.replace(machine::frame_array()[frame].index, PageMap::value_of(slot));
}

Result<PhysAddr> MemoryObject::allocate_page(uint64_t index)
{
    PhysAddr frame = TRY(frames().allocate(frame_kind()));
    descriptor(frame).object = this;
    descriptor(frame).index = index;
    descriptor(frame).flags = Frame::Held; // not to be chosen before it is anywhere
    return frame;
}

Result<PhysAddr> MemoryObject::new_page(uint64_t index)
{
    if (index >= end()) return Errno::BadAddress;
    if (source_ != nullptr) TRY_VOID(source_->allow_page());
    return allocate_page(index);
}

Result<void> MemoryObject::insert_page(PhysAddr frame)
{
    auto contents = contents_.lock();
    uint64_t index = descriptor(frame).index;
    if (contents->pages.find(index) != NoFrame) return Errno::Exists;
    TRY_VOID(contents->pages.insert(index, static_cast<uint32_t>(frame.page())));
    descriptor(frame).flags = 0;
    join_ring(frame);
    return {};
}

void MemoryObject::discard_page(PhysAddr frame)
{
    descriptor(frame).flags = 0;
    frames().free(frame);
}

Result<PhysAddr> MemoryObject::fetch(uint64_t index)
{
    PhysAddr frame = TRY(allocate_page(index));
    if (source_ != nullptr) {
        auto read = source_->read_page(index, frame);
        if (!read) {
            discard_page(frame);
            return read.error();
        }
    } else {
        machine::zero_frame(frame);
    }

    // Not locked meanwhile, since a source may sleep: another one may have been faster.
    auto inserted = insert_page(frame);
    if (inserted.ok()) [[likely]]
        return frame;
    discard_page(frame);
    if (inserted.error() != Errno::Exists) return inserted.error();
    uint32_t found = contents_.lock()->pages.find(index);
    if (found >= PageMap::SlotBit) return Errno::TryAgain;
    return PhysAddr::of_page(found);
}

uint64_t MemoryObject::drain()
{
    // Anonymous pages have no other place to come back from.
    if (kind_ != Kind::File) return 0;
    uint64_t dropped = 0;
    auto contents = contents_.lock();
    PageMap &pages = contents->pages;
    for (auto page = pages.next(0); page.frame != NoFrame; page = pages.next(page.index + 1)) {
        PhysAddr frame = PhysAddr::of_page(page.frame);
        if (descriptor(frame).references.load(std::memory_order_relaxed) != 1) continue;
        pages.remove(page.index);
        drop_page(frame);
        dropped++;
    }
    return dropped;
}

bool MemoryObject::holds(uint32_t frame) const
{
    return contents_.lock()->pages.find(machine::frame_array()[frame].index) == frame;
}

void MemoryObject::attach(VmArea &area)
{
    if (!is_private_anonymous()) contents_.lock()->areas.insert_before(area.object_node);
}

void MemoryObject::detach(VmArea &area)
{
    if (is_private_anonymous()) return;
    auto contents = contents_.lock();
    area.object_node.unlink();
}

void MemoryObject::attach(AddressSpace &space)
{
    contents_.lock()->areas.insert_before(space.family_node_);
}

void MemoryObject::detach(AddressSpace &space)
{
    auto contents = contents_.lock();
    space.family_node_.unlink();
}

bool MemoryObject::has_several_spaces() const
{
    auto contents = contents_.lock();
    return contents->areas.next() != contents->areas.previous();
}

void MemoryObject::audit() const
{
    using machine::fail;
    auto contents = contents_.lock();
    if (is_private_anonymous()) {
        if (!contents->pages.empty()) fail("private anonymous memory holds pages in its object");
        return;
    }
    contents->pages.audit();
    for (auto page = contents->pages.next(0); page.frame != NoFrame;
         page = contents->pages.next(page.index + 1)) {
        if (PageMap::is_slot(page.frame)) {
            if (kind_ == Kind::File) fail("a page of a file is on a swap device");
            if (slot_users(PageMap::slot_in(page.frame)) == 0)
                fail("a memory object has a slot that is free");
            continue;
        }
        const Frame &frame = descriptor(PhysAddr::of_page(page.frame));
        if (frame.kind != frame_kind()) fail("a memory object holds a frame of another kind");
        if (frame.object != this || frame.index != page.index)
            fail("a page's descriptor names another object or index");
        if (frame.references.load(std::memory_order_relaxed) == 0)
            fail("a memory object holds a frame without a reference");
    }
    const lib::ListNode *node = &contents->areas;
    do {
        if (!node->is_consistent()) fail("a memory object's list of areas is linked wrongly");
        node = node->next();
        if (node == &contents->areas) break;
        auto &area = lib::element<&VmArea::object_node>(const_cast<lib::ListNode &>(*node));
        if (area.object != this) fail("a memory object lists an area that shows another one");
    } while (true);
}

} // namespace mm
