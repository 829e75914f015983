// rseq: an area in which the kernel keeps the number of the processor, and by which a program says which
// stretches of its code must begin again when they were interrupted (restartable sequences; Linux:
// kernel/rseq.c).
//
// While a process has one thread and no handler runs, nothing of the same program can have happened in
// between: the kernel lets interrupted sequences go on.
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel::syscalls {

namespace {

constexpr uint32_t AreaSize = 32; // struct rseq, aligned to its size
constexpr int Unregister = 1;     // RSEQ_FLAG_UNREGISTER

// The first fields of struct rseq.
struct ProcessorNumbers {
    uint32_t start;
    uint32_t current;
};
constexpr ProcessorNumbers Unregistered{0, UINT32_MAX};

Result<void> unregister(Thread &thread, VirtAddr area, uint32_t size, uint32_t signature)
{
    if (area == VirtAddr{} || thread.restartable_area != area || size != AreaSize) return Errno::Invalid;
    if (thread.restartable_signature != signature) return Errno::NotPermitted;
    TRY_VOID(write_user(area, Unregistered));
    thread.restartable_area = VirtAddr{};
    return {};
}

} // namespace

Result<void> rseq(VirtAddr area, uint32_t size, int flags, uint32_t signature)
{
    Thread &thread = current_thread();
    if (flags == Unregister) return unregister(thread, area, size, signature);
    if (flags != 0) return Errno::Invalid;
    if (thread.restartable_area != VirtAddr{}) {
        if (thread.restartable_area != area || size != AreaSize) return Errno::Invalid;
        return thread.restartable_signature == signature ? Errno::Busy : Errno::NotPermitted;
    }
    if (area.value() % AreaSize != 0 || size != AreaSize) return Errno::Invalid;
    if (!is_user_range(area, size)) return Errno::BadAddress;
    thread.restartable_area = area;
    thread.restartable_signature = signature;
    // The area is filled on the way back to the program; what cannot be written there is a fault of the
    // program's.
    uint32_t processor = this_cpu().index;
    if (!write_user(area, ProcessorNumbers{processor, processor}).ok())
        force_signal({.signal = Signal::Segmentation, .code = signal_code::Kernel});
    return {};
}

} // namespace kernel::syscalls
