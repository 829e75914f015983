// Log lines: "[seconds since boot] text".
#include "kernel/log.hpp"

#include "kernel/cpu/clock.hpp"
#include "kernel/cpu/interrupts.hpp"
#include "kernel/device/serial.hpp"
#include "lib/spinlock.hpp"
#include "lib/visible_text.hpp"

namespace kernel {

namespace {

constinit LogLevel lowest_level = LogLevel::Info;
constinit lib::Spinlock line_lock; // one line at a time

class SerialSink final : public lib::TextSink {
public:
    void put(std::string_view text) override { serial_write(text); }
};

} // namespace

void set_log_level(LogLevel level)
{
    lowest_level = level;
}

void log_line(LogLevel level, std::string_view format, std::span<const lib::FormatArgument> arguments)
{
    if (level < lowest_level) return;
    InterruptsOff no_interrupts; // an interrupt handler's line must not wait for the one it interrupted
    uint64_t microseconds = clock_nanoseconds() / 1000;
    SerialSink sink;
    line_lock.lock();
    lib::format(sink, "[{:>3}.{:06}] {}", microseconds / 1'000'000, microseconds % 1'000'000,
                level == LogLevel::Info      ? ""
                : level == LogLevel::Warning ? "warning: "
                                             : "error: ");
    lib::VisibleSink visible(sink); // names are what programs want them to be
    lib::format_arguments(visible, format, arguments);
    sink.put("\n");
    line_lock.unlock();
}

} // namespace kernel
