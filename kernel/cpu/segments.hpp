// Segment selectors: what is left of segmentation in 64-bit mode. The numbers are Linux's, which programs can
// see (signal frames, core files).
#pragma once

#include <cstdint>

namespace kernel {

inline constexpr uint16_t KernelCodeSelector = 0x10;
inline constexpr uint16_t KernelDataSelector = 0x18;
// SYSRET loads CS from STAR[63:48] + 16 and SS from STAR[63:48] + 8, both with privilege 3 (SDM vol. 2B).
inline constexpr uint16_t SysretSelectorBase = 0x20 | 3;
inline constexpr uint16_t UserDataSelector = 0x28 | 3;
inline constexpr uint16_t UserCodeSelector = 0x30 | 3;
inline constexpr uint16_t TaskStateSelector = 0x40;

static_assert(SysretSelectorBase + 8 == UserDataSelector && SysretSelectorBase + 16 == UserCodeSelector);

// Slots of the interrupt stack table (SDM vol. 3A, 6.14.5): vectors that get a stack of their own.
inline constexpr uint8_t DoubleFaultIst = 1;
inline constexpr uint8_t NonMaskableIst = 2;
inline constexpr uint8_t MachineCheckIst = 3;

} // namespace kernel
