// The kernel's side of mm/waiting.hpp: threads that sleep until a page has come from disk or memory is free.
// Such a sleep ends only for what it waits for, or when the thread is about to die: in /proc/PID/stat it is
// D, "uninterruptible".
#include "kernel/process/process.hpp"
#include "kernel/process/scheduler.hpp"
#include "mm/waiting.hpp"

namespace mm::waiting {

namespace {

kernel::Thread &thread_of(Thread thread)
{
    return *static_cast<kernel::Thread *>(thread);
}

} // namespace

Thread current()
{
    return &kernel::current_thread();
}

void prepare()
{
    kernel::prepare_sleep();
}

void sleep()
{
    kernel::sleep_uninterruptibly();
}

void wake(Thread thread)
{
    kernel::wake(thread_of(thread));
}

bool pause()
{
    return kernel::continue_long_work() || !kernel::is_dying(kernel::current_thread());
}

int priority(Thread thread)
{
    return thread_of(thread).nice;
}

bool is_dying(Thread thread)
{
    return kernel::is_dying(thread_of(thread));
}

uint32_t id(Thread thread)
{
    const kernel::Process *process = thread_of(thread).process;
    return process == nullptr ? 0 : static_cast<uint32_t>(process->pid());
}

} // namespace mm::waiting
