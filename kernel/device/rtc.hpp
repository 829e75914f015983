// The battery clock (MC146818): what date it is.
#pragma once

#include <cstdint>

namespace kernel {

// Seconds since 1970-01-01 00:00 UTC; 0 when the clock gives no sensible date. Takes bounded time.
uint64_t rtc_seconds();

// The same for a date of the Gregorian calendar, from 1970 on.
uint64_t seconds_since_1970(unsigned year, unsigned month, unsigned day, unsigned hour, unsigned minute,
                            unsigned second);

} // namespace kernel
