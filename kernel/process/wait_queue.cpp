#include "kernel/process/wait_queue.hpp"

#include "kernel/cpu/clock.hpp"
#include "kernel/process/scheduler.hpp"

namespace kernel {

[[gnu::hot]] void WaitQueue::wake_each()
{
    auto sleepers = sleepers_.lock();
    for (lib::ListNode *node = sleepers->next(); node != &*sleepers; node = node->next()) {
        Sleeper &sleeper = lib::element<&QueuedSleeper::node_>(*node).sleeper_;
        sleeper.called_.store(true, std::memory_order_release);
        wake(sleeper.thread_);
    }
}

[[gnu::hot]] QueuedSleeper::QueuedSleeper(WaitQueue &queue, Sleeper &sleeper)
    : queue_(queue), sleeper_(sleeper)
{
    queue_.sleepers_.lock()->insert_before(node_);
    queue_.count_.fetch_add(1, std::memory_order_seq_cst);
}

[[gnu::hot]] QueuedSleeper::~QueuedSleeper()
{
    auto sleepers = queue_.sleepers_.lock();
    node_.unlink();
    queue_.count_.fetch_sub(1, std::memory_order_relaxed);
}

[[gnu::hot]] Sleeper::Sleeper() : thread_(current_thread()) {}

[[gnu::hot]] WaitResult Sleeper::sleep(uint64_t deadline)
{
    if (has_deliverable_signal(thread_)) return WaitResult::Interrupted;
    if (deadline != NoDeadline && clock_nanoseconds() >= deadline) return WaitResult::TimedOut;
    prepare_sleep();
    if (!called_.load(std::memory_order_acquire)) sleep_until_woken(deadline);
    called_.store(false, std::memory_order_release);
    return WaitResult::Ready;
}

WaitResult Sleeper::sleep_until_killed()
{
    if (is_dying(thread_)) return WaitResult::Interrupted;
    prepare_sleep();
    if (!called_.load(std::memory_order_acquire)) sleep_uninterruptibly();
    called_.store(false, std::memory_order_release);
    return WaitResult::Ready;
}

} // namespace kernel
