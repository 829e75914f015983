// Waiting for the console, and moving bytes to and from it. See console_stream.hpp.
#include "kernel/file/console_stream.hpp"

#include "kernel/file/poll.hpp"
#include "kernel/process/terminal.hpp"
#include "kernel/time/clock.hpp"
#include "mm/kernel_heap.hpp"

#include <algorithm>
#include <cstring>

namespace kernel {

namespace {

constinit WaitQueue input_queue;
constinit WaitQueue output_queue;

// Where a piece of what is read or written waits: short ones on the stack.
class Piece {
public:
    Piece() = default;
    ~Piece() { mm::heap_free(large_); }
    Piece(const Piece &) = delete;
    Piece &operator=(const Piece &) = delete;

    // Room for `bytes`, at most PipePiece, the same each time; nullptr when out of memory.
    std::byte *room(size_t bytes)
    {
        if (bytes <= sizeof small_) return small_;
        if (!large_) large_ = static_cast<std::byte *>(mm::heap_allocate(PipePiece));
        return large_;
    }

private:
    std::byte small_[512];
    std::byte *large_ = nullptr;
};

// What was taken from the console and not yet by a program: a read from a terminal ends with the line.
struct TerminalInput {
    std::array<std::byte, TerminalPiece> bytes{};
    size_t begin = 0;
    size_t end = 0;
};
[[gnu::section(".bss.large")]] constinit lib::Guarded<TerminalInput> terminal_input;
constinit TerminalReading terminal_reading;

// TryAgain, TimedOut, RestartSystem.
template <typename Ready>
Result<void> wait_on(WaitQueue &queue, const File &file, Ready &&ready, uint64_t deadline = NoDeadline)
{
    if (ready()) return {};
    if (file.is_non_blocking()) return Errno::TryAgain;
    switch (wait_until(queue, ready, deadline)) {
    case WaitResult::Ready:
        return {};
    case WaitResult::TimedOut:
        return Errno::TimedOut;
    default:
        return Errno::RestartSystem;
    }
}

// All of `bytes`, waiting for room as often as needed. Returns how many before a signal came.
size_t write_all(const File &file, Stream stream, std::span<const std::byte> bytes)
{
    size_t done = 0;
    while (done < bytes.size()) {
        size_t accepted = console_write(stream, bytes.subspan(done));
        if (accepted == 0 && !wait_on(output_queue, file, console_can_write).ok()) break;
        done += accepted;
    }
    return done;
}

bool pipe_has_input()
{
    return console_poll_input().state != ConsoleInput::State::WouldBlock;
}

// Asked for again after every wake-up that found nothing: what came, an end of the input too, another program
// may have taken, and nobody else would ask on our behalf.
bool ask_for_input(size_t bytes)
{
    console_want_input(bytes);
    return false;
}

// How long a read that has so much waits for more. When a pause between two keys is asked for (VTIME), the
// first key is waited for without end, unless it need not come (VMIN 0).
uint64_t next_key_deadline(const TerminalReading &how, size_t length)
{
    constexpr uint64_t Tenth = 100'000'000; // ns
    bool need_not_come = how.minimum == 0;
    if (how.lines || (!need_not_come && (how.tenths == 0 || length == 0))) return NoDeadline;
    return clock_nanoseconds() + how.tenths * Tenth;
}

bool terminal_has_input()
{
    auto input = terminal_input.lock();
    return input->begin < input->end || pipe_has_input();
}

} // namespace

void set_terminal_reading(const TerminalReading &how)
{
    terminal_reading = how;
}

void init_console_streams()
{
    console_input_hook = [] { input_queue.wake_all(); };
    console_output_hook = [] {
        output_queue.wake_all();
        input_queue.wake_all(); // what asks for input goes the same way
    };
}

// --- Writing.

Result<size_t> write_console(const File &file, Stream stream, UserBuffer &from, size_t piece_size)
{
    Piece buffer;
    size_t done = 0;
    while (!from.empty()) {
        size_t wanted = std::min(from.size(), piece_size);
        std::byte *piece = buffer.room(wanted);
        if (!piece) return done ? Result<size_t>{done} : Errno::NoMemory;
        if (from.load(piece, wanted) < wanted) return done_or_fault(done, true);
        size_t written = write_all(file, stream, {piece, wanted});
        done += written;
        if (written < wanted) {
            if (done == 0) return file.is_non_blocking() ? Errno::TryAgain : Errno::RestartSystem;
            break;
        }
    }
    return done;
}

// --- Reading.

Result<size_t> read_console_pipe(const File &file, UserBuffer &to)
{
    if (to.empty()) return size_t{0};
    Piece buffer;
    size_t done = 0;
    while (!to.empty()) {
        // Only the first piece is worth waiting for.
        if (done != 0 && !pipe_has_input()) break;
        if (done == 0) {
            TRY_VOID(
                wait_on(input_queue, file, [&] { return pipe_has_input() || ask_for_input(to.size()); }));
        }
        ConsoleInput waiting = console_poll_input();
        if (waiting.state != ConsoleInput::State::Data) {
            // Another program may have been faster.
            if (waiting.state == ConsoleInput::State::WouldBlock && done == 0) continue;
            if (std::byte end; done == 0) console_read({&end, 1}); // taken, so that it comes once
            break;
        }
        // Bytes taken from the console are gone: so make sure first that the program's memory will take them.
        size_t wanted = std::min({waiting.count, to.size(), PipePiece});
        std::byte *piece = buffer.room(wanted);
        if (!piece) return done ? Result<size_t>{done} : Errno::NoMemory;
        if (!to.can_store(wanted)) return done_or_fault(done, true);
        // That may have taken a while, and another program may have been faster. What is there now is looked
        // at before it is taken: an end of the input is not to be taken in passing.
        if (console_poll_input().state != ConsoleInput::State::Data) continue;
        ConsoleInput taken = console_read({piece, wanted});
        size_t stored = to.store(piece, taken.count);
        done += stored;
        if (stored < taken.count) return done_or_fault(done, true);
    }
    return done;
}

Result<size_t> read_terminal(const File &file, UserBuffer &to)
{
    if (to.empty()) return size_t{0};
    TRY_VOID(check_foreground(current_process(), Signal::TerminalInput));
    const TerminalReading how = terminal_reading;
    std::byte line[TerminalPiece];
    size_t length = 0;
    size_t enough = how.lines ? 1 : std::clamp<size_t>(how.minimum, 1, to.size());
    // Then no key is an answer, whether the file is non-blocking or not (n_tty_read).
    bool waits_for_nothing = !how.lines && how.minimum == 0 && how.tenths == 0;
    while (length < enough) {
        auto came = wait_on(
            input_queue, file, [] { return terminal_has_input() || ask_for_input(TerminalPiece); },
            next_key_deadline(how, length));
        bool is_enough = length != 0 || waits_for_nothing || came.error() == Errno::TimedOut;
        if (!came.ok() && is_enough) break;
        TRY_VOID(came);
        if (!to.can_store(sizeof line)) return Errno::BadAddress;
        auto input = terminal_input.lock();
        if (input->begin == input->end) {
            ConsoleInput taken = console_read(input->bytes);
            if (taken.state == ConsoleInput::State::EndOfInput) break;
            if (taken.state == ConsoleInput::State::WouldBlock) continue;
            input->begin = 0;
            input->end = taken.count;
        }
        const std::byte *first = input->bytes.data() + input->begin;
        size_t count = std::min({input->end - input->begin, to.size() - length, sizeof line - length});
        if (const void *newline = how.lines ? std::memchr(first, '\n', count) : nullptr)
            count = static_cast<size_t>(static_cast<const std::byte *>(newline) - first) + 1;
        std::memcpy(line + length, first, count);
        length += count;
        input->begin += count;
    }
    return store_or_fault(to, line, length);
}

Result<uint64_t> terminal_readable_bytes()
{
    auto input = terminal_input.lock();
    return input->end - input->begin + console_poll_input().count;
}

// --- Polling.

// Only who wants to know lets input come: what nobody asks for is another's.
uint32_t poll_console_pipe(PollWatch &watch)
{
    watch.join(input_queue);
    switch (console_poll_input().state) {
    case ConsoleInput::State::Data:
        return poll_event::Readable;
    case ConsoleInput::State::EndOfInput:
        return poll_event::HangUp;
    case ConsoleInput::State::WouldBlock:
        break;
    }
    if (watch.wants(poll_event::Readable)) ask_for_input(1);
    return 0;
}

uint32_t poll_terminal_input(PollWatch &watch)
{
    watch.join(input_queue);
    if (terminal_has_input()) return poll_event::Readable;
    if (watch.wants(poll_event::Readable)) ask_for_input(TerminalPiece);
    return 0;
}

uint32_t poll_console_output(PollWatch &watch)
{
    watch.join(output_queue);
    return console_can_write() ? poll_event::Writable : 0;
}

WaitResult wait_for_console_room()
{
    return wait_until(output_queue, console_can_write);
}

} // namespace kernel
