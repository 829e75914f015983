// One entry of an x86-64 page table: bits and nothing else (SDM vol. 3A, 4.5, tables 4-15 to 4-20).
#pragma once

#include "mm/address.hpp"
#include "mm/protection.hpp"
#include "mm/swap_slot.hpp"

namespace mm {

class PageTableEntry {
public:
    static constexpr uint64_t Present = 1 << 0;
    static constexpr uint64_t Writable = 1 << 1;
    static constexpr uint64_t User = 1 << 2;
    static constexpr uint64_t Accessed = 1 << 5;
    static constexpr uint64_t Dirty = 1 << 6;
    static constexpr uint64_t Large = 1 << 7;
    static constexpr uint64_t Global = 1 << 8;
    static constexpr uint64_t NoExecute = uint64_t{1} << 63;
    // Bits 9 to 11 and 52 to 58 are ours.
    // The frame is there but PROT_NONE forbids every access: Present is clear, the rest is kept. So are pages
    // that are hidden, to see when they are used (mm/record.cpp).
    static constexpr uint64_t NoAccess = 1 << 9;
    // The shared zero page: a frame without owner, never counted as resident.
    static constexpr uint64_t ZeroPage = 1 << 10;
    // The page is on a swap device: Present is clear, the slot stands where the frame's address would.
    static constexpr uint64_t Swapped = 1 << 11;
    static constexpr uint64_t AddressMask = 0x000f'ffff'ffff'f000;

    constexpr PageTableEntry() = default;
    constexpr explicit PageTableEntry(uint64_t raw) : raw_(raw) {}

    // A leaf for a user page with what `protection` allows; writing also needs `writable` (copy-on-write says
    // no).
    static constexpr PageTableEntry leaf(PhysAddr frame, Protection protection, bool writable);
    // What is left of a page that went to disk. What is allowed there is the area's affair.
    static constexpr PageTableEntry swap(SwapSlot slot)
    {
        return PageTableEntry{uint64_t{slot.raw()} << PageShift | Swapped};
    }
    // An entry that leads to the next level: permissive, the leaf decides.
    static constexpr PageTableEntry table(PhysAddr frame)
    {
        return PageTableEntry{frame.value() | Present | Writable | User};
    }

    constexpr uint64_t raw() const { return raw_; }
    constexpr bool empty() const { return raw_ == 0; }
    constexpr bool present() const { return raw_ & Present; }
    constexpr bool writable() const { return raw_ & Writable; }
    constexpr bool executable() const { return !(raw_ & NoExecute); }
    constexpr bool accessed() const { return raw_ & Accessed; }
    constexpr bool dirty() const { return raw_ & Dirty; }
    constexpr bool is_zero_page() const { return raw_ & ZeroPage; }
    constexpr bool is_swap() const { return raw_ & Swapped; }
    constexpr SwapSlot slot() const { return SwapSlot::from_raw(static_cast<uint32_t>(raw_ >> PageShift)); }
    // A frame belongs to this entry, whether or not the processor may use it now.
    constexpr bool has_frame() const { return raw_ & (Present | NoAccess); }
    constexpr PhysAddr address() const { return PhysAddr{raw_ & AddressMask}; }

    constexpr PageTableEntry with(uint64_t bits) const { return PageTableEntry{raw_ | bits}; }
    constexpr PageTableEntry without(uint64_t bits) const { return PageTableEntry{raw_ & ~bits}; }
    constexpr PageTableEntry hidden() const { return without(Present).with(NoAccess); }
    constexpr PageTableEntry shown() const { return without(NoAccess).with(Present); }
    constexpr bool operator==(const PageTableEntry &) const = default;

private:
    uint64_t raw_ = 0;
};

static_assert(sizeof(PageTableEntry) == 8);

constexpr PageTableEntry PageTableEntry::leaf(PhysAddr frame, Protection protection, bool writable)
{
    uint64_t raw = frame.value() | User;
    raw |= protection.none() ? NoAccess : Present;
    if (protection.write && writable) raw |= Writable;
    if (!protection.execute) raw |= NoExecute;
    return PageTableEntry{raw};
}

} // namespace mm
