// reboot(2).
#include "kernel/process/init.hpp"
#include "kernel/process/shutdown.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel::syscalls {

namespace {

// LINUX_REBOOT_… (include/uapi/linux/reboot.h).
constexpr uint32_t FirstMagic = 0xfee1dead;
constexpr uint32_t SecondMagics[] = {672274793, 85072278, 369367448, 537993216};
constexpr uint32_t Restart = 0x01234567, Halt = 0xcdef0123, PowerOff = 0x4321fedc, RestartWith = 0xa1b2c3d4,
                   KeysOn = 0x89abcdef, KeysOff = 0;
constexpr size_t MaxCommand = 256;

bool is_second_magic(uint32_t number)
{
    for (uint32_t magic : SecondMagics) {
        if (number == magic) return true;
    }
    return false;
}

Result<Shutdown> shutdown_of(uint32_t command, VirtAddr argument)
{
    switch (command) {
    case Halt:
        return Shutdown::Halt;
    case PowerOff:
        return Shutdown::PowerOff;
    case RestartWith: {
        char text[MaxCommand]; // for a firmware that does not ask
        auto length = copy_string_from_user(text, argument, sizeof text);
        if (!length.ok() && length.error() != Errno::NameTooLong) return length.error();
        return Shutdown::Restart;
    }
    case Restart:
        return Shutdown::Restart;
    default:
        return Errno::Invalid; // no kexec, no sleep
    }
}

} // namespace

Result<void> reboot(uint32_t first_magic, uint32_t second_magic, uint32_t command, VirtAddr argument)
{
    if (first_magic != FirstMagic || !is_second_magic(second_magic)) return Errno::Invalid;
    if (command == KeysOn || command == KeysOff) return {}; // there is no Ctrl-Alt-Del
    request_shutdown(TRY(shutdown_of(command, argument)), true);
    // Whoever asks does not come back.
    send_signal(current_process(),
                {.signal = Signal::Kill, .origin = SignalInfo::Origin::Program, .sender = InitPid});
    return {};
}

} // namespace kernel::syscalls
