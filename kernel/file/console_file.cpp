// Reading and writing the console. See console_file.hpp.
//
// There is no line discipline here: echo and line editing belong to the terminal of the person, on the other
// side of the launcher, which sends whole lines, and ^C and ^Z as signals (kernel/process/terminal.hpp).
#include "kernel/file/console_file.hpp"

#include "kernel/device/console.hpp"
#include "kernel/file/poll.hpp"
#include "kernel/file/tree.hpp"
#include "kernel/options.hpp"
#include "kernel/panic.hpp"
#include "kernel/process/terminal.hpp"
#include "kernel/process/wait_queue.hpp"
#include "kernel/time/clock.hpp"
#include "mm/kernel_heap.hpp"

#include <algorithm>
#include <cstring>

namespace kernel {

namespace {

constinit WaitQueue input_queue;
constinit WaitQueue output_queue;

// A write to a pipe copies page by page, a write to a terminal in pieces of 2 KiB; of a piece that cannot be
// read completely nothing is written (Linux: fs/pipe.c, drivers/tty/tty_io.c).
constexpr size_t PipePiece = mm::PageSize;
constexpr size_t TerminalPiece = 2048;

// Where such a piece waits: short ones on the stack.
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

bool is_terminal_descriptor(int descriptor)
{
    // By hand, without a launcher, it is a person's terminal.
    return options().terminals_given ? options().terminal[descriptor] : !console_is_channel();
}

template <typename Ready> Result<void> wait_on(WaitQueue &queue, const File &file, Ready &&ready)
{
    if (ready()) return {};
    if (file.is_non_blocking()) return Errno::TryAgain;
    if (wait_until(queue, ready) != WaitResult::Ready) return Errno::RestartSystem;
    return {};
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

Result<size_t> write_pieces(const File &file, Stream stream, UserBuffer &from, size_t piece_size)
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

Result<size_t> read_pipe(const File &file, UserBuffer &to)
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

bool terminal_has_input()
{
    auto input = terminal_input.lock();
    return input->begin < input->end || pipe_has_input();
}

Result<size_t> read_terminal(const File &file, UserBuffer &to)
{
    if (to.empty()) return size_t{0};
    TRY_VOID(check_foreground(current_process(), Signal::TerminalInput));
    std::byte line[TerminalPiece];
    size_t length = 0;
    while (length == 0) {
        TRY_VOID(
            wait_on(input_queue, file, [] { return terminal_has_input() || ask_for_input(TerminalPiece); }));
        if (!to.can_store(sizeof line)) return Errno::BadAddress;
        auto input = terminal_input.lock();
        if (input->begin == input->end) {
            ConsoleInput taken = console_read(input->bytes);
            if (taken.state == ConsoleInput::State::EndOfInput) return size_t{0};
            if (taken.state == ConsoleInput::State::WouldBlock) continue;
            input->begin = 0;
            input->end = taken.count;
        }
        const std::byte *first = input->bytes.data() + input->begin;
        length = std::min(input->end - input->begin, to.size());
        if (auto *newline = static_cast<const std::byte *>(std::memchr(first, '\n', length)))
            length = static_cast<size_t>(newline - first) + 1;
        std::memcpy(line, first, length);
        input->begin += length;
    }
    return store_or_fault(to, line, length);
}

Result<uint64_t> terminal_readable_bytes()
{
    auto input = terminal_input.lock();
    return input->end - input->begin + console_poll_input().count;
}

// Only who wants to know lets input come: what nobody asks for is another's.
uint32_t poll_input_pipe(PollWatch &watch)
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

uint32_t poll_output(PollWatch &watch)
{
    watch.join(output_queue);
    return console_can_write() ? poll_event::Writable : 0;
}

int64_t boot_seconds()
{
    static const uint64_t started = wall_clock_nanoseconds() - clock_nanoseconds();
    return static_cast<int64_t>(started / 1'000'000'000);
}

// One end of a pipe to the launcher.
class ConsolePipe final : public Inode {
public:
    explicit ConsolePipe(int descriptor) : Inode(FileType::Fifo), descriptor_(descriptor) {}

    FileStatus status() const override
    {
        return {.device = make_device(0, 13), // Linux's pipefs
                .number = number(),
                .type = FileType::Fifo,
                .permissions = 0600,
                .modified = boot_seconds()};
    }
    void write_path(lib::TextSink &sink) const override { lib::format(sink, "pipe:[{}]", number()); }
    bool is_seekable() const override { return false; }
    Result<size_t> read(File &file, uint64_t, UserBuffer &to) override { return read_pipe(file, to); }
    Result<size_t> write(File &file, uint64_t, UserBuffer &from) override
    {
        return write_pieces(file, descriptor_ == 2 ? Stream::Error : Stream::Output, from, PipePiece);
    }
    uint32_t poll(const File &, PollWatch &watch) override
    {
        return descriptor_ == 0 ? poll_input_pipe(watch) : poll_output(watch);
    }
    Result<uint64_t> readable_bytes(uint64_t) override
    {
        return descriptor_ == 0 ? console_poll_input().count : size_t{0};
    }

private:
    uint64_t number() const { return 1000 + static_cast<uint64_t>(descriptor_); }

    int descriptor_;
};

// The terminal behind the launcher, by one of its names.
class Terminal final : public TreeNode {
public:
    // `original`: this is that terminal, only that its output goes elsewhere.
    Terminal(uint32_t major, uint32_t minor, Stream stream, const Terminal *original = nullptr)
        : TreeNode(FileType::CharacterDevice, {.permissions = 0620, .modified = boot_seconds()}),
          device_number_(make_device(major, minor)), stream_(stream), original_(original)
    {}

    FileStatus status() const override
    {
        if (original_) return original_->status();
        FileStatus status = TreeNode::status();
        status.device_number = device_number_;
        status.block_size = 1024;
        return status;
    }
    void write_path(lib::TextSink &sink) const override
    {
        if (original_) return original_->write_path(sink);
        TreeNode::write_path(sink);
    }
    Result<void> opened(File &file) override
    {
        if (!console_has_terminal()) return Errno::NoSuchDevice;
        if (current_thread().process == nullptr) return {}; // the kernel, for a program that it starts
        // /dev/tty is whichever terminal controls the process; a session that has none gets one by opening
        // it (credentials(7)), but not by opening the console (Linux: tty_open).
        if (device_number_ == Own)
            return has_terminal(current_process()) ? Result<void>{} : Errno::NoSuchDevice;
        if (device_number_ != Console && !(file.flags() & open_flags::NoControllingTerminal))
            (void)take_terminal(current_process(), false);
        return {};
    }
    bool is_seekable() const override { return false; }
    bool is_terminal() const override { return true; }
    Result<size_t> read(File &file, uint64_t, UserBuffer &to) override { return read_terminal(file, to); }
    Result<size_t> write(File &file, uint64_t, UserBuffer &from) override
    {
        return write_pieces(file, stream_, from, TerminalPiece);
    }
    uint32_t poll(const File &, PollWatch &watch) override
    {
        return poll_terminal_input(watch) | poll_output(watch);
    }
    Result<uint64_t> readable_bytes(uint64_t) override { return terminal_readable_bytes(); }

private:
    static constexpr uint64_t Own = make_device(5, 0), Console = make_device(5, 1);

    uint64_t device_number_;
    Stream stream_;
    const Terminal *original_;
};

// What descriptors 0, 1 and 2 of every program are.
constinit Inode *ends[3] = {};

template <typename T, typename... Arguments> T &make_or_refuse(Arguments... arguments)
{
    T *made = mm::create<T>(arguments...);
    if (!made) refuse("there is not enough memory for the console");
    return *made;
}

void add_or_refuse(TreeDirectory &directory, std::string_view name, TreeNode &node)
{
    if (!directory.add(name, node).ok()) refuse("there is not enough memory for the console");
}

} // namespace

bool console_has_terminal()
{
    return is_terminal_descriptor(0) || is_terminal_descriptor(1) || is_terminal_descriptor(2);
}

void init_console_files(TreeDirectory &dev)
{
    console_input_hook = [] { input_queue.wake_all(); };
    console_output_hook = [] {
        output_queue.wake_all();
        input_queue.wake_all(); // what asks for input goes the same way
    };

    // Output through /dev/tty goes where it reaches the person's terminal.
    bool only_error = !is_terminal_descriptor(1) && is_terminal_descriptor(2);
    Stream stream = only_error ? Stream::Error : Stream::Output;
    auto &terminal = make_or_refuse<Terminal>(136u, 0u, stream);
    auto &pts = make_or_refuse<TreeDirectory>();
    add_or_refuse(dev, "pts", pts);
    add_or_refuse(pts, "0", terminal);
    add_or_refuse(dev, "tty", make_or_refuse<Terminal>(5u, 0u, stream));
    add_or_refuse(dev, "console", make_or_refuse<Terminal>(5u, 1u, stream));

    for (int descriptor = 0; descriptor < 3; descriptor++) {
        if (!is_terminal_descriptor(descriptor))
            ends[descriptor] = &make_or_refuse<ConsolePipe>(descriptor);
        else if (descriptor < 2)
            ends[descriptor] = &terminal;
        else
            ends[descriptor] = &make_or_refuse<Terminal>(136u, 0u, Stream::Error, &terminal);
    }
}

WaitResult wait_for_console_room()
{
    return wait_until(output_queue, console_can_write);
}

Result<Ref<File>> open_console_file(int descriptor)
{
    Inode &end = *ends[descriptor];
    uint32_t flags = end.is_terminal() ? open_flags::ReadWrite : descriptor == 0 ? 0 : open_flags::WriteOnly;
    return File::open(Ref<Inode>(end), flags);
}

} // namespace kernel
