// FrameBatch: frames on their way out of an address space. A frame may be used again only after every processor has
// forgotten the translations that led to it; so entries are cleared first, then invalidated, and only then freed.
#pragma once

#include "mm/frame_allocator.hpp"

namespace mm {

class FrameBatch {
public:
    // For the space with top-level table `root`, active on the processors in `active`.
    FrameBatch(PhysAddr root, machine::ProcessorSet active) : root_(root), active_(active) {}
    ~FrameBatch() { flush(); }
    FrameBatch(const FrameBatch &) = delete;
    FrameBatch &operator=(const FrameBatch &) = delete;

    // The translation of `page` was changed or removed; the processors must forget it at the next flush.
    void invalidate(VirtAddr page);
    // The same, and drop one reference of `frame` afterwards.
    void release_page(VirtAddr page, PhysAddr frame);
    // A page table that became empty: freed after the invalidation.
    void release_table(PhysAddr table);

    // Invalidates, then frees. Called when full and at the end.
    void flush();

private:
    static constexpr unsigned Capacity = 128;
    PhysAddr root_;
    machine::ProcessorSet active_;
    // … arrays of pages and frames; many single pages or one whole-space invalidation, whichever is cheaper
};

} // namespace mm
