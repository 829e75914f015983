#include "kernel/process/scheduler.hpp"

#include "kernel/cpu/clock.hpp"
#include "kernel/cpu/fpu.hpp"
#include "kernel/cpu/interrupts.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/image.hpp"
#include "kernel/process/accounting.hpp"
#include "kernel/process/activity.hpp"
#include "kernel/process/process.hpp"
#include "kernel/time/alarm.hpp"
#include "kernel/trap/trap.hpp"
#include "mm/address_space.hpp"

namespace kernel {

namespace {

using RunQueue = lib::List<&Thread::run_node>;

struct Ready {
    RunQueue queue;
    uint64_t count = 0;
};

constinit lib::Guarded<Ready> ready;

// Of this processor.
[[gnu::section(".data.large")]] constinit Thread boot_thread;
constinit mm::AddressSpace *loaded_space = nullptr; // kernel threads leave the last program's loaded
constinit Thread *departed = nullptr; // has left its stack for ever; to be freed from another one
constinit uint64_t slice_end = 0;
constinit bool idle = false;
constinit uint64_t idle_time = 0;

enum class Place : uint8_t { Front, End };

[[gnu::hot]] void make_ready(Thread &thread, Place place)
{
    thread.state = Thread::State::Runnable;
    auto held = ready.lock();
    if (place == Place::Front)
        held->queue.push_front(thread);
    else
        held->queue.push_back(thread);
    held->count++;
}

uint64_t slice_of(const Thread &thread)
{
    return TimeSlice / 20 * static_cast<uint64_t>(20 - thread.nice);
}

[[gnu::hot]] Thread *take_ready()
{
    auto held = ready.lock();
    Thread *thread = held->queue.pop_front();
    if (thread != nullptr) held->count--;
    return thread;
}

bool is_somebody_ready()
{
    return !ready.lock()->queue.empty();
}

// Nobody is runnable: waits for an interrupt that changes this. On the stack of whoever ran last, in its
// name.
Thread &idle_until_somebody_is_ready()
{
    uint64_t begin = clock_nanoseconds();
    idle = true;
    Thread *next;
    for (;;) {
        run_due_timers(clock_nanoseconds());
        next = take_ready();
        if (next != nullptr) break;
        set_alarm_for_timers();
        wait_for_interrupt();
    }
    idle = false;
    idle_time += clock_nanoseconds() - begin;
    return *next;
}

void load_space(mm::AddressSpace *space)
{
    if (space == nullptr || space == loaded_space) return;
    if (loaded_space != nullptr) loaded_space->deactivate();
    space->activate();
    loaded_space = space;
}

// Frees the thread that ran before, if it is gone for ever.
void finish_switch()
{
    if (departed == nullptr) return;
    departed->destroy();
    departed = nullptr;
}

void switch_to(Thread &next)
{
    Thread &self = current_thread();
    if (self.vector_state != nullptr && self.state != Thread::State::Dead) {
        save_vector_state(self.vector_state);
        self.fs_base = read_user_fs_base();
        self.gs_base = read_user_gs_base();
    }
    load_space(next.space);
    if (next.vector_state != nullptr) {
        restore_vector_state(next.vector_state);
        write_user_fs_base(next.fs_base);
        write_user_gs_base(next.gs_base);
    }
    activity.switches++;
    CpuArea &cpu = this_cpu();
    cpu.current_thread = &next;
    cpu.work_pending = has_signal_work(next) ? work::Signals : 0;
    set_kernel_stack(next.stack.top.value());
    switch_context(&self.context, next.context);
    finish_switch();
}

// Continues somebody who is runnable; the caller has put its own thread where it belongs.
[[gnu::hot]] void switch_to_next()
{
    Thread &self = current_thread();
    uint64_t now = clock_nanoseconds();
    charge(self, now);
    Thread *next = take_ready();
    if (next == nullptr) {
        next = &idle_until_somebody_is_ready();
        now = clock_nanoseconds();
    }
    next->state = Thread::State::Running;
    next->running_since = now;
    slice_end = now + slice_of(*next);
    if (next->process != nullptr) set_alarm(slice_end);
    set_alarm_for_timers();
    if (next == &self)
        this_cpu().work_pending.fetch_and(~work::Reschedule);
    else
        switch_to(*next);
}

void begin_thread(void *argument)
{
    finish_switch();
    auto &thread = *static_cast<Thread *>(argument);
    thread.entry(thread);
}

} // namespace

void init_scheduler()
{
    boot_thread.state = Thread::State::Running;
    boot_thread.stack = {address_of(boot_stack_bottom), address_of(boot_stack_top)};
    this_cpu().current_thread = &boot_thread;
}

void prepare_thread(Thread &thread)
{
    size_t frame_space = thread.process != nullptr ? sizeof(TrapFrame) : 0;
    auto *top = reinterpret_cast<void *>(thread.stack.top.value());
    thread.context = prepare_stack(top, frame_space, begin_thread, &thread);
}

void yield()
{
    if (!is_somebody_ready()) return;
    Thread &self = current_thread();
    self.voluntary_switches++;
    make_ready(self, Place::End);
    switch_to_next();
}

[[gnu::hot]] void wake(Thread &thread)
{
    thread.woken = true;
    if (thread.state != Thread::State::Sleeping) return;
    make_ready(thread, thread.process == nullptr ? Place::Front : Place::End);
}

void Thread::end_sleep(Timer &timer)
{
    wake(lib::element<&Thread::sleep_timer>(timer));
}

void wake_first(Thread &thread)
{
    thread.woken = true;
    if (thread.state != Thread::State::Sleeping) return;
    make_ready(thread, Place::Front);
    request_work(current_thread(), work::Reschedule);
}

[[gnu::hot]] void prepare_sleep()
{
    current_thread().woken = false;
}

[[gnu::hot]] void sleep_until_woken(uint64_t deadline)
{
    Thread &self = current_thread();
    if (!self.woken) {
        if (deadline != NoDeadline) start_timer(self.sleep_timer, deadline);
        self.state = Thread::State::Sleeping;
        self.voluntary_switches++;
        switch_to_next();
        if (self.sleep_timer.is_running) [[unlikely]]
            stop_timer(self.sleep_timer);
    }
}

void sleep_uninterruptibly()
{
    Thread &self = current_thread();
    self.is_uninterruptible = true;
    sleep_until_woken(NoDeadline);
    self.is_uninterruptible = false;
}

void use_address_space(mm::AddressSpace *space)
{
    current_thread().space = space;
    if (space != nullptr) {
        load_space(space);
    } else if (loaded_space != nullptr) {
        loaded_space->deactivate();
        mm::machine::load_root(kernel_root());
        loaded_space = nullptr;
    }
}

void leave_dead_thread()
{
    Thread &self = current_thread();
    self.state = Thread::State::Dead;
    departed = &self;
    switch_to_next();
    __builtin_unreachable();
}

void request_work(Thread &thread, uint32_t bits)
{
    if (&thread == &current_thread()) this_cpu().work_pending.fetch_or(bits);
}

void preempt()
{
    Thread &self = current_thread();
    self.involuntary_switches++;
    make_ready(self, Place::End);
    switch_to_next();
}

bool continue_long_work()
{
    let_interrupts_in();
    if (this_cpu().work_pending.load() & work::Reschedule) {
        this_cpu().work_pending.fetch_and(~work::Reschedule);
        preempt();
    }
    return !has_deliverable_signal(current_thread());
}

void timer_tick()
{
    alarm_has_fired();
    uint64_t now = clock_nanoseconds();
    run_due_timers(now);
    sample_load(now);
    if (idle) return; // looks for itself, and sets the alarm again

    Thread &self = current_thread();
    if (self.process != nullptr) {
        count_tick(self);
        if (now >= slice_end) {
            if (is_somebody_ready()) this_cpu().work_pending.fetch_or(work::Reschedule);
            slice_end = now + slice_of(self);
        }
        set_alarm(slice_end);
    }
    set_alarm_for_timers();
}

uint64_t runnable_count()
{
    return ready.lock()->count + (idle ? 0 : 1);
}
uint64_t idle_nanoseconds()
{
    return idle_time;
}

} // namespace kernel
