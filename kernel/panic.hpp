// The two ways in which the kernel gives up. Neither returns; both say why on COM1 and leave through
// debug-exit.
#pragma once

#include "lib/format.hpp"

namespace kernel {

struct TrapFrame;

// An invariant of the kernel is broken: "vitrine: panic: REASON", registers, backtrace; debug-exit 0x11.
// A panic within a panic says only its reason.
[[noreturn]] void panic_text(std::string_view reason);
// The same for a trap: the registers are the interrupted ones; for a page fault also the walk of all four
// levels.
[[noreturn]] void panic_trap(const TrapFrame &frame, std::string_view reason);

// The kernel cannot do what it was started for (bad option, missing processor feature, no program, malformed
// archive …): "vitrine: refused: REASON"; debug-exit 0x12. Says nothing about registers: nothing is broken.
[[noreturn]] void refuse_text(std::string_view reason);

inline constexpr size_t MaxReason = 400;

template <typename... Arguments>
[[noreturn]] void panic(lib::FormatString<Arguments...> format, const Arguments &...arguments)
{
    char text[MaxReason];
    panic_text(lib::format_to(text, format, arguments...));
}

template <typename... Arguments>
[[noreturn]] void refuse(lib::FormatString<Arguments...> format, const Arguments &...arguments)
{
    char text[MaxReason];
    refuse_text(lib::format_to(text, format, arguments...));
}

} // namespace kernel
