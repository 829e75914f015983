// Wait queues without a scheduler: a "sleep" runs what the test says happens meanwhile. What counts is that
// no wake-up is lost, whatever the sleeper does between two looks at its condition.
#include "kernel/process/scheduler.hpp"
#include "kernel/process/sleeping_lock.hpp"

#include <gtest/gtest.h>

#include <asm/prctl.h>
#include <deque>
#include <functional>
#include <stdexcept>
#include <sys/syscall.h>
#include <unistd.h>

namespace kernel {

namespace {

Thread sleeper;
CpuArea area{.self = &area,
             .user_rsp = 0,
             .kernel_stack_top = 0,
             .work_pending = 0,
             .index = 0,
             .current_thread = &sleeper};
bool signal_waits = false;
bool was_killed = false;
uint64_t now = 0;
unsigned sleeps = 0;
// What others do while the thread sleeps, one sleep after the other. A sleep in which nobody calls it would
// never end.
std::deque<std::function<void()>> meanwhile;

} // namespace

// What wait_queue.cpp needs from the kernel.
void wake(Thread &thread)
{
    thread.woken = true;
}
void prepare_sleep()
{
    current_thread().woken = false;
}
void sleep_until_woken(uint64_t deadline)
{
    if (sleeper.woken) return;
    sleeps++;
    if (!meanwhile.empty()) {
        std::function<void()> others = meanwhile.front();
        meanwhile.pop_front();
        others();
    }
    if (!sleeper.woken && deadline != NoDeadline) {
        now = deadline;
        sleeper.woken = true;
    }
    if (!sleeper.woken) throw std::runtime_error("it sleeps for ever");
}
void Thread::end_sleep(Timer &) {} // the deadline is sleep_until_woken()'s, above
bool has_deliverable_signal(const Thread &)
{
    return signal_waits;
}
bool is_dying(const Thread &)
{
    return was_killed;
}
void sleep_uninterruptibly()
{
    sleep_until_woken(NoDeadline);
}
uint64_t clock_nanoseconds()
{
    return now;
}

namespace {

class WaitQueueTest : public testing::Test {
protected:
    void SetUp() override
    {
        // The kernel finds its processor's area through GS, which programs of Linux do not use.
        ASSERT_EQ(syscall(SYS_arch_prctl, ARCH_SET_GS, &area), 0);
        signal_waits = false;
        was_killed = false;
        now = 0;
        sleeps = 0;
        meanwhile.clear();
    }

    // A sleep for another reason, as a page fault takes it: announced, and ended by somebody.
    void sleep_for_a_page()
    {
        prepare_sleep();
        sleep_until_woken(NoDeadline);
    }

