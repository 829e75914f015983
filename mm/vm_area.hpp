// VmArea: one stretch of an address space with the same protection, the same flags and the same object.
#pragma once

#include "lib/intrusive_list.hpp"
#include "mm/address.hpp"
#include "mm/fault_around.hpp"
#include "mm/memory_object.hpp"
#include "mm/protection.hpp"
#include "mm/read_ahead.hpp"

namespace mm {

class AddressSpace;

// Free space kept below an area that grows down, so that a runaway stack meets a hole and not a heap
// (Linux's stack_guard_gap, 256 pages).
inline constexpr uint64_t StackGuardGap = 256 * PageSize;

// What neighbours must have in common to be one area.
struct AreaFlags {                  // (not bool: so two of them are compared at once)
    uint16_t shared : 1 = 0;        // MAP_SHARED: writes are seen by all
    uint16_t grows_down : 1 = 0;    // the stack: faults just below extend it
    uint16_t no_reserve : 1 = 0;    // MAP_NORESERVE
    uint16_t locked : 1 = 0;        // mlock(2)
    uint16_t lock_on_fault : 1 = 0; // MLOCK_ONFAULT: locked, but pages come only when touched
    uint16_t may_write : 1 = 1; // mprotect(2) may add PROT_WRITE (a file opened read-only and shared may not)
    uint16_t dont_fork : 1 = 0; // MADV_DONTFORK: not in a child
    uint16_t wipe_on_fork : 1 = 0; // MADV_WIPEONFORK: empty in a child
    uint16_t accounted : 1 = 0;    // was private and writable once: held against all RAM then (VM_ACCOUNT)

    constexpr bool operator==(const AreaFlags &) const = default;
};

// What is mapped where: an area without its place in trees and lists.
struct Mapping {
    VirtRange range{};
    Protection protection{};
    AreaFlags flags{};
    // Never null: private anonymous memory refers to its space's family object.
    MemoryObject *object = nullptr;
    // Shared anonymous memory and files: the object's page shown at range.begin. Private anonymous memory:
    // the virtual page number it began its life at, kept by mremap(2) once a page was written, so that only
    // what belongs together merges (Linux's vm_pgoff).
    uint64_t offset = 0;
    // Where its private pages come from: 0 while there are none, equal numbers were once one area or
    // neighbours. Areas of different lineage stay apart (Linux's anon_vma; mm/merge.cpp).
    uint64_t lineage = 0;

    bool is_private_anonymous() const { return object->is_private_anonymous(); }
    // The object's page at `address`. Not for private pages: their index is their virtual page number.
    uint64_t index_of(VirtAddr address) const { return offset + ((address - range.begin) >> PageShift); }
    // The part of this mapping that lies in `part`.
    Mapping slice(VirtRange part) const
    {
        Mapping result = *this;
        result.range = part;
        result.offset = index_of(part.begin);
        return result;
    }
};

class VmArea : public Mapping {
public:
    VmArea(const Mapping &mapping, AddressSpace &space) : Mapping(mapping), space(&space) {}

    // Where the free space below ends: under a stack the guard gap is kept free too.
    VirtAddr guarded_begin() const
    {
        if (!flags.grows_down) return range.begin;
        return range.begin > VirtAddr{StackGuardGap} ? range.begin - StackGuardGap : VirtAddr{};
    }

    lib::ListNode object_node; // in the object's list of areas
    AddressSpace *space;       // whose area it is
    ReadAhead read_ahead;      // of its pages on disk
    FaultAround fault_around;  // of its object's pages in memory

    // Tree links, for AreaSet only.
    struct {
        VmArea *parent = nullptr, *left = nullptr, *right = nullptr;
        int height = 1;
        uint64_t gap = 0;         // free bytes between the previous area's end and guarded_begin()
        uint64_t largest_gap = 0; // the largest gap in the subtree
    } tree;
};

} // namespace mm
