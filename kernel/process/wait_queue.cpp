#include "kernel/process/wait_queue.hpp"

#include "kernel/cpu/clock.hpp"
#include "kernel/process/scheduler.hpp"

namespace kernel {

void WaitQueue::wake_all()
{
    auto sleepers = sleepers_.lock();
    for (lib::ListNode *node = sleepers->next(); node != &*sleepers; node = node->next())
        wake(lib::element<&Thread::queue_node>(*node));
}

QueuedSleeper::QueuedSleeper(WaitQueue &queue) : queue_(queue), thread_(current_thread())
{
    queue_.sleepers_.lock()->insert_before(thread_.queue_node);
    prepare_sleep();
}

QueuedSleeper::~QueuedSleeper()
{
    auto sleepers = queue_.sleepers_.lock();
    thread_.queue_node.unlink();
}

WaitResult QueuedSleeper::sleep(uint64_t deadline)
{
    if (has_deliverable_signal(thread_)) return WaitResult::Interrupted;
    if (deadline != NoDeadline && clock_nanoseconds() >= deadline) return WaitResult::TimedOut;
    sleep_until_woken(deadline);
    return WaitResult::Ready;
}

} // namespace kernel
