#include "kernel/device/debug_exit.hpp"

#include "kernel/cpu/interrupts.hpp"
#include "kernel/cpu/ports.hpp"

namespace kernel {

namespace {
constexpr uint16_t DebugExitPort = 0xf4; // -device isa-debug-exit,iobase=0xf4,iosize=4
} // namespace

void debug_exit(ExitCode code)
{
    out32(DebugExitPort, static_cast<uint32_t>(code));
    halt_for_ever();
}

} // namespace kernel
