// COM1 as the console of a person who boots by hand: the least of a terminal's line discipline (termios(3)).
//
// Lines are edited here, as nobody else does: echo, Backspace, ^U (the line), ^D (end of input). A line can
// be read when it is complete, unless a program wants every key at once.
#pragma once

#include "kernel/device/console.hpp"

namespace kernel {

void init_serial_console();
void serial_console_write(std::span<const std::byte> bytes);
void serial_console_set_mode(TerminalMode mode);
ConsoleInput serial_console_read(std::span<std::byte> buffer);
ConsoleInput serial_console_poll();

} // namespace kernel
