// VmArea: one stretch of an address space with the same protection, the same flags and the same object.
#pragma once

#include "lib/intrusive_list.hpp"
#include "mm/address.hpp"
#include "mm/memory_object.hpp"
#include "mm/protection.hpp"

namespace mm {

// Free space kept below an area that grows down, so that a runaway stack meets a hole and not a heap
// (Linux's stack_guard_gap, 256 pages).
inline constexpr uint64_t StackGuardGap = 256 * PageSize;

struct AreaFlags {
    bool shared = false;     // MAP_SHARED: writes are seen by all
    bool grows_down = false; // the stack: faults just below extend it
    bool no_reserve = false; // MAP_NORESERVE
    bool locked = false;     // mlock(2)
    bool may_write = true;   // mprotect(2) may add PROT_WRITE (a file opened read-only and shared may not)

    constexpr bool operator==(const AreaFlags &) const = default;
};

class VmArea {
public:
    VirtRange range;
    Protection protection;
    AreaFlags flags;
    // One reference is owned by the area. Never null: private anonymous areas refer to their space's family object.
    MemoryObject *object = nullptr;
    // The object's page index shown at range.begin. Private anonymous memory: the virtual page number.
    uint64_t offset = 0;

    uint64_t index_of(VirtAddr address) const { return offset + ((address - range.begin) >> PageShift); }
    bool is_private_anonymous() const { return object->is_private_anonymous(); }

    // Whether `next`, which begins where this ends, could be part of this area.
    bool continues_in(const VmArea &next) const
    {
        return range.end == next.range.begin && protection == next.protection && flags == next.flags &&
               object == next.object && offset + range.pages() == next.offset;
    }

    // Where the free space below ends: under a stack the guard gap is kept free too.
    VirtAddr guarded_begin() const
    {
        return flags.grows_down && range.begin > VirtAddr{StackGuardGap} ? range.begin - StackGuardGap
                                                                         : range.begin;
    }

    lib::ListNode object_node; // in the object's list of areas

    // Tree links, for AreaSet only.
    struct {
        VmArea *parent = nullptr, *left = nullptr, *right = nullptr;
        int height = 1;
        uint64_t gap = 0;         // free bytes between the previous area's end and guarded_begin()
        uint64_t largest_gap = 0; // the largest gap in the subtree
    } tree;
};

} // namespace mm
