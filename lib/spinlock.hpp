// A lock that owns its data: what it protects is reachable only while it is held.
//
//     lib::Guarded<Queue> queue;
//     queue.lock()->push(x);                    // one statement
//     auto held = queue.lock(); held->push(x);  // until the end of the scope
//
// Rules: nothing sleeps while holding one, and interrupts are off (kernel code runs with interrupts off
// except where it says otherwise and holds nothing), so that an interrupt handler never waits for what it
// interrupted. Because of the second rule taking a lock does not touch the interrupt flag.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace lib {

class Spinlock {
public:
    constexpr Spinlock() = default;
    Spinlock(const Spinlock &) = delete;
    Spinlock &operator=(const Spinlock &) = delete;

    void lock()
    {
        if (!taken_.exchange(true, std::memory_order_acquire)) [[likely]]
            return;
        wait();
    }
    bool try_lock() { return !taken_.exchange(true, std::memory_order_acquire); }
    void unlock() { taken_.store(false, std::memory_order_release); }
    bool is_taken() const { return taken_.load(std::memory_order_relaxed); }

private:
    // Long after any honest holder is done. A lock taken twice by the same processor ends here: the trap
    // shows both in the backtrace, where spinning on would be a silent hang.
    static constexpr uint64_t Patience = uint64_t{1} << 30;

    [[gnu::noinline]] void wait()
    {
        for (uint64_t tries = 0; tries < Patience; tries++) {
            __builtin_ia32_pause();
            if (!is_taken() && try_lock()) return;
        }
        __builtin_trap();
    }

    std::atomic<bool> taken_{false};
};

template <typename T> class Guarded {
public:
    class Held {
    public:
        explicit Held(Guarded &owner) : owner_(owner) { owner_.lock_.lock(); }
        ~Held() { owner_.lock_.unlock(); }
        Held(const Held &) = delete;
        Held &operator=(const Held &) = delete;

        T *operator->() { return &owner_.value_; }
        T &operator*() { return owner_.value_; }

    private:
        Guarded &owner_;
    };

    template <typename... Arguments>
    constexpr explicit Guarded(Arguments &&...arguments) : value_(std::forward<Arguments>(arguments)...)
    {}

    [[nodiscard]] Held lock() { return Held{*this}; }

    // For a panic, when the holder will never run again: whatever state the data is in.
    T &break_lock() { return value_; }

private:
    Spinlock lock_;
    T value_;
};

} // namespace lib
