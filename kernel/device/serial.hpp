// COM1, a 16550 UART: the kernel's log, and a person's terminal when there is no channel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace kernel {

void init_serial();

// Polled, each byte with a bounded wait: works in any state of the machine.
void serial_write(std::string_view text);

// Lets `ready` be called from interrupt context when bytes have arrived (IRQ 4 through the I/O APIC); it
// takes them all. False: that interrupt cannot be had.
bool serial_enable_receive(void (*ready)());
// Takes one byte; false: there is none.
bool serial_read(uint8_t &byte);

} // namespace kernel
