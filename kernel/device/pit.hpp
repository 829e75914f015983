// The PIT (Intel 8254): old, slow, and the one clock whose rate is known.
#pragma once

#include <cstdint>

namespace kernel {

inline constexpr uint64_t PitRate = 1'193'182; // Hz

// Lets channel 2 (the speaker's, silenced) count down from 65535 and from there again and again, 54.9 ms a
// round.
void pit_start();
// The counter now.
uint16_t pit_count();

} // namespace kernel
