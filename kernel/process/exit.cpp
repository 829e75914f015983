// The end of a process: its memory and files go back while its last thread still stands on its kernel stack;
// the stack and the thread are freed by whoever runs next, the process by its parent, who wants to know how
// it ended.
#include "kernel/log.hpp"
#include "kernel/process/out_of_memory.hpp"
#include "kernel/process/process.hpp"
#include "kernel/process/scheduler.hpp"
#include "mm/address_space.hpp"
#include "mm/page_frame.hpp"
#include "mm/swap.hpp"

namespace kernel {

constinit WaitQueue process_ended;

namespace {

void log_end(const Process &process, ExitStatus status)
{
    CpuTimes times = cpu_times(process);
    mm::MemoryCounts counts = process.space().counts();
    log_info("{}[{}] {} {}: {} us in user mode, {} us in the kernel, {} page faults, {} KiB at most",
             process.name(), process.pid(),
             status.how == ExitHow::Exited ? "exited with status" : "was killed by signal", status.value,
             times.user / 1000, times.system / 1000, counts.minor_faults + counts.major_faults,
             counts.resident_peak << (mm::PageShift - 10));
}

} // namespace

void end_current_process(ExitStatus status)
{
    Process &process = current_process();
    process.ending_ = true;
    process.final_times_ = cpu_times(process);
    log_end(process, status);
#if VITRINE_CHECKED
    process.space().audit();
    mm::page_ring().audit();
    mm::audit_swap();
#endif
    use_address_space(nullptr);
    process.pending.clear();
    current_thread().pending.clear();
    process.release_resources();
    process.exit_status_ = status;
    process.ended_ = true;
    process.main_thread_ = nullptr;
    current_thread().process = nullptr;
    process_ended.wake_all();
    memory_was_returned();
    leave_dead_thread();
}

} // namespace kernel
