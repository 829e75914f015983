// The ordered list of what makes a machine into Vitrine, and nothing else.
#include "boot/boot_info.hpp"
#include "kernel/device/debug_exit.hpp"
#include "kernel/device/serial.hpp"
#include "kernel/log.hpp"
#include "kernel/panic.hpp"

void kernel_main(const boot::BootInfo &info)
{
    kernel::init_serial();
    kernel::log_info("Vitrine, started by {}", info.loader_name());
    if (info.problem != nullptr) kernel::refuse("{}", info.problem);
    for (auto &r : info.regions())
        kernel::log_info("{:#014x}-{:#014x} {}", r.begin.value(), r.end.value(), static_cast<unsigned>(r.type));
    kernel::log_info("command line '{}'", info.command_line());
    kernel::log_info("archive {:#x}-{:#x}", info.archive.begin.value(), info.archive.end.value());
    kernel::debug_exit(kernel::ExitCode::Done);
}
