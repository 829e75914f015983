// The arithmetic of timers that go off at a time and then, perhaps, again and again (setitimer(2),
// timer_settime(2)). On whatever clock; the host tests run it.
#pragma once

#include <cstdint>

namespace kernel {

struct Interval {
    uint64_t deadline = 0; // 0: the timer is off
    uint64_t period = 0;   // 0: it goes off once

    bool is_on() const { return deadline != 0; }
    bool is_due(uint64_t now) const { return is_on() && now >= deadline; }

    // It has gone off and its signal arrives: the deadline moves by whole periods to the first one after
    // `now`, so that it keeps step; or the timer is off. Returns how many of the times in between nobody was
    // told of.
    uint64_t advance(uint64_t now)
    {
        if (period == 0 || !is_on()) {
            deadline = 0;
            return 0;
        }
        uint64_t missed = now > deadline ? (now - deadline) / period : 0;
        uint64_t last = deadline + missed * period; // at most `now`, or the deadline
        deadline = last > UINT64_MAX - period ? UINT64_MAX : last + period;
        return missed;
    }

    // How long until it goes off, as programs are told: one that is on is never told 0.
    uint64_t left(uint64_t now, uint64_t least) const
    {
        if (!is_on()) return 0;
        return deadline > now ? deadline - now : least;
    }
};

// timer_getoverrun(2): a count that stays at its greatest.
constexpr uint32_t add_overrun(uint32_t count, uint64_t missed)
{
    constexpr uint32_t Greatest = INT32_MAX; // DELAYTIMER_MAX
    return missed > Greatest - count ? Greatest : count + static_cast<uint32_t>(missed);
}

} // namespace kernel
