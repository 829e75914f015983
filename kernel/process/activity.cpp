#include "kernel/process/activity.hpp"

#include "kernel/cpu/clock.hpp"
#include "kernel/process/process.hpp"
#include "kernel/process/scheduler.hpp"

#include <algorithm>

namespace kernel {

constinit ActivityCounts activity;

namespace {

constexpr uint64_t SampleInterval = 5'000'000'000; // ns
// exp(-5 s / 1, 5 and 15 minutes), in fractions of LoadOne.
constexpr std::array<uint64_t, 3> Decay = {1884, 2014, 2037};

struct Load {
    LoadAverages averages{};
    uint64_t next_sample = SampleInterval;

    // Linux rounds up while the load rises, so that it gets where it should.
    void add(uint64_t active)
    {
        uint64_t now = active * LoadOne;
        for (size_t i = 0; i < averages.size(); i++) {
            uint64_t sum = averages[i] * Decay[i] + now * (LoadOne - Decay[i]);
            if (now >= averages[i]) sum += LoadOne - 1;
            averages[i] = sum / LoadOne;
        }
    }
};
constinit Load load;
constinit MachineTimes told;

uint64_t active_count()
{
    uint64_t count = runnable_count();
    for (Process *process = next_process(1); process; process = next_process(process->pid() + 1)) {
        if (process->has_ended()) continue;
        const Thread &thread = process->main_thread();
        if (thread.state == Thread::State::Sleeping && thread.is_uninterruptible) count++;
    }
    return count;
}

uint64_t part_of(uint64_t total, uint64_t part, uint64_t whole)
{
    return total / whole * part + total % whole * part / whole;
}

} // namespace

MachineTimes machine_times()
{
    uint64_t idle = idle_nanoseconds();
    uint64_t busy = clock_nanoseconds() - idle;
    uint64_t ticks = activity.user_ticks + activity.nice_ticks + activity.system_ticks;
    uint64_t user = ticks == 0 ? 0 : part_of(busy, activity.user_ticks, ticks);
    uint64_t nice = ticks == 0 ? 0 : part_of(busy, activity.nice_ticks, ticks);
    // What has been told stays, whatever the proportions are now: the rest is less by it.
    told.idle = std::max(told.idle, idle);
    told.user = std::clamp(user, told.user, busy - told.nice - told.system);
    told.nice = std::clamp(nice, told.nice, busy - told.user - told.system);
    told.system = busy - told.user - told.nice;
    return told;
}

LoadAverages load_averages()
{
    sample_load(clock_nanoseconds());
    return load.averages;
}

void sample_load(uint64_t now)
{
    if (now < load.next_sample) [[likely]]
        return;
    uint64_t due = (now - load.next_sample) / SampleInterval + 1;
    load.next_sample += due * SampleInterval;
    constexpr uint64_t Forgotten = 2000; // after so many without load none is left
    for (uint64_t i = std::min(due, Forgotten) - 1; i != 0; i--) load.add(0);
    load.add(active_count());
}

} // namespace kernel
