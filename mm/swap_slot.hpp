// SwapSlot: the place of one page in a swap area. A value of 31 bits: which area, and which page of it.
//
// It is what a page-table entry, or a shared object's page map, holds in place of a frame.
#pragma once

#include <compare>
#include <cstdint>

namespace mm {

class SwapSlot {
public:
    static constexpr unsigned OffsetBits = 28; // 2^28 pages: an area has at most 1 TiB
    static constexpr unsigned MaxAreas = 7;    // 31 bits that are never all ones (mm/page_map.hpp)

    constexpr SwapSlot() = default;
    constexpr SwapSlot(unsigned area, uint32_t offset) : raw_(area << OffsetBits | offset) {}
    static constexpr SwapSlot from_raw(uint32_t raw)
    {
        SwapSlot slot;
        slot.raw_ = raw;
        return slot;
    }

    constexpr uint32_t raw() const { return raw_; }
    constexpr unsigned area() const { return raw_ >> OffsetBits; }
    constexpr uint32_t offset() const { return raw_ & ((uint32_t{1} << OffsetBits) - 1); } // in pages
    // The slot `pages` further on in the same area.
    constexpr SwapSlot operator+(uint32_t pages) const { return from_raw(raw_ + pages); }
    constexpr auto operator<=>(const SwapSlot &) const = default;

private:
    uint32_t raw_ = 0; // offset 0 is the area's header: no page is ever there, so 0 means "none"
};

} // namespace mm
