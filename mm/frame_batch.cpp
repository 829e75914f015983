// The one place where the order "invalidate, then free" is kept.
#include "mm/frame_batch.hpp"

#include "mm/page_frame.hpp"

namespace mm {

void FrameBatch::flush()
{
    if (pages_ > InvalidateSingly)
        machine::invalidate_all(root_, active_);
    else
        for (unsigned i = 0; i < pages_; i++) machine::invalidate_page(root_, active_, VirtAddr{page_[i]});
    pages_ = 0;

    FrameAllocator &allocator = frames();
    unsigned unused = 0;
    for (unsigned i = 0; i < frames_; i++) {
        uint32_t number = frame_[i];
        if (give_up_page(PhysAddr::of_page(number))) frame_[unused++] = number;
    }
    allocator.free_each(frame_, unused);
    frames_ = 0;
    for (unsigned i = 0; i < tables_; i++) allocator.free_zeroed(PhysAddr::of_page(table_[i]));
    tables_ = 0;
}

} // namespace mm
