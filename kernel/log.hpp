// The kernel's log: lines of plain text on COM1, from the first instruction to the panic.
//
//     log_info("memory: {} MiB in {} regions", megabytes, count);
//
// One call is one line; the newline is added. Callable with any lock held and from interrupt handlers.
#pragma once

#include "lib/format.hpp"

namespace kernel {

enum class LogLevel : uint8_t { Info, Warning, Error };

// Lines below `level` are dropped from now on. The console uses it when a person's terminal shares COM1.
void set_log_level(LogLevel level);

void log_line(LogLevel level, std::string_view format, std::span<const lib::FormatArgument> arguments);

template <typename... Arguments>
void log(LogLevel level, lib::FormatString<Arguments...> format, const Arguments &...arguments)
{
    const lib::FormatArgument list[] = {lib::detail::make_argument(arguments)..., lib::FormatArgument{}};
    log_line(level, format.text(), std::span<const lib::FormatArgument>(list, sizeof...(Arguments)));
}

template <typename... Arguments>
void log_info(lib::FormatString<Arguments...> format, const Arguments &...arguments)
{
    log(LogLevel::Info, format, arguments...);
}

template <typename... Arguments>
void log_warning(lib::FormatString<Arguments...> format, const Arguments &...arguments)
{
    log(LogLevel::Warning, format, arguments...);
}

template <typename... Arguments>
void log_error(lib::FormatString<Arguments...> format, const Arguments &...arguments)
{
    log(LogLevel::Error, format, arguments...);
}

} // namespace kernel
