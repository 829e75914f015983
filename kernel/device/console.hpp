// The console as the rest of the kernel sees it: bytes out, bytes in, and messages to the launcher.
//
// Behind it is the channel (virtio-console carrying frames: 8-byte header, see channel.hpp) or, when there is
// none, COM1: then stdout and stderr go there, stdin comes from there, and lesson and status are log lines.
// Nothing here sleeps: what would have to wait says so, and a hook tells when to try again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace kernel {

enum class Stream : uint8_t { Output = 1, Error = 2 };

// Finds the device. Takes bounded time whatever the device does; the fallback always works.
void init_console();
// The launcher is behind it (false: the COM1 fallback, a person's terminal).
bool console_is_channel();

// Accepts as many bytes as there is room for and returns how many; 0 means: wait for console_output_hook. The
// bytes are on their way, in order, when it returns.
size_t console_write(Stream stream, std::span<const std::byte> bytes);
// Room for at least one byte.
bool console_can_write();

struct ConsoleInput {
    enum class State : uint8_t { Data, WouldBlock, EndOfInput };
    State state;
    size_t count; // Data: how many bytes were taken, at least 1 (0 only for an empty buffer)
};
// For who is about to wait for input, with how much would be taken: what nobody asked for stays with whoever
// shares the launcher's input, such as the next command of a shell's loop.
void console_want_input(size_t bytes);
ConsoleInput console_read(std::span<std::byte> buffer);
// What console_read would find, without taking anything; count is how many bytes are there.
ConsoleInput console_poll_input();

// How the person's terminal hands over what is typed (termios(3), ICANON, ECHO and ISIG): line by line or key
// by key, shown or not, Ctrl-C as a signal or as a key.
struct TerminalMode {
    bool lines = true;
    bool echo = true;
    bool signals = true;
    bool operator==(const TerminalMode &) const = default;
};
void console_set_terminal_mode(TerminalMode mode);
// Whether such signals come to us (console_signal_hook) or, as at first, end the run.
void console_take_signals(bool are_ours);

// Called from interrupt context (interrupts off) when input, or room for output after a refusal, may be
// there. May be called without reason. Null at first.
using ConsoleHook = void (*)();
extern ConsoleHook console_input_hook;
extern ConsoleHook console_output_hook;
// From interrupt context as well: the number of a signal that was typed. Null at first.
using ConsoleSignalHook = void (*)(uint8_t number);
extern ConsoleSignalHook console_signal_hook;

// A message from the kernel for the person: a line of UTF-8 without the newline; what names in it would do to
// the line or to a terminal is escaped (lib/visible_text.hpp). Always also in the log.
void console_lesson(std::string_view text);
// How the first program ended. Once.
enum class ExitHow : uint8_t { Exited = 0, Killed = 1 };
void console_send_status(ExitHow how, uint8_t value);

// Waits, bounded, until the device has taken everything. Before power_off().
void console_flush();

} // namespace kernel
