#include "kernel/device/serial_console.hpp"

#include "kernel/device/byte_ring.hpp"
#include "kernel/device/serial.hpp"
#include "kernel/log.hpp"

namespace kernel {

namespace {

constexpr char EndOfInput = 'D' - '@', EraseLine = 'U' - '@', Backspace = '\b', Delete = 0x7f;
constexpr char InterruptKey = 'C' - '@', QuitKey = '\\' - '@', StopKey = 'Z' - '@';

[[gnu::section(".bss.large")]] constinit ByteRing<4096> lines; // complete lines that nobody has read yet
[[gnu::section(".bss.large")]] constinit std::byte edited[1024];
constinit size_t edited_length = 0;
constinit TerminalMode mode;
// How many ends of input were typed; each is read once, as from a terminal.
constinit unsigned ends = 0;

void finish_line()
{
    lines.put({edited, edited_length}); // what does not fit is lost, as with a terminal
    edited_length = 0;
}

void echo(std::string_view text)
{
    if (mode.echo) serial_write(text);
}

void erase_one()
{
    if (edited_length == 0) return;
    // A character of UTF-8 is its first byte and all continuation bytes behind it.
    while (edited_length > 1 && (edited[edited_length - 1] & std::byte{0xc0}) == std::byte{0x80})
        edited_length--;
    edited_length--;
    echo("\b \b");
}

// The signal that a key stands for (signal(7)), or 0.
uint8_t signal_of(char c)
{
    switch (c) {
    case InterruptKey:
        return 2;
    case QuitKey:
        return 3;
    case StopKey:
        return 20;
    default:
        return 0;
    }
}

void type(char c)
{
    if (c == '\r') c = '\n';
    if (uint8_t number = signal_of(c); number != 0 && mode.signals && console_signal_hook != nullptr) {
        const char shown[] = {'^', static_cast<char>(c + '@'), '\r', '\n'};
        echo({shown, sizeof shown});
        edited_length = 0;
        return console_signal_hook(number);
    }
    if (!mode.lines) {
        const auto key = static_cast<std::byte>(c);
        lines.put({&key, 1});
        return echo({&c, 1});
    }
    switch (c) {
    case EndOfInput:
        if (edited_length == 0)
            ends++;
        else
            finish_line();
        return;
    case EraseLine:
        while (edited_length > 0) erase_one();
        return;
    case Backspace:
    case Delete:
        erase_one();
        return;
    default:
        break;
    }
    if (c != '\n' && edited_length == std::size(edited) - 1) return; // room for the newline stays
    edited[edited_length++] = static_cast<std::byte>(c);
    echo(c == '\n' ? std::string_view("\r\n") : std::string_view(&c, 1));
    if (c == '\n') finish_line();
}

void on_typed()
{
    uint8_t byte;
    while (serial_read(byte)) type(static_cast<char>(byte));
    if (console_input_hook != nullptr) console_input_hook();
}

} // namespace

void init_serial_console()
{
    if (!serial_enable_receive(on_typed)) log_warning("there is no I/O APIC: the console cannot be typed on");
}

void serial_console_set_mode(TerminalMode wanted)
{
    mode = wanted;
    if (!mode.lines) finish_line(); // what was typed so far counts as typed
}

void serial_console_write(std::span<const std::byte> bytes)
{
    std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    while (!text.empty()) { // a terminal needs both, a carriage return and a line feed
        size_t newline = text.find('\n');
        serial_write(text.substr(0, newline));
        if (newline == std::string_view::npos) return;
        serial_write("\r\n");
        text.remove_prefix(newline + 1);
    }
}

ConsoleInput serial_console_poll()
{
    if (lines.used() > 0) return {ConsoleInput::State::Data, lines.used()};
    return {ends > 0 ? ConsoleInput::State::EndOfInput : ConsoleInput::State::WouldBlock, 0};
}

ConsoleInput serial_console_read(std::span<std::byte> buffer)
{
    ConsoleInput there = serial_console_poll();
    if (there.state == ConsoleInput::State::EndOfInput) ends--;
    if (there.state == ConsoleInput::State::Data) there.count = lines.take(buffer);
    return there;
}

} // namespace kernel
