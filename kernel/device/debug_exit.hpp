// QEMU's isa-debug-exit: ending the machine with a word on how it went.
#pragma once

#include <cstdint>

namespace kernel {

// QEMU ends with status value * 2 + 1, never 0.
enum class ExitCode : uint8_t {
    Done = 0x10,    // all programs have ended
    Panic = 0x11,   // the kernel is broken
    Refused = 0x12, // the kernel could not start what it was asked to
};

// Ends QEMU. On a machine without the device: halts for ever.
[[noreturn]] void debug_exit(ExitCode code);

} // namespace kernel
