// ioctl: what every descriptor knows (FIONREAD, FIOCLEX …) and what a terminal does (ioctl_tty(2)).
#include "kernel/device/console.hpp"
#include "kernel/file/console_stream.hpp"
#include "kernel/file/file_table.hpp"
#include "kernel/options.hpp"
#include "kernel/process/terminal.hpp"
#include "kernel/syscall/calls.hpp"

#include <utility>

namespace kernel::syscalls {

namespace {

namespace request {
constexpr uint32_t GetAttributes = 0x5401;      // TCGETS
constexpr uint32_t SetAttributes = 0x5402;      // TCSETS
constexpr uint32_t SetAttributesDrain = 0x5403; // TCSETSW
constexpr uint32_t SetAttributesFlush = 0x5404; // TCSETSF
constexpr uint32_t TakeTerminal = 0x540e;       // TIOCSCTTY
constexpr uint32_t GetProcessGroup = 0x540f;    // TIOCGPGRP
constexpr uint32_t SetProcessGroup = 0x5410;    // TIOCSPGRP
constexpr uint32_t GetWindowSize = 0x5413;      // TIOCGWINSZ
constexpr uint32_t SetWindowSize = 0x5414;      // TIOCSWINSZ
constexpr uint32_t BytesReadable = 0x541b;      // FIONREAD
constexpr uint32_t SetNonBlocking = 0x5421;     // FIONBIO
constexpr uint32_t LeaveTerminal = 0x5422;      // TIOCNOTTY
constexpr uint32_t GetSession = 0x5429;         // TIOCGSID
constexpr uint32_t ClearCloseOnExec = 0x5450;   // FIONCLEX
constexpr uint32_t SetCloseOnExec = 0x5451;     // FIOCLEX
} // namespace request

// struct termios of the kernel (include/uapi/asm-generic/termbits.h), as a terminal begins. The line
// discipline runs in the person's own terminal: of what programs set here it learns whether they want lines,
// echo and signals; how long a read waits for keys is decided here; the rest is only remembered.
struct TerminalAttributes {
    uint32_t input = 0x4500; // ICRNL IXON IUTF8
    uint32_t output = 0x5;   // OPOST ONLCR
    uint32_t control = 0xbf; // B38400 CS8 CREAD
    uint32_t local = 0x8a3b; // ISIG ICANON ECHO ECHOE ECHOK ECHOCTL ECHOKE IEXTEN
    uint8_t line = 0;
    uint8_t characters[19] = {3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0};
};
static_assert(sizeof(TerminalAttributes) == 36);
constexpr size_t TenthsCharacter = 5, MinimumCharacter = 6;     // VTIME and VMIN
constexpr uint32_t Signals = 0x1, WholeLines = 0x2, Echo = 0x8; // ISIG, ICANON and ECHO of `local`
constinit TerminalAttributes attributes;

struct WindowSize {
    uint16_t rows, columns, horizontal_pixels, vertical_pixels;
    bool operator==(const WindowSize &) const = default;
};

WindowSize &window_size()
{
    static WindowSize size{options().rows, options().columns, 0, 0};
    return size;
}

Result<void> terminal_request(uint32_t command, VirtAddr argument)
{
    Process &process = current_process();
    switch (command) {
    case request::GetAttributes:
        return write_user(argument, attributes);
    case request::SetAttributes:
    case request::SetAttributesDrain:
    case request::SetAttributesFlush:
        TRY_VOID(check_foreground(process, Signal::TerminalOutput));
        attributes = TRY(read_user<TerminalAttributes>(argument));
        console_set_terminal_mode({.lines = (attributes.local & WholeLines) != 0,
                                   .echo = (attributes.local & Echo) != 0,
                                   .signals = (attributes.local & Signals) != 0});
        set_terminal_reading({.lines = (attributes.local & WholeLines) != 0,
                              .minimum = attributes.characters[MinimumCharacter],
                              .tenths = attributes.characters[TenthsCharacter]});
        return {};
    case request::GetProcessGroup:
        return write_user(argument, TRY(foreground_group(process)));
    case request::GetSession:
        return write_user(argument, TRY(terminal_session(process)));
    case request::TakeTerminal:
        return take_terminal(process, argument.value() == 1);
    case request::LeaveTerminal:
        return leave_terminal(process);
    case request::SetProcessGroup: {
        auto group = TRY(read_user<int32_t>(argument));
        return set_foreground_group(process, group);
    }
    case request::GetWindowSize:
        return write_user(argument, window_size());
    case request::SetWindowSize: {
        auto size = TRY(read_user<WindowSize>(argument));
        if (std::exchange(window_size(), size) != size)
            signal_from_terminal(static_cast<uint8_t>(Signal::WindowSize));
        return {};
    }
    default:
        return Errno::NotTerminal;
    }
}

} // namespace

Result<int64_t> ioctl(uint32_t descriptor, uint32_t command, uint64_t argument)
{
    FileTable &files = current_process().files();
    int number = static_cast<int>(descriptor);
    TRY_LET(file, files.find(number));
    VirtAddr address{argument};
    switch (command) {
    case request::SetCloseOnExec:
    case request::ClearCloseOnExec:
        TRY_VOID(files.set_close_on_exec(number, command == request::SetCloseOnExec));
        break;
    case request::SetNonBlocking: {
        bool on = TRY(read_user<int32_t>(address)) != 0;
        uint32_t others = file->flags() & ~open_flags::NonBlocking;
        file->set_flags(on ? others | open_flags::NonBlocking : others);
        break;
    }
    case request::BytesReadable: {
        uint64_t bytes = TRY(file->inode().readable_bytes(file->position()));
        TRY_VOID(write_user(address, static_cast<int32_t>(bytes)));
        break;
    }
    default:
        TRY_VOID(file->inode().is_terminal() ? terminal_request(command, address)
                                             : file->inode().control(command, address));
    }
    return int64_t{0};
}

} // namespace kernel::syscalls
