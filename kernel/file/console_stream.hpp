// The console as a stream of bytes: what reading and writing it means for who is at its other side, a pipe or
// a person's terminal, and sleeping until it has or takes something.
//
// There is no line discipline here: echo and line editing belong to the terminal of the person, on the other
// side of the launcher, which sends whole lines, and ^C and ^Z as signals (kernel/process/terminal.hpp).
#pragma once

#include "kernel/device/console.hpp"
#include "kernel/file/file.hpp"
#include "kernel/process/wait_queue.hpp"

namespace kernel {

class PollWatch;

// A write to a pipe copies page by page, a write to a terminal in pieces of 2 KiB; of a piece that cannot be
// read completely nothing is written (Linux: fs/pipe.c, drivers/tty/tty_io.c).
inline constexpr size_t PipePiece = mm::PageSize;
inline constexpr size_t TerminalPiece = 2048;

// From now on the console wakes who waits here.
void init_console_streams();

// How many bytes were moved; less than wanted when a signal came or memory could not be read or written in
// the midst of it. RestartSystem, TryAgain (the file is non-blocking), BadAddress, NoMemory.
Result<size_t> write_console(const File &file, Stream stream, UserBuffer &from, size_t piece_size);
Result<size_t> read_console_pipe(const File &file, UserBuffer &to);
// At most a line, or as many keys as were asked for, none included. InputOutput, or a signal, for who is not
// in the foreground (check_foreground).
Result<size_t> read_terminal(const File &file, UserBuffer &to);
Result<uint64_t> terminal_readable_bytes();

// When a read from the terminal has enough (termios(3), "Canonical and noncanonical mode"): with a line, or
// with so many bytes, or when so many tenths of a second have passed without one (VMIN and VTIME).
struct TerminalReading {
    bool lines = true;
    uint8_t minimum = 1;
    uint8_t tenths = 0;
};
void set_terminal_reading(const TerminalReading &how);

// As Inode::poll.
uint32_t poll_console_pipe(PollWatch &watch);
uint32_t poll_terminal_input(PollWatch &watch);
uint32_t poll_console_output(PollWatch &watch);

// Sleeps until the console takes something (console_can_write), or a signal is to be delivered.
WaitResult wait_for_console_room();

} // namespace kernel
