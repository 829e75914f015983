// The way out of memory. In this order, for a whole group of pages: look at each and decide; find slots for
// those that have to be written; exchange the entries that lead to them; make the processors forget; and only
// then free frames and start to write. So nobody can change a page that is being written without a fault.
#include "mm/page_out.hpp"

#include "mm/memory_events.hpp"
#include "mm/page_frame.hpp"
#include "mm/replacement.hpp"
#include "mm/reverse_map.hpp"
#include "mm/swap.hpp"
#include "mm/swap_area.hpp"
#include "mm/transfers.hpp"

#include <algorithm>

namespace mm {

namespace {

enum class Fate : uint8_t { Stay, Drop, Write };

Frame &frame_at(uint32_t number)
{
    return machine::frame_array()[number];
}

bool is_cached(const Frame &frame)
{
    return frame.flags & Frame::SwapCached;
}

bool belongs_to_object(const Frame &frame)
{
    return !frame.object->is_private_anonymous();
}

// Whether the object has a reference: its page map leads to the frame. A page of shared memory that is in the
// swap cache and in the ring is there by its slot; one that was cut off (MemoryObject::truncate) is its
// holder's alone.
bool is_held_by_object(uint32_t number)
{
    const Frame &frame = frame_at(number);
    return belongs_to_object(frame) && !is_cached(frame) && frame.object->holds(number);
}

// A page that can be had again as it is needs no writing; one that somebody insists on stays.
Fate fate_of(uint32_t number)
{
    const Frame &frame = frame_at(number);
    unsigned mappings = 0;
    bool dirty = false, locked = false;
    bool seen = ReverseMap::for_each_mapper(number, [&](const Mapper &mapper) {
        if (mapper.slot.entry->is_swap()) return;
        mappings++;
        dirty |= mapper.slot.entry->dirty();
        locked |= mapper.area.flags.locked;
    });
    // A reference that is none of these: a device reads or writes the page (O_DIRECT).
    unsigned known = mappings + is_held_by_object(number) + is_cached(frame);
    bool in_use = frame.references.load(std::memory_order_relaxed) != known;
    // Each of these entries is to be a user of its slot, the present one or another.
    unsigned users = is_cached(frame) ? slot_users(swap_cache().slot_of(number)) : 1;
    bool is_too_common = users + mappings > SwapArea::MaxUsers;
    if (!seen || locked || in_use || is_too_common) return Fate::Stay;
    if (frame.kind == FrameKind::File) return Fate::Drop;
    bool has_copy = is_cached(frame) && !dirty && !(frame.flags & Frame::WriteFailed) &&
                    !is_being_removed(swap_cache().slot_of(number).area());
    return has_copy ? Fate::Drop : Fate::Write;
}

// Neighbours in an object become neighbours on the device, and in requests to it.
bool is_before(uint32_t one, uint32_t other)
{
    const Frame &a = frame_at(one), &b = frame_at(other);
    return a.object != b.object ? a.object < b.object : a.index < b.index;
}

// Nothing leads to the page any more: its entries are empty, or hold `slot`.
void unmap(uint32_t number, SwapSlot slot, FrameBatch &batch)
{
    PhysAddr at = PhysAddr::of_page(number);
    const Frame &frame = frame_at(number);
    bool is_private = !belongs_to_object(frame);
    ReverseMap::for_each_mapper(number, [&](const Mapper &mapper) {
        ReverseMap::join(mapper, batch);
        PageTableEntry old = *mapper.slot.entry;
        PageTable &table = ReverseMap::table(mapper);
        if (is_private) {
            share_slot(slot);
            table.set(mapper.slot, mapper.page, PageTableEntry::swap(slot));
            if (old.is_swap()) return release_slot(old.slot()); // it had another one
            ReverseMap::counts(mapper).swapped++;
        } else {
            table.set(mapper.slot, mapper.page, {});
            table.prune(mapper.page, batch);
        }
        ReverseMap::resident_count(mapper, frame)--;
        batch.release_page(mapper.page, at);
    });
}

class Group {
public:
    explicit Group(std::span<uint32_t> pages) : pages_(pages) {}

