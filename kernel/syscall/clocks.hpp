// Which clock a number of clock_gettime(2) means.
#pragma once

#include "lib/result.hpp"

#include <cstdint>

namespace kernel {

enum class ClockSource : uint8_t {
    Wall,
    WallCoarse,
    Monotonic,
    MonotonicCoarse,
    Raw,
    ProcessTime,
    ThreadTime,
};

// Invalid for a number that is no clock, or the clock of a process that is not there.
lib::Result<ClockSource> clock_source(int clock);

} // namespace kernel
