// The console: the channel where there is a launcher, COM1 where there is a person.
#include "kernel/device/console.hpp"

#include "kernel/device/channel.hpp"
#include "kernel/device/serial_console.hpp"
#include "kernel/log.hpp"
#include "lib/visible_text.hpp"

namespace kernel {

constinit ConsoleHook console_input_hook = nullptr;
constinit ConsoleHook console_output_hook = nullptr;
constinit ConsoleSignalHook console_signal_hook = nullptr;

namespace {

constexpr size_t MaxLesson = 1024; // longer ones are cut off

constinit bool has_channel = false;
constinit TerminalMode terminal_mode;
constinit bool signals_are_ours = false;

std::span<const std::byte> bytes_of(std::string_view text)
{
    return std::as_bytes(std::span(text));
}

void send_terminal_mode()
{
    const TerminalMode &mode = terminal_mode;
    const std::byte payload[] = {
        static_cast<std::byte>(mode.lines | mode.echo << 1 | mode.signals << 2 | signals_are_ours << 3)};
    channel_send_whole(FrameType::TerminalMode, payload);
}

} // namespace

void init_console()
{
    const char *problem = init_channel();
    has_channel = problem == nullptr;
    if (has_channel) {
        log_info("console: the launcher's channel (virtio-console)");
        return;
    }
    log_info("console: this serial line; no virtio-console: {}", problem);
    set_log_level(LogLevel::Warning); // from now on the line is the programs'
    init_serial_console();
}

bool console_is_channel()
{
    return has_channel;
}

size_t console_write(Stream stream, std::span<const std::byte> bytes)
{
    if (has_channel) return channel_send(static_cast<FrameType>(stream), bytes);
    serial_console_write(bytes);
    return bytes.size();
}

bool console_can_write()
{
    return !has_channel || channel_can_send();
}

void console_want_input(size_t bytes)
{
    if (has_channel) channel_want_input(bytes);
}

void console_set_terminal_mode(TerminalMode mode)
{
    if (mode == terminal_mode) return;
    terminal_mode = mode;
    if (has_channel)
        send_terminal_mode();
    else
        serial_console_set_mode(mode);
}

void console_take_signals(bool are_ours)
{
    if (are_ours == signals_are_ours) return;
    signals_are_ours = are_ours;
    if (has_channel) send_terminal_mode();
}

ConsoleInput console_read(std::span<std::byte> buffer)
{
    if (buffer.empty()) return {ConsoleInput::State::Data, 0};
    return has_channel ? channel_read(buffer) : serial_console_read(buffer);
}

ConsoleInput console_poll_input()
{
    return has_channel ? channel_poll() : serial_console_poll();
}

void console_lesson(std::string_view text)
{
    char buffer[MaxLesson];
    lib::BufferSink line(buffer);
    lib::VisibleSink(line).put(text);
    if (has_channel) {
        log_info("{}", line.text());
        channel_send_whole(FrameType::Lesson, bytes_of(line.text()));
    } else {
        serial_console_write(bytes_of(line.text()));
        serial_console_write(bytes_of("\n"));
    }
}

void console_send_status(ExitHow how, uint8_t value)
{
    log_info("the first program {} {}",
             how == ExitHow::Exited ? "exited with status" : "was killed by signal", value);
    const std::byte payload[] = {static_cast<std::byte>(how), static_cast<std::byte>(value)};
    if (has_channel) channel_send_whole(FrameType::Status, payload);
}

void console_flush()
{
    if (has_channel && !channel_flush()) log_error("the launcher has not taken all output");
}

} // namespace kernel
