// The time-stamp counter as a clock. Its rate and the APIC timer's are measured once, side by side, against
// the PIT.
#include "kernel/cpu/clock.hpp"

#include "kernel/cpu/local_apic.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/device/pit.hpp"
#include "kernel/device/rtc.hpp"
#include "kernel/log.hpp"
#include "kernel/panic.hpp"

#include <algorithm>

namespace kernel {

namespace {

constexpr uint64_t NanosecondsPerSecond = 1'000'000'000;
constexpr uint64_t MeasuredPitTicks = PitRate / 200; // 5 ms, twice

// nanoseconds = ticks * multiplier >> 32, in 128 bits: exact enough for centuries.
constinit uint64_t clock_multiplier = 0;
// APIC ticks = nanoseconds * multiplier >> 32
constinit uint64_t timer_multiplier = 0;
constinit uint64_t clock_rate = 0; // kHz
constinit uint64_t boot_time_stamp = 0;
constinit uint64_t boot_seconds = 0; // on the battery clock

uint64_t scale(uint64_t value, uint64_t multiplier)
{
    return static_cast<uint64_t>(static_cast<unsigned __int128>(value) * multiplier >> 32);
}

// Of counts taken over some milliseconds, which are far below 2^32. (A 128-bit division would need libgcc.)
uint64_t make_multiplier(uint64_t to, uint64_t from)
{
    return (to << 32) / from;
}

// The three clocks at one moment.
struct Sample {
    uint64_t time_stamp;
    uint32_t timer_left;
    uint16_t pit;
};

// Reading the PIT takes a microsecond or, if the emulator is put aside by its host just then, milliseconds:
// of some tries, the quickest is believed.
Sample take_sample()
{
    Sample best{};
    uint64_t shortest = UINT64_MAX;
    for (unsigned tries = 0; tries < 5; tries++) {
        uint64_t before = read_time_stamp();
        uint16_t pit = pit_count();
        uint32_t left = local_apic_timer_left();
        uint64_t after = read_time_stamp();
        if (after - before >= shortest) continue;
        shortest = after - before;
        best = {before + shortest / 2, left, pit};
    }
    return best;
}

// How far the three clocks went between two moments.
struct Interval {
    uint64_t clock_ticks;
    uint64_t timer_ticks;
    uint64_t pit_ticks; // modulo its round of 65536
};

Interval measure_from(Sample &start)
{
    // A clock that stands still must not stop the boot.
    for (uint64_t polls = 0; static_cast<uint16_t>(start.pit - pit_count()) < MeasuredPitTicks; polls++) {
        if (polls == 50'000'000) panic("the PIT does not count");
    }
    Sample end = take_sample();
    Interval interval{end.time_stamp - start.time_stamp, start.timer_left - end.timer_left,
                      static_cast<uint16_t>(start.pit - end.pit)};
    start = end;
    return interval;
}

// Within 2 %.
bool same_rate(const Interval &a, const Interval &b)
{
    uint64_t left = a.clock_ticks * b.pit_ticks, right = b.clock_ticks * a.pit_ticks;
    return (left > right ? left - right : right - left) < left / 50;
}

// An emulator that its host puts aside for longer than the PIT's round makes an interval look shorter than it
// was, and the clock several times too fast. That does not happen twice in the same way: two neighbours must
// agree.
Interval measure()
{
    local_apic_timer_start(UINT32_MAX);
    pit_start();
    Sample now = take_sample();
    Interval last = measure_from(now);
    for (unsigned tries = 0; tries < 100; tries++) {
        Interval next = measure_from(now);
        if (same_rate(last, next))
            return {last.clock_ticks + next.clock_ticks, last.timer_ticks + next.timer_ticks,
                    last.pit_ticks + next.pit_ticks};
        last = next;
    }
    panic("the time-stamp counter does not run at one rate");
}

} // namespace

void init_clock()
{
    Interval measured = measure();
    local_apic_timer_start(0);
    uint64_t nanoseconds = measured.pit_ticks * NanosecondsPerSecond / PitRate;
    if (nanoseconds == 0 || measured.clock_ticks == 0 || measured.timer_ticks == 0)
        panic("a clock does not count");

    clock_multiplier = make_multiplier(nanoseconds, measured.clock_ticks);
    timer_multiplier = make_multiplier(measured.timer_ticks, nanoseconds);
    boot_seconds = rtc_seconds();
    boot_time_stamp = read_time_stamp();
    clock_rate = measured.clock_ticks * 1'000'000 / nanoseconds;
    log_info("clock: time-stamp counter {} MHz, APIC timer {} MHz", measured.clock_ticks * 1000 / nanoseconds,
             measured.timer_ticks * 1000 / nanoseconds);
}

uint64_t clock_kilohertz()
{
    return clock_rate;
}

[[gnu::hot]] uint64_t clock_nanoseconds()
{
    return scale(read_time_stamp() - boot_time_stamp, clock_multiplier);
}

uint64_t wall_clock_nanoseconds()
{
    return boot_seconds * NanosecondsPerSecond + clock_nanoseconds();
}

void timer_arm(uint64_t deadline)
{
    uint64_t now = clock_nanoseconds();
    uint64_t wait = deadline > now ? deadline - now : 0;
    // Rounded up: firing a tick early would only mean arming again. The counter has 32 bits: a far deadline
    // fires early.
    uint64_t ticks = scale(std::min<uint64_t>(wait, 1000 * NanosecondsPerSecond), timer_multiplier) + 1;
    local_apic_timer_start(static_cast<uint32_t>(std::min<uint64_t>(ticks, UINT32_MAX)));
}

void timer_disarm()
{
    local_apic_timer_start(0);
}

} // namespace kernel
