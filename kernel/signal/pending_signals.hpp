// The signals that wait to be delivered to a thread, or to whichever thread of a process takes them first.
//
// Of the ordinary ones the first of a number counts; of real-time signals each has a record of its own
// (signal(7)). How many records there may be, all processes together, is limited (RLIMIT_SIGPENDING): beyond
// it an ordinary signal still arrives, but nobody knows any more who sent it, and sigqueue(3) of a real-time
// signal is refused.
#pragma once

#include "kernel/signal/signal_info.hpp"
#include "lib/intrusive_list.hpp"
#include "lib/result.hpp"

namespace kernel {

// One that waits. The queue's own, from the heap; or part of something that sends the same signal again and
// again: then `taken` is called when the program is about to receive it, and `dropped` when it will not,
// because it ignores the signal by now, or goes on where it was to stop.
struct QueuedSignal {
    using Callback = void (*)(QueuedSignal &);

    SignalInfo info;
    Callback taken = nullptr; // null: the queue's own
    Callback dropped = nullptr;
    lib::ListNode node;

    bool is_queued() const { return node.is_linked(); }
};

class PendingSignals {
public:
    constexpr PendingSignals() = default; // whoever owns it calls clear() before it goes
    PendingSignals(const PendingSignals &) = delete;
    PendingSignals &operator=(const PendingSignals &) = delete;

    SignalSet set() const { return set_; }
    uint64_t raw() const { return set_.raw(); }

    // TryAgain: there are `limit` records already, or no memory for one, and this signal cannot do without.
    lib::Result<void> add(const SignalInfo &info, uint64_t limit = UINT64_MAX);
    // `queued` is in no queue.
    void add(QueuedSignal &queued);
    // Takes the first one of this number, which is pending, out.
    SignalInfo take(Signal signal);
    void remove(SignalSet signals);
    // One with an owner, out of this queue if it is in it.
    void remove(QueuedSignal &queued);
    void remove(Signal signal) { remove(SignalSet::of(signal)); }
    void clear() { remove(set_); }

private:
    SignalSet set_;
    lib::List<&QueuedSignal::node> queue_; // those of `set_` that have a record
};

// Records that there are now, the ones reserved by timers included (SigQ in /proc/PID/status).
uint64_t queued_signal_count();
// timer_create(2): one more that is not from the heap. TryAgain: `limit` is reached.
lib::Result<void> reserve_queued_signal(uint64_t limit);
void release_queued_signal();

} // namespace kernel
