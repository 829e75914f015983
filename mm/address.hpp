// Physical and virtual addresses as distinct types: mixing them does not compile.
//
// An address plus a size is an address; the difference of two addresses is a size in bytes.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace mm {

inline constexpr unsigned PageShift = 12;
inline constexpr uint64_t PageSize = uint64_t{1} << PageShift;

template <typename Tag> class Address {
public:
    constexpr Address() = default;
    constexpr explicit Address(uint64_t value) : value_(value) {}

    constexpr uint64_t value() const { return value_; }
    constexpr uint64_t page() const { return value_ >> PageShift; }
    constexpr uint64_t offset_in_page() const { return value_ & (PageSize - 1); }
    constexpr bool is_page_aligned() const { return offset_in_page() == 0; }
    constexpr Address page_down() const { return Address{value_ & ~(PageSize - 1)}; }
    // The caller knows that this does not overflow.
    constexpr Address page_up() const { return Address{(value_ + PageSize - 1) & ~(PageSize - 1)}; }

    constexpr auto operator<=>(const Address &) const = default;
    constexpr Address operator+(uint64_t bytes) const { return Address{value_ + bytes}; }
    constexpr Address operator-(uint64_t bytes) const { return Address{value_ - bytes}; }
    constexpr uint64_t operator-(Address other) const { return value_ - other.value_; }
    constexpr Address &operator+=(uint64_t bytes)
    {
        value_ += bytes;
        return *this;
    }

    static constexpr Address of_page(uint64_t page) { return Address{page << PageShift}; }

private:
    uint64_t value_ = 0;
};

using PhysAddr = Address<struct PhysicalTag>;
using VirtAddr = Address<struct VirtualTag>;

// A half-open range of virtual addresses [begin, end).
struct VirtRange {
    VirtAddr begin;
    VirtAddr end;

    constexpr uint64_t size() const { return end - begin; }
    constexpr uint64_t pages() const { return size() >> PageShift; }
    constexpr bool empty() const { return begin >= end; }
    constexpr bool contains(VirtAddr address) const { return begin <= address && address < end; }
    constexpr bool overlaps(VirtRange other) const { return begin < other.end && other.begin < end; }
};

constexpr uint64_t round_up_to_page(uint64_t bytes)
{
    return (bytes + PageSize - 1) & ~(PageSize - 1);
}
constexpr uint64_t round_down_to_page(uint64_t bytes)
{
    return bytes & ~(PageSize - 1);
}

// The user half of the address space. Linux gives all of the lower 47 bits but the last page, because a
// SYSCALL in that page would make SYSRET return to a non-canonical address (SDM vol. 2B, SYSRET).
inline constexpr VirtAddr UserEnd{0x7ffffffff000};
// Nothing is mapped below: Linux's vm.mmap_min_addr, so that a null pointer with an offset still faults.
inline constexpr VirtAddr UserBegin{0x10000};

} // namespace mm
