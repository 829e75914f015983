#include "kernel/file/pipe_ring.hpp"

#include "mm/kernel_heap.hpp"

namespace kernel {

using lib::Errno;

PipeRing::~PipeRing()
{
    clear();
    mm::heap_free(slots_);
}

lib::Result<void> PipeRing::resize(unsigned slots)
{
    if (used() > slots) return Errno::Busy;
    auto *bigger = static_cast<Slot *>(mm::heap_allocate(slots * sizeof(Slot)));
    if (!bigger) return Errno::NoMemory;
    unsigned count = used();
    for (unsigned i = 0; i < count; i++) bigger[i] = slot(tail_ + i);
    mm::heap_free(slots_);
    slots_ = bigger;
    mask_ = slots - 1;
    tail_ = 0;
    head_ = count;
    return {};
}

uint64_t PipeRing::bytes() const
{
    uint64_t sum = 0;
    for (unsigned i = tail_; i != head_; i++) sum += slot(i).length;
    return sum;
}

void PipeRing::clear()
{
    while (!is_empty()) free_page(slot(tail_++).page);
    if (spare_) free_page(spare_);
    spare_ = nullptr;
}

lib::Result<std::byte *> PipeRing::take_page()
{
    mm::PhysAddr frame = TRY(mm::frames().allocate(mm::FrameKind::Pipe));
    return spare_ = static_cast<std::byte *>(mm::machine::window(frame));
}

void PipeRing::free_page(std::byte *page)
{
    mm::frames().free(mm::machine::physical_address(page));
}

} // namespace kernel
