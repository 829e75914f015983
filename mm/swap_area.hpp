// SwapArea: which pages ("slots") of one swap device are in use, and by how many.
//
// A byte a slot: the number of its users (page-table entries, page maps of shared objects, and the swap
// cache), 0 when it is free, and a bit that says that it is bad. The bytes lie in single frames, so an area
// of 16 GiB needs no block of memory, and costs 1.01 bytes a slot. All of it is allocated when the area is
// made: nothing here fails later for want of memory, since it runs just when there is none.
//
// Slots are handed out in runs of neighbours, so that what is written together lies together: one request of
// the disk writes them, and one reads them back.
//
// The caller takes turns (mm/swap.cpp holds the lock).
#pragma once

#include "lib/result.hpp"
#include "mm/machine.hpp"
#include "mm/swap_header.hpp"

#include <cstdint>

namespace mm {

using lib::Errno;
using lib::Result;

class SwapArea {
public:
    static constexpr uint8_t MaxUsers = 127;

    // The slots of an area with this header; all free but slot 0 and the bad ones. NoMemory. The caller owns
    // it: destroy().
    static Result<SwapArea *> create(const SwapHeader &header);
    // No slot may be in use.
    void destroy();

    // Slots that can hold a page (bad ones and the header do not count), and how many are in use.
    uint32_t size() const { return usable_; }
    uint32_t in_use() const { return in_use_; }
    uint32_t free() const { return usable_ - in_use_; }
    // One past the last slot's offset.
    uint32_t end() const { return end_; }

    // A run of free slots, neighbours in ascending order, at most `wanted` of them; each has one user then.
    // count 0: all are in use. Goes on behind where the last run ended (next fit), rather to a place with
    // room for all that is wanted than to the nearest hole; but it looks at no more than Patience slots from
    // that one on before it takes the longest hole among them, so that the cost does not grow with the area.
    static constexpr uint32_t Patience = 1024;
    struct Run {
        uint32_t first = 0;
        uint32_t count = 0;
    };
    Run allocate(uint32_t wanted);

    // One user more. False: MaxUsers have it already, nothing happened.
    bool share(uint32_t offset);
    // One user less; how many are left. 0: the slot is free again, or bad for ever if mark_bad() was called.
    unsigned drop(uint32_t offset);
    unsigned users(uint32_t offset) const;
    // Whether it is bad, or will be when its last user goes.
    bool is_bad(uint32_t offset) const;

    // The disk could not write this slot: with its last user it becomes bad instead of free, at once when it
    // has none. size() counts it no more from then on. Once more changes nothing.
    void mark_bad(uint32_t offset);

    // The first slot at or after `offset` that has users; end() when there is none. For swapoff(2).
    uint32_t next_in_use(uint32_t offset) const;

    // Checks all counts against the slots. Calls machine::fail.
    void audit() const;

private:
    // The slots are kept in stretches, each the bytes in one frame.
    static constexpr uint32_t Stretch = PageSize;
    // A slot's byte. Slot 0, and those of the last stretch that lie beyond the area, are bad.
    static constexpr uint8_t Users = 0x7f, Bad = 0x80, Free = 0;
    static_assert(MaxUsers <= Users);

    SwapArea() = default;
    ~SwapArea() = default;

    uint8_t *stretch(uint32_t index) const
    {
        return static_cast<uint8_t *>(machine::window(PhysAddr::of_page(frames_[index])));
    }
    uint8_t &slot(uint32_t offset) const;
    Result<void> make_stretches();
    void release();
    template <typename Bits> uint32_t first_from(uint32_t offset, uint16_t without, Bits bits_of) const;
    uint32_t next_free(uint32_t offset) const;
    uint32_t free_from(uint32_t offset, uint32_t wanted) const;
    void look(uint32_t from, uint32_t end, uint32_t wanted, uint32_t &patience, Run &longest) const;
    uint32_t empty_stretch() const;
    void take(Run run);
    void change_free(uint32_t offset, int change);

    uint32_t end_ = 0, usable_ = 0, in_use_ = 0;
    uint32_t next_ = 1;          // behind the last run
    uint32_t stretches_ = 0;     // that have a frame; all of them once the area is made
    uint32_t empty_ = 0;         // stretches whose slots are all free
    uint32_t *frames_ = nullptr; // by stretch: the number of its frame
    uint16_t *free_ = nullptr;   // by stretch: how many of its slots are free
};

} // namespace mm
