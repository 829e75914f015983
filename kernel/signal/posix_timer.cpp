#include "kernel/signal/posix_timer.hpp"

#include "kernel/process/process.hpp"
#include "kernel/signal/process_timers.hpp"
#include "kernel/time/clock.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

PosixTimer::PosixTimer(Process &process, const Plan &plan, int32_t id)
    : number(id), process_(process), clock_(plan.clock), notify_(plan.notify), timer_(on_due)
{
    queued_.taken = on_taken;
    queued_.dropped = on_dropped;
    queued_.info = {.signal = plan.signal,
                    .origin = SignalInfo::Origin::Kernel,
                    .code = signal_code::Timer,
                    .sender = id,
                    .value = plan.value_is_number ? static_cast<uint32_t>(id) : plan.value};
}

lib::Result<PosixTimer *> PosixTimer::create(Process &process, const Plan &plan)
{
    ProcessTimers &timers = *TRY(timers_of(process));
    TRY_VOID(reserve_queued_signal(process.limits().soft(Resource::PendingSignals)));
    while (find(process, timers.next_id) != nullptr) timers.count_id();
    auto *timer = mm::create<PosixTimer>(process, plan, timers.next_id);
    if (timer == nullptr) {
        release_queued_signal();
        return Errno::NoMemory;
    }
    timers.count_id();
    timers.posix.push_back(*timer);
    timers.by_number.insert(*timer);
    return timer;
}

PosixTimer *PosixTimer::find(const Process &process, int32_t id)
{
    return process.timers != nullptr ? process.timers->by_number.find(id) : nullptr;
}

void PosixTimer::destroy()
{
    stop_timer(timer_);
    if (queued_.is_queued()) {
        process_.pending.remove(queued_);
        process_.main_thread().pending.remove(queued_);
    }
    node.unlink();
    process_.timers->by_number.remove(*this);
    release_queued_signal();
    mm::destroy(this);
}

uint64_t PosixTimer::now() const
{
    if (!is_on_processor_time()) return clock_nanoseconds();
    CpuTimes times = cpu_times(process_);
    return times.user + times.system;
}

void PosixTimer::set(uint64_t first, uint64_t period, bool absolute)
{
    stop_timer(timer_);
    waits_for_delivery_ = waits_for_heed_ = false;
    overrun_ = told_overrun_ = 0;
    interval_ = {};
    if (first == 0) return;
    uint64_t at;
    if (!absolute)
        at = __builtin_add_overflow(now(), first, &at) ? NoDeadline : at;
    else
        at = clock_ == Clock::Wall ? from_wall_clock(first) : first;
    interval_ = {.deadline = std::max<uint64_t>(at, 1), .period = period};
    start();
}

void PosixTimer::start()
{
    if (notify_ == Notify::Nobody || !interval_.is_on()) return;
    if (is_on_processor_time())
        check();
    else if (interval_.is_due(now()))
        go_off();
    else
        start_timer(timer_, interval_.deadline);
}

uint64_t PosixTimer::left()
{
    // What nobody waits for is only moved on when somebody asks.
    if (notify_ == Notify::Nobody && interval_.is_due(now())) interval_.advance(now());
    if (waits_for_delivery_ && interval_.period == 0) return 0;
    uint64_t until = now();
    if ((waits_for_delivery_ || waits_for_heed_) && interval_.is_due(until)) {
        Interval next = interval_;
        next.advance(until);
        return next.left(until, 1);
    }
    return interval_.left(until, 1);
}

void PosixTimer::check()
{
    if (!waits_for_delivery_ && !waits_for_heed_ && notify_ != Notify::Nobody && interval_.is_due(now()))
        go_off();
}

void PosixTimer::go_off()
{
    if (queued_.is_queued()) { // of before it was set anew
        overrun_ = add_overrun(overrun_, 1);
        waits_for_delivery_ = true;
        return;
    }
    overrun_ = 0;
    waits_for_delivery_ = queue_signal(process_, queued_, notify_ == Notify::Thread);
    if (!waits_for_delivery_) wait_for_heed();
}

// Ignored: thousands that go off for nobody would leave no time for anything else (Linux since 6.13,
// posixtimer_ignored).
void PosixTimer::wait_for_heed()
{
    if (interval_.period == 0) interval_ = {};
    waits_for_heed_ = interval_.is_on();
    process_.timers->has_ignored |= waits_for_heed_;
}

void PosixTimer::heed()
{
    if (!std::exchange(waits_for_heed_, false)) return;
    interval_.advance(now());
    if (!is_on_processor_time()) start_timer(timer_, interval_.deadline);
}

void PosixTimer::on_due(Timer &timer)
{
    lib::element<&PosixTimer::timer_>(timer).go_off();
}

// The program is about to receive the signal.
void PosixTimer::on_taken(QueuedSignal &queued)
{
    auto &timer = lib::element<&PosixTimer::queued_>(queued);
    uint64_t missed = 0;
    if (timer.waits_for_delivery_) {
        timer.waits_for_delivery_ = false;
        missed = timer.interval_.advance(timer.now());
    }
    timer.told_overrun_ = add_overrun(timer.overrun_, missed);
    timer.overrun_ = 0;
    queued.info.user = timer.told_overrun_; // si_overrun
    if (!timer.is_on_processor_time() && timer.interval_.is_on())
        start_timer(timer.timer_, timer.interval_.deadline);
}

// It was to be delivered, and now it is ignored. (A signal of before it was set anew stops nothing.)
void PosixTimer::on_dropped(QueuedSignal &queued)
{
    auto &timer = lib::element<&PosixTimer::queued_>(queued);
    if (std::exchange(timer.waits_for_delivery_, false)) timer.wait_for_heed();
}

} // namespace kernel