    PagedOut run()
    {
        std::sort(pages_.begin(), pages_.end(), is_before);
        decide();
        write_those_that_must();
        finish();
        return {.freed = freed_, .started = started_};
    }

private:
    // Afterwards [0, dropped_) are dropped and [dropped_, end_) are to be written, each part still in order.
    void decide()
    {
        uint32_t to_write[MaxPageOut];
        unsigned writes = 0;
        for (uint32_t page : pages_) {
            switch (fate_of(page)) {
            case Fate::Stay:
                let_go(page);
                break;
            case Fate::Drop:
                drop(page);
                pages_[dropped_++] = page;
                break;
            case Fate::Write:
                leave_old_slot(page);
                to_write[writes++] = page;
                break;
            }
        }
        end_ = std::copy_n(to_write, writes, pages_.begin() + dropped_) - pages_.begin();
    }

    void drop(uint32_t page)
    {
        bool is_file = frame_at(page).kind == FrameKind::File;
        unmap(page, is_file ? SwapSlot{} : swap_cache().slot_of(page), batch_);
    }

    // What lies in its slot is not what it is now. When others still need that, or nobody can write there, it
    // is only exchanged in unmap().
    static void leave_old_slot(uint32_t page)
    {
        if (is_cached(frame_at(page)) && slot_users(swap_cache().slot_of(page)) == 1) forget_cached(page);
    }

    void write_those_that_must()
    {
        unsigned at = dropped_;
        while (at < end_) {
            PageTransfer *transfer = take_transfer(PageTransfer::Direction::Out);
            if (transfer == nullptr) break;
            SwapRun run = allocate_slots(end_ - at);
            if (run.count == 0) {
                return_transfer(*transfer);
                break;
            }
            transfer->first = run.first;
            for (; transfer->count < run.count; transfer->count++) {
                transfer->frames[transfer->count] = pages_[at];
                move_to_slot(pages_[at++], run.first + transfer->count);
            }
            transfers_[transfer_count_++] = transfer;
            started_ += run.count;
        }
        for (; at < end_; at++) let_go(pages_[at]);
    }

    // The page is in the swap cache under `slot` from now on, with the use that the slot came with.
    void move_to_slot(uint32_t page, SwapSlot slot)
    {
        Frame &frame = frame_at(page);
        frame.flags |= Frame::Busy;
        SwapSlot old;
        if (is_cached(frame)) {
            // (The entries that hold the old slot are found by it: it stays known until they are exchanged.)
            old = swap_cache().slot_of(page);
            exchange(page, old, slot);
        } else {
            frames().share(PhysAddr::of_page(page));
            swap_cache().insert(slot, page);
            unmap(page, slot, batch_);
        }
        if (!belongs_to_object(frame)) return;
        share_slot(slot);
        frame.object->page_is_in(slot, page);
        if (old != SwapSlot{})
            release_slot(old);
        else
            drop_page(PhysAddr::of_page(page)); // the object's own reference
    }

    void exchange(uint32_t page, SwapSlot old, SwapSlot slot)
    {
        unmap(page, slot, batch_);
        swap_cache().move(page, slot);
        release_slot(old);
    }

    void finish()
    {
        batch_.flush();
        for (unsigned i = 0; i < dropped_; i++) {
            uint32_t page = pages_[i];
            if (is_cached(frame_at(page))) {
                forget_cached(page);
            } else {
                frame_at(page).object->forget_page(page);
                drop_page(PhysAddr::of_page(page));
            }
            freed_++;
        }
        memory_counters().pgsteal += dropped_ + started_;
        if (dropped_ != 0) note({.what = MemoryEvent::What::Dropped, .number = dropped_});
        for (unsigned i = 0; i < transfer_count_; i++) {
            PageTransfer &transfer = *transfers_[i];
            note({.what = MemoryEvent::What::PagesOut,
                  .number = transfer.count,
                  .slot = transfer.first.raw(),
                  .page = frame_at(transfer.frames[0]).index});
            (void)start(transfer); // a failure ends like that of any other transfer
        }
    }

    std::span<uint32_t> pages_;
    unsigned dropped_ = 0;
    long end_ = 0;
    FrameBatch batch_{PhysAddr{}, 0};
    PageTransfer *transfers_[page_io::MaxUnderWay];
    unsigned transfer_count_ = 0;
    unsigned freed_ = 0, started_ = 0;
};

} // namespace

PagedOut page_out(std::span<uint32_t> pages)
{
    if (pages.empty()) return {};
    return Group(pages).run();
}

bool hold_page(uint32_t number)
{
    Frame &frame = frame_at(number);
    if (!is_candidate(frame)) return false;
    page_ring().remove(number);
    frame.flags |= Frame::Held;
    return true;
}

} // namespace mm
