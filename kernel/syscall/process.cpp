// Who a process is, how it ends, and who runs next: getpid … getgroups, umask, exit, exit_group, sched_yield,
// sched_getaffinity.
#include "kernel/process/process.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel::syscalls {

int32_t getpid()
{
    return current_process().pid();
}
int32_t gettid()
{
    return current_thread().tid;
}
int32_t getppid()
{
    return current_process().parent()->pid(); // init alone has none, and calls nothing
}

int32_t getuid()
{
    return 0;
}

Result<void> getresuid(VirtAddr real, VirtAddr effective, VirtAddr saved)
{
    TRY_VOID(write_user(real, uint32_t{0}));
    TRY_VOID(write_user(effective, uint32_t{0}));
    return write_user(saved, uint32_t{0});
}

// Root belongs to no other groups.
Result<uint32_t> getgroups(int size, VirtAddr)
{
    if (size < 0) return Errno::Invalid;
    return uint32_t{0};
}

uint32_t umask(uint32_t mask)
{
    return current_process().set_umask(mask & 0777);
}

Result<void> exit(uint32_t code)
{
    end_current_process({.how = ExitHow::Exited, .value = static_cast<uint8_t>(code)});
}

Result<void> sched_yield()
{
    yield();
    return {};
}

Result<uint64_t> sched_getaffinity(int32_t pid, uint32_t size, VirtAddr mask)
{
    constexpr uint64_t OnlyProcessor = 1;
    if (size == 0 || size % sizeof OnlyProcessor != 0) return Errno::Invalid;
    if (pid < 0 || (pid != 0 && !find_process(pid))) return Errno::NoProcess;
    TRY_VOID(write_user(mask, OnlyProcessor));
    return sizeof OnlyProcessor;
}

} // namespace kernel::syscalls
