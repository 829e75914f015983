// The console's inodes, and their names. See console_file.hpp.
#include "kernel/file/console_file.hpp"

#include "kernel/file/console_stream.hpp"
#include "kernel/file/poll.hpp"
#include "kernel/file/tree.hpp"
#include "kernel/options.hpp"
#include "kernel/panic.hpp"
#include "kernel/process/terminal.hpp"
#include "kernel/time/clock.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

namespace {

bool is_terminal_descriptor(int descriptor)
{
    // By hand, without a launcher, it is a person's terminal.
    return options().terminals_given ? options().terminal[descriptor] : !console_is_channel();
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
    Result<size_t> read(File &file, uint64_t, UserBuffer &to) override { return read_console_pipe(file, to); }
    Result<size_t> write(File &file, uint64_t, UserBuffer &from) override
    {
        return write_console(file, descriptor_ == 2 ? Stream::Error : Stream::Output, from, PipePiece);
    }
    uint32_t poll(const File &, PollWatch &watch) override
    {
        return descriptor_ == 0 ? poll_console_pipe(watch) : poll_console_output(watch);
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
        return write_console(file, stream_, from, TerminalPiece);
    }
    uint32_t poll(const File &, PollWatch &watch) override
    {
        return poll_terminal_input(watch) | poll_console_output(watch);
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
    init_console_streams();

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

Result<Ref<File>> open_console_file(int descriptor)
{
    Inode &end = *ends[descriptor];
    uint32_t flags = end.is_terminal() ? open_flags::ReadWrite : descriptor == 0 ? 0 : open_flags::WriteOnly;
    return File::open(Ref<Inode>(end), flags);
}

} // namespace kernel