    WaitQueue queue;
    bool ready = false;
};

TEST_F(WaitQueueTest, WhatIsTrueAlreadyNeedsNoSleep)
{
    EXPECT_EQ(wait_until(queue, [] { return true; }), WaitResult::Ready);
    EXPECT_EQ(sleeps, 0u);
}

TEST_F(WaitQueueTest, WakeUpsAreHints)
{
    meanwhile = {[&] { queue.wake_all(); },
                 [&] {
                     ready = true;
                     queue.wake_all();
                 }};
    EXPECT_EQ(wait_until(queue, [&] { return ready; }), WaitResult::Ready);
    EXPECT_EQ(sleeps, 2u);
}

TEST_F(WaitQueueTest, DeadlineAndSignalEndTheWait)
{
    EXPECT_EQ(wait_until(
                  queue, [&] { return ready; }, 500),
              WaitResult::TimedOut);
    EXPECT_EQ(now, 500u);
    meanwhile = {[&] {
        signal_waits = true;
        wake(sleeper);
    }};
    EXPECT_EQ(wait_until(queue, [&] { return ready; }), WaitResult::Interrupted);
}

// The condition itself may sleep: it touches memory that is on disk. Whoever makes it true during that sleep
// has woken the queue when nobody slept for it.
TEST_F(WaitQueueTest, AWakeUpDuringAnotherSleepIsNotLost)
{
    bool looked_late = false;
    unsigned looks = 0;
    meanwhile = {[&] {
        ready = true;
        queue.wake_all();
        wake(sleeper); // the page is there
    }};
    auto condition = [&] {
        bool found = ready;
        if (++looks == 2) sleep_for_a_page(); // it is in the queue now
        if (looks > 2) looked_late = true;
        return found;
    };
    EXPECT_EQ(wait_until(queue, condition), WaitResult::Ready);
    EXPECT_TRUE(looked_late);
    EXPECT_EQ(sleeps, 1u);
}

// The same when the inner wait announces its sleep and finds that it need not sleep.
TEST_F(WaitQueueTest, AnAnnouncementOfAnotherSleepLosesNothing)
{
    unsigned looks = 0;
    auto condition = [&] {
        bool found = ready;
        if (++looks == 2) {
            ready = true;
            queue.wake_all();
            prepare_sleep();
        }
        return found;
    };
    EXPECT_EQ(wait_until(queue, condition), WaitResult::Ready);
    EXPECT_EQ(sleeps, 0u);
}

TEST_F(WaitQueueTest, AThreadMayWaitInTwoQueues)
{
    WaitQueue inner;
    bool inner_ready = false;
    unsigned looks = 0;
    meanwhile = {[&] {
                     ready = true;
                     queue.wake_all();
                 },
                 [&] {
                     inner_ready = true;
                     inner.wake_all();
                 }};
    auto condition = [&] {
        bool found = ready;
        if (++looks == 2) {
            EXPECT_EQ(wait_until(inner, [&] { return inner_ready; }), WaitResult::Ready);
        }
        return found;
    };
    EXPECT_EQ(wait_until(queue, condition), WaitResult::Ready);
    EXPECT_EQ(sleeps, 2u);
    queue.wake_all(); // nobody is left in either
    inner.wake_all();
}

TEST_F(WaitQueueTest, OneSleepOfSeveralQueuesEndsWithAny)
{
    WaitQueue other;
    Sleeper both;
    QueuedSleeper first(queue, both);
    QueuedSleeper second(other, both);
    meanwhile = {[&] { other.wake_all(); }, [&] { queue.wake_all(); }};
    EXPECT_EQ(both.sleep(NoDeadline), WaitResult::Ready);
    EXPECT_EQ(both.sleep(NoDeadline), WaitResult::Ready);
    EXPECT_EQ(sleeps, 2u);
    // Woken while nobody slept: the next sleep does not begin.
    other.wake_all();
    EXPECT_EQ(both.sleep(NoDeadline), WaitResult::Ready);
    EXPECT_EQ(sleeps, 2u);
    EXPECT_EQ(both.sleep(500), WaitResult::Ready);
    EXPECT_EQ(both.sleep(500), WaitResult::TimedOut);
}

TEST_F(WaitQueueTest, OnlyDeathEndsAWaitUntilKilled)
{
    signal_waits = true;
    meanwhile = {[&] { wake(sleeper); }, // by a signal that does not end it
                 [&] {
                     ready = true;
                     queue.wake_all();
                 }};
    EXPECT_EQ(wait_until_killed(queue, [&] { return ready; }), WaitResult::Ready);
    ready = false;
    meanwhile = {[&] {
        was_killed = true;
        wake(sleeper);
    }};
    EXPECT_EQ(wait_until_killed(queue, [&] { return ready; }), WaitResult::Interrupted);
    queue.wake_all(); // it has left
}

// Whoever holds the lock may sleep; who wants it meanwhile gets it afterwards, or gives up when killed.
TEST_F(WaitQueueTest, ASleepingLockIsHandedOn)
{
    SleepingLock lock;
    ASSERT_TRUE(lock.lock());
    meanwhile = {[&] { lock.unlock(); }};
    EXPECT_TRUE(lock.lock());
    meanwhile = {[&] {
        was_killed = true;
        wake(sleeper);
    }};
    EXPECT_FALSE(lock.lock());
    was_killed = false;
    lock.unlock();
    EXPECT_TRUE(lock.lock());
    lock.unlock();
    EXPECT_EQ(sleeps, 2u);
}

} // namespace
} // namespace kernel
