// What a space has, and what it may have: the counts by kind, and the limits they are held against.
#include "mm/address_space.hpp"
#include "mm/swap.hpp"
#include "mm/swap_cache.hpp"

#include <algorithm>

namespace mm {

namespace {

// Linux's is_data_mapping() and is_exec_mapping(): what VmData, RLIMIT_DATA and VmExe mean.
bool is_data(Protection protection, AreaFlags flags)
{
    return protection.write && !flags.shared && !flags.grows_down;
}

bool is_executable(Protection protection, AreaFlags flags)
{
    return protection.execute && !protection.write && !flags.grows_down;
}

// Comparing in bytes could overflow.
bool exceeds(uint64_t pages, uint64_t limit_in_bytes)
{
    return pages > limit_in_bytes >> PageShift;
}

} // namespace

uint64_t usable_ram_pages()
{
    return frames().total() - frames().count(FrameKind::Reserved);
}

// A frame that no other entry leads to and that nobody could fault in again: writing to it needs no copy.
// Here: one that has a reference more because it is in the swap cache, where only the cache uses its slot.
bool AddressSpace::is_exclusive_but_cached(PhysAddr frame) const
{
    const Frame &own = descriptor(frame);
    if (own.flags & Frame::OfPool) return true; // of a flat space: the other user is a device
    if (own.references.load(std::memory_order_acquire) != 2 || !(own.flags & Frame::SwapCached)) return false;
    return slot_users(swap_cache().slot_of(static_cast<uint32_t>(frame.page()))) == 1;
}

// RLIMIT_AS and RLIMIT_DATA (getrlimit(2)).
bool AddressSpace::may_grow(Protection protection, AreaFlags flags, uint64_t pages) const
{
    if (exceeds(counts_.mapped + pages, limits.address_space)) return false;
    if (!is_data(protection, flags) || !exceeds(counts_.data + pages, limits.data)) return true;
    // Linux lets the hard limit stand in for a soft limit of zero, because Valgrind sets that to watch
    // brk(2).
    return limits.data == 0 && !exceeds(counts_.data + pages, limits.data_maximum);
}

// Counts `pages` more in each kind that they belong to; so many less, when that is a number below zero modulo
// 2^64.
void AddressSpace::count_kinds(Protection protection, AreaFlags flags, uint64_t pages)
{
    if (is_data(protection, flags)) counts_.data += pages;
    if (is_executable(protection, flags)) counts_.executable += pages;
    if (flags.grows_down) counts_.stack += pages;
    if (flags.locked) counts_.locked += pages;
}

void AddressSpace::account(Protection protection, AreaFlags flags, uint64_t pages)
{
    counts_.mapped += pages;
    counts_.mapped_peak = std::max(counts_.mapped_peak, counts_.mapped);
    count_kinds(protection, flags, pages);
}

void AddressSpace::unaccount(Protection protection, AreaFlags flags, uint64_t pages)
{
    counts_.mapped -= pages;
    count_kinds(protection, flags, -pages);
}

// Before resident counts go down: what they were may have been the most ever.
void AddressSpace::note_resident_peak()
{
    counts_.resident_peak = std::max(counts_.resident_peak, counts_.resident());
}

MemoryCounts AddressSpace::counts() const
{
    MemoryCounts counts = counts_;
    counts.resident_peak = std::max(counts.resident_peak, counts.resident());
    return counts;
}

} // namespace mm
