// The I/O APIC: brings the interrupt lines of old devices to a processor (Intel 82093AA data sheet).
#pragma once

#include <cstdint>

namespace kernel {

// Lets ISA interrupt `irq` raise `vector` on this processor. False: there is no I/O APIC where PCs have it.
bool route_isa_interrupt(uint8_t irq, uint8_t vector);

} // namespace kernel
