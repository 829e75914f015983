// SleepingLock: one thread at a time, and the others sleep meanwhile. For what is held while something else
// sleeps, such as a copy from a program's memory, where no spinlock may be held.
//
//     SleepingLock::Hold hold(lock_);               // until the end of the scope
//     if (!hold) return Errno::Interrupted;         // this program is dying
//
// Only the death of the program ends the wait for it early: what others do while they hold it is soon done.
// But it may need memory, and the program that must die for that may be one that waits.
#pragma once

#include "kernel/process/wait_queue.hpp"

namespace kernel {

class SleepingLock {
public:
    constexpr SleepingLock() = default;
    SleepingLock(const SleepingLock &) = delete;
    SleepingLock &operator=(const SleepingLock &) = delete;

    // False: it is not held, because the program is dying.
    bool lock()
    {
        auto expected = State::Free;
        if (state_.compare_exchange_strong(expected, State::Held, std::memory_order_acquire)) [[likely]]
            return true;
        return wait();
    }
    void unlock()
    {
        if (state_.exchange(State::Free, std::memory_order_release) == State::WaitedFor) [[unlikely]]
            queue_.wake_all();
    }

    class [[nodiscard]] Hold {
    public:
        explicit Hold(SleepingLock &lock) : lock_(lock), held_(lock.lock()) {}
        ~Hold() { release(); }
        Hold(const Hold &) = delete;
        Hold &operator=(const Hold &) = delete;

        explicit operator bool() const { return held_; }
        // Before the end of the scope; and once more. acquire() may fail as lock() does.
        void release()
        {
            if (held_) lock_.unlock();
            held_ = false;
        }
        bool acquire() { return held_ = lock_.lock(); }

    private:
        SleepingLock &lock_;
        bool held_;
    };

private:
    enum class State : uint8_t { Free, Held, WaitedFor };

    bool wait();

    std::atomic<State> state_{State::Free};
    WaitQueue queue_;
};

} // namespace kernel
