// SleepingLock: a lock that may be held while its holder sleeps, as when a program's memory is copied. Who
// waits for it sleeps too, and is not interrupted by signals: the holder will be done.
#pragma once

#include "kernel/process/wait_queue.hpp"

#include <atomic>

namespace kernel {

class SleepingLock {
public:
    class Turn {
    public:
        explicit Turn(SleepingLock &lock) : lock_(lock) { lock_.lock(); }
        ~Turn() { lock_.unlock(); }
        Turn(const Turn &) = delete;
        Turn &operator=(const Turn &) = delete;

    private:
        SleepingLock &lock_;
    };

    void lock()
    {
        if (taken_.exchange(true, std::memory_order_acquire)) [[unlikely]]
            wait();
    }
    void unlock()
    {
        taken_.store(false, std::memory_order_release);
        if (waiting_.load(std::memory_order_relaxed) != 0) [[unlikely]]
            released_.wake_all();
    }

private:
    void wait();

    std::atomic<bool> taken_{false};
    std::atomic<uint32_t> waiting_{0};
    WaitQueue released_;
};

} // namespace kernel
