// PipeRing: the bytes that are in a pipe: a row of pages, each with one stretch of bytes in it.
//
// A page is taken when something is put into it and given back when its last byte has been taken out, but for
// one that is kept for the next: a byte to and fro costs no frame. How writes share pages is what programs
// can see of it, and as on Linux (fs/pipe.c): the odd part of a write joins the last page if it fits there as
// a whole, everything else begins a page of its own. Knows nothing of locks or of who reads.
#pragma once

#include "lib/result.hpp"
#include "mm/address.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace kernel {

class PipeRing {
public:
    static constexpr unsigned DefaultSlots = 16; // 64 KiB

    PipeRing() = default;
    ~PipeRing();
    PipeRing(const PipeRing &) = delete;
    PipeRing &operator=(const PipeRing &) = delete;

    // Room for `slots` pages, a power of two. NoMemory; Busy: more of them are in use.
    lib::Result<void> resize(unsigned slots);
    unsigned slots() const { return mask_ + 1; }
    bool is_empty() const { return used() == 0; }
    bool is_full() const { return used() > mask_; }
    uint64_t bytes() const;

    // Where `bytes` bytes can follow the last one on its page; nullptr when they do not fit. Then extend()
    // makes as many of them as have been put there part of the pipe.
    std::byte *room_in_last_page(size_t bytes)
    {
        if (is_empty()) return nullptr;
        Slot &last = slot(head_ - 1);
        size_t end = size_t{last.begin} + last.length;
        return !last.is_packet && bytes <= mm::PageSize - end ? last.page + end : nullptr;
    }
    void extend(size_t bytes)
    {
        Slot &last = slot(head_ - 1);
        last.length = static_cast<uint16_t>(last.length + bytes);
    }

    // A page that is in no slot yet, the same each time until append() puts it behind the others with `bytes`
    // bytes, not 0, at its beginning. Not when full. A packet is read alone, and what is not read of it at
    // once is lost. NoMemory.
    lib::Result<std::byte *> fresh_page()
    {
        if (spare_) [[likely]]
            return spare_;
        return take_page();
    }
    void append(size_t bytes, bool is_packet)
    {
        slot(head_++) = {
            .page = spare_, .begin = 0, .length = static_cast<uint16_t>(bytes), .is_packet = is_packet};
        spare_ = nullptr;
    }

    // The next bytes to be read, as many as follow each other; not when empty. And: the first `bytes` of
    // them, which are still the next, are gone; true when there is room for a page more.
    struct Stretch {
        std::byte *page;
        uint16_t begin, length;
        bool is_packet;

        const std::byte *bytes() const { return page + begin; }
    };
    Stretch &front() { return slot(tail_); }
    bool consume(Stretch &first, size_t bytes)
    {
        first.begin = static_cast<uint16_t>(first.begin + bytes);
        first.length = static_cast<uint16_t>(first.length - bytes);
        if (first.length != 0) return false;
        tail_++;
        give_back(first.page);
        return true;
    }
    // All that is in it, and the page kept for the next.
    void clear();

private:
    using Slot = Stretch;

    unsigned used() const { return head_ - tail_; }
    Slot &slot(unsigned index) { return slots_[index & mask_]; }
    const Slot &slot(unsigned index) const { return slots_[index & mask_]; }
    lib::Result<std::byte *> take_page();
    void give_back(std::byte *page)
    {
        if (!spare_)
            spare_ = page;
        else
            free_page(page);
    }
    static void free_page(std::byte *page);

    Slot *slots_ = nullptr;
    unsigned mask_ = 0; // their number less one
    unsigned head_ = 0; // the slot behind the last, and the first: both only grow, modulo 2^32
    unsigned tail_ = 0;
    std::byte *spare_ = nullptr;
};

} // namespace kernel
