// Which interrupt vector is whose.
#pragma once

#include <cstdint>

namespace kernel::vectors {

inline constexpr uint64_t FirstInterrupt = 0x20; // below: the processor's exceptions
inline constexpr uint8_t Timer = 0x20;
inline constexpr uint8_t FirstDevice = 0x30;
inline constexpr unsigned DeviceCount = 64;
inline constexpr uint8_t LegacyPic =
    0xe0; // 16 vectors; the PICs are masked, but may still raise a spurious one
inline constexpr uint8_t Spurious = 0xff;

} // namespace kernel::vectors
