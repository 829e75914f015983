// The local APIC of this processor: end of interrupts, and the timer (SDM vol. 3A, chapter 10).
#pragma once

#include <cstdint>

namespace kernel {

// Maps and enables it, and silences the PICs of old. After init_address_map().
void init_local_apic();

uint8_t local_apic_id();
void end_of_interrupt();

// The timer counts down once from `ticks` (0 stops it) and raises vectors::Timer at zero. Its rate is
// measured by init_clock().
void local_apic_timer_start(uint32_t ticks);
uint32_t local_apic_timer_left();

} // namespace kernel
