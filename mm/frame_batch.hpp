// FrameBatch: frames on their way out of an address space. A frame may be used again only after every
// processor has forgotten the translations that led to it; so entries are cleared first, then invalidated,
// and only then freed.
#pragma once

#include "mm/frame_allocator.hpp"

namespace mm {

class FrameBatch {
public:
    // For the space with top-level table `root`, active on the processors in `active`.
    FrameBatch(PhysAddr root, machine::ProcessorSet active) : root_(root), active_(active) {}
    // (noexcept(false): the simulated machine's fail() throws.)
    ~FrameBatch() noexcept(false)
    {
        if ((pages_ | frames_ | tables_) != 0) flush();
    }
    FrameBatch(const FrameBatch &) = delete;
    FrameBatch &operator=(const FrameBatch &) = delete;

    // The next frames come from another space.
    void turn_to(PhysAddr root, machine::ProcessorSet active)
    {
        if (root == root_) return;
        flush();
        root_ = root;
        active_ = active;
    }

    // The translation of `page` was changed or removed; the processors must forget it at the next flush.
    //
    // This and the next two flush *before* they add, when there is no room: so the caller may clear the entry
    // just after the call, as the visitors of PageTable::visit do.
    void invalidate(VirtAddr page)
    {
        if (active_ == 0) return; // nobody can have cached anything
        if (pages_ == Capacity) [[unlikely]]
            flush();
        page_[pages_++] = page.value();
    }
    // The same, and drop one reference of `frame` afterwards.
    void release_page(VirtAddr page, PhysAddr frame)
    {
        if (frames_ == Capacity) [[unlikely]]
            flush();
        invalidate(page);
        frame_[frames_++] = static_cast<uint32_t>(frame.page());
    }
    // A page table that became empty, one of those that led to `page`: freed after the invalidation.
    void release_table(VirtAddr page, PhysAddr table)
    {
        if (tables_ == Capacity) [[unlikely]]
            flush();
        // Processors cache the upper entries too, but INVLPG of any page makes them forget all of those (SDM
        // vol. 3A, 4.10.4.1).
        if (pages_ == 0) invalidate(page);
        table_[tables_++] = static_cast<uint32_t>(table.page());
    }

    // Invalidates, then frees. Called when full and at the end.
    void flush();

private:
    static constexpr unsigned Capacity = 128;
    // With more pages than this, forgetting all is cheaper: under QEMU's TCG one INVLPG takes 0.17 µs and
    // reloading CR3 2 to 10 µs, as the translations it forgets have to be found again. Linux has the same
    // number (tlb_single_page_flush_ceiling).
    static constexpr unsigned InvalidateSingly = 33;

    PhysAddr root_;
    machine::ProcessorSet active_;
    unsigned pages_ = 0, frames_ = 0, tables_ = 0;
    // Numbers, not addresses: those would be set to zero whenever a batch begins.
    uint64_t page_[Capacity];
    uint32_t frame_[Capacity];
    uint32_t table_[Capacity];
};

} // namespace mm
