#include "kernel/process/accounting.hpp"

#include "kernel/cpu/clock.hpp"
#include "kernel/process/activity.hpp"
#include "kernel/process/process.hpp"
#include "kernel/signal/process_timers.hpp"

#include <algorithm>

namespace kernel {

namespace {

constexpr uint64_t LastException = 31;

// The kernel runs with interrupts off, so a tick that comes due in it is seen at its very end: by the first
// instruction that the program should have executed. That is after a SYSCALL when rcx and r11 are still as
// SYSRET left them, and after a page fault when it is the faulting instruction that is about to be tried
// again.
bool was_in_kernel(const Thread &thread)
{
    const TrapFrame &frame = thread.trap_frame();
    // The tick interrupted the kernel itself: the frame is still that of the system call or exception.
    if (frame.is_syscall() || frame.vector <= LastException) return true;
    bool after_syscall = frame.rcx == frame.rip && frame.r11 == frame.rflags;
    return after_syscall || frame.rip == thread.last_fault_rip;
}

// RLIMIT_CPU, in seconds: SIGXCPU at the soft limit and in each second after it, SIGKILL at the hard one
// (getrlimit(2)).
void enforce_time_limit(Process &process, uint64_t used)
{
    constexpr uint64_t Second = 1'000'000'000;
    Limit limit = process.limits().of(Resource::Cpu);
    uint64_t seconds = used / Second;
    bool beyond_hard = seconds >= limit.hard;
    if (!beyond_hard && seconds < limit.soft) return;
    send_signal(process,
                {.signal = beyond_hard ? Signal::Kill : Signal::CpuTime, .code = signal_code::Kernel});
    limit.soft = std::min(seconds + 1, limit.hard);
    (void)process.set_limit(Resource::Cpu, limit); // not above the hard limit: cannot fail
}

uint64_t scale(uint64_t total, uint64_t part, uint64_t whole)
{
    return total / whole * part + total % whole * part / whole;
}

} // namespace

[[gnu::hot]] void charge(Thread &thread, uint64_t now)
{
    thread.run_time += now - thread.running_since;
    thread.running_since = now;
}

void count_tick(Thread &thread)
{
    if (was_in_kernel(thread)) {
        thread.system_ticks++;
        activity.system_ticks++;
    } else {
        thread.user_ticks++;
        (thread.nice > 0 ? activity.nice_ticks : activity.user_ticks)++;
    }
    thread.last_fault_rip = 0; // a loop that no longer faults is not the kernel's

    Process &process = *thread.process;
    if (process.timers != nullptr) check_processor_timers(*process.timers);
    if (process.limits().soft(Resource::Cpu) == LimitInfinity) return;
    CpuTimes times = cpu_times(thread);
    enforce_time_limit(process, times.user + times.system);
}

CpuTimes cpu_times(const Thread &thread)
{
    uint64_t total = thread.run_time;
    if (&thread == &current_thread()) total += clock_nanoseconds() - thread.running_since;
    uint64_t ticks = thread.user_ticks + thread.system_ticks;
    uint64_t system = ticks == 0 ? 0 : scale(total, thread.system_ticks, ticks);
    // Neither may go backwards when the proportion changes (as Linux, cputime_adjust).
    CpuTimes &told = thread.times_told;
    if (system < told.system) system = told.system;
    if (total - system < told.user) system = total - told.user;
    told = {.user = total - system, .system = system};
    return told;
}

CpuTimes cpu_times(const Process &process)
{
    return process.has_ended() ? process.usage().times : cpu_times(process.main_thread());
}

ResourceUsage thread_usage(const Thread &thread)
{
    ResourceUsage usage;
    usage.times = cpu_times(thread);
    usage.voluntary_switches = thread.voluntary_switches;
    usage.involuntary_switches = thread.involuntary_switches;
    return usage;
}

void ResourceUsage::add(const ResourceUsage &other)
{
    times.user += other.times.user;
    times.system += other.times.system;
    minor_faults += other.minor_faults;
    major_faults += other.major_faults;
    resident_peak = std::max(resident_peak, other.resident_peak);
    voluntary_switches += other.voluntary_switches;
    involuntary_switches += other.involuntary_switches;
}

void ResourceUsage::add_memory(const mm::MemoryCounts &counts)
{
    minor_faults += counts.minor_faults;
    major_faults += counts.major_faults;
    resident_peak = std::max({resident_peak, counts.resident_peak, counts.resident()});
}

} // namespace kernel
