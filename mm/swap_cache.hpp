// The swap cache: pages that are in memory and have a slot on a swap device as well. A page on its way out or
// in is found here by whoever touches it meanwhile, and not read twice; a page that came in and was not
// written since can go again without a write.
//
// A frame in the cache has the flag SwapCached and one reference more; its slot has one user more. The memory
// for as many entries as there are frames is taken when the first swap area is added (0.3 % of RAM): entering
// a page never fails.
#pragma once

#include "mm/frame_allocator.hpp"
#include "mm/swap_slot.hpp"

namespace mm {

class SwapCache {
public:
    // Makes room for every frame; nothing happens when there is. NoMemory.
    Result<void> prepare();
    // Gives that memory back; the cache must be empty.
    void release();
    // Boot of another machine (host tests): forgets everything.
    void reset() { *this = SwapCache{}; }

    // The frame of the page in `slot`, or NoFrame.
    uint32_t find(SwapSlot slot) const;
    // Whether the page is there with its contents, not only on its way.
    bool has(SwapSlot slot) const
    {
        uint32_t frame = find(slot);
        return frame != NoFrame && !(machine::frame_array()[frame].flags & Frame::Arriving);
    }
    // The slot of a frame that is SwapCached.
    SwapSlot slot_of(uint32_t frame) const { return entry(frame).slot; }
    // How many pages are in it.
    uint64_t size() const { return size_; }
    // How many of them are stuck: their slot could not be written (Frame::WriteFailed), so memory is all they
    // have.
    uint64_t stuck() const { return stuck_; }

    // Enters a page. The caller gives one reference of the frame and one use of the slot away.
    void insert(SwapSlot slot, uint32_t frame);
    // Takes a page out, and gives back what insert() took: the caller drops the frame's reference and the use
    // of the slot (release_slot).
    SwapSlot remove(uint32_t frame);

    // The slot could not be written; it can be left only for another one (move), or with the page.
    void set_stuck(uint32_t frame);
    // The page gets another slot. As insert() and remove(): the caller gives one use away, and gets one back.
    SwapSlot move(uint32_t frame, SwapSlot slot);

    // Checks the chains, and that flags, slots and counts agree. Calls machine::fail.
    void audit() const;

private:
    // A table in single frames, so that it needs no block of memory.
    template <typename Element> struct Table {
        static constexpr unsigned PerFrame = PageSize / sizeof(Element);
        Element **parts = nullptr;
        uint64_t count = 0; // of parts
        Element &operator[](uint64_t index) const { return parts[index / PerFrame][index % PerFrame]; }
        Result<void> allocate(uint64_t elements);
        void free();
    };
    struct Entry {
        SwapSlot slot;
        uint32_t next; // frame in the same chain
    };

    Entry &entry(uint32_t frame) const { return entries_[frame]; }
    uint32_t &chain(SwapSlot slot) const
    {
        // Neighbours in different chains, areas too (Knuth's multiplicative hashing, TAOCP vol. 3, 6.4).
        return chains_[slot.raw() * 0x9e3779b1u >> chain_shift_];
    }

    Table<Entry> entries_;   // by frame number
    Table<uint32_t> chains_; // the first frame of each
    unsigned chain_shift_ = 32;
    uint64_t size_ = 0, stuck_ = 0;
};

extern SwapCache the_swap_cache;
inline SwapCache &swap_cache()
{
    return the_swap_cache;
}

// Takes a page out of the cache and gives up the reference and the use of the slot that were the cache's. The
// page itself stays where it is mapped; with nobody else, its frame is freed.
void forget_cached(uint32_t frame);

} // namespace mm
