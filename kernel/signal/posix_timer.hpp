// Timers made with timer_create(2).
#pragma once

#include "kernel/signal/interval.hpp"
#include "kernel/signal/pending_signals.hpp"
#include "kernel/time/timer.hpp"

namespace kernel {

class Process;

class PosixTimer {
public:
    enum class Clock : uint8_t { Monotonic, Wall, Processor };
    enum class Notify : uint8_t { Process, Thread, Nobody };

    struct Plan {
        Clock clock = Clock::Monotonic;
        Notify notify = Notify::Process;
        Signal signal = Signal::Alarm;
        uint64_t value = 0; // si_value; without one, the timer's number
        bool value_is_number = false;
    };

    // A timer of the process's that is off, with the next number. NoMemory. TryAgain: RLIMIT_SIGPENDING,
    // because each has room for its signal.
    static lib::Result<PosixTimer *> create(Process &process, const Plan &plan);
    // Null: the process has no timer with this number.
    static PosixTimer *find(const Process &process, int32_t id);
    // A signal of its that is pending is gone, too.
    void destroy();

    int32_t id() const { return number; }
    // In nanoseconds: `first` from now, or on the clock if `absolute`; 0: off. When it is past, at once.
    void set(uint64_t first, uint64_t period, bool absolute);
    // What is left until it goes off (0: it is off), and its period.
    uint64_t left();
    uint64_t period() const { return interval_.period; }
    // How often it went off before the last signal of its was delivered, beyond the once.
    uint32_t overrun() const { return told_overrun_; }
    bool is_on_processor_time() const { return clock_ == Clock::Processor; }
    // On processor time: whether it has gone off is looked at here, at each tick.
    void check();
    // The program may no longer ignore the signal: if the timer has gone off for nobody, it keeps step from
    // now on.
    void heed();

    // The process's timers: in the order in which they were made, and by number.
    lib::ListNode node;
    lib::TreeLinks<PosixTimer> links;
    const int32_t number;

    PosixTimer(Process &process, const Plan &plan, int32_t id); // for create()

private:
    static void on_due(Timer &timer);
    static void on_taken(QueuedSignal &queued);
    static void on_dropped(QueuedSignal &queued);
    uint64_t now() const;
    void start();
    void go_off();
    void wait_for_heed();

    Process &process_;
    Clock clock_;
    Notify notify_;
    Interval interval_;
    Timer timer_;
    QueuedSignal queued_;
    uint32_t overrun_ = 0; // since the signal that waits was sent
    uint32_t told_overrun_ = 0;
    bool waits_for_delivery_ = false; // is set anew when the signal is delivered
    bool waits_for_heed_ = false;     // has gone off, and the signal was ignored
};

} // namespace kernel
