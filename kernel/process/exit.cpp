// The end of a process: its memory and files go back while its last thread still stands on its kernel stack;
// the stack and the thread are freed by whoever runs next, the process by its parent, who wants to know how
// it ended.
#include "kernel/process/process.hpp"
#include "kernel/process/scheduler.hpp"
#include "mm/address_space.hpp"

namespace kernel {

constinit WaitQueue process_ended;

void end_current_process(ExitStatus status)
{
    Process &process = current_process();
    process.final_times_ = cpu_times(process);
#if VITRINE_CHECKED
    process.space().audit();
#endif
    use_address_space(nullptr);
    process.release_resources();
    process.exit_status_ = status;
    process.ended_ = true;
    process.main_thread_ = nullptr;
    current_thread().process = nullptr;
    process_ended.wake_all();
    leave_dead_thread();
}

} // namespace kernel
