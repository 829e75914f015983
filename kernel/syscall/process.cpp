// Who a process is, how it ends, and who runs next: getpid … setgroups, umask, exit, exit_group, sched_yield,
// sched_getaffinity, sched_setaffinity.
#include "kernel/process/process.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/trap/user_copy.hpp"

#include <algorithm>

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

// 0 is the only number of a user or group that exists here, as in a user namespace that maps no other:
// setuid(2), EINVAL.
Result<void> setuid(uint32_t id)
{
    if (id != 0) return Errno::Invalid;
    return {};
}

Result<void> setresuid(uint32_t real, uint32_t effective, uint32_t saved)
{
    constexpr uint32_t Keep = UINT32_MAX;
    for (uint32_t id : {real, effective, saved})
        if (id != Keep) TRY_VOID(setuid(id));
    return {};
}

Result<void> setreuid(uint32_t real, uint32_t effective)
{
    return setresuid(real, effective, 0);
}

// What it was before; that is how it says no, too (setfsuid(2)).
int32_t setfsuid(uint32_t)
{
    return 0;
}

Result<void> setgroups(int size, VirtAddr)
{
    if (size != 0) return Errno::Invalid;
    return {};
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

namespace {

constexpr uint64_t OnlyProcessor = 1;

Result<void> check_process(int32_t pid)
{
    if (pid < 0 || (pid != 0 && !find_process(pid))) return Errno::NoProcess;
    return {};
}

} // namespace

Result<uint64_t> sched_getaffinity(int32_t pid, uint32_t size, VirtAddr mask)
{
    if (size == 0 || size % sizeof OnlyProcessor != 0) return Errno::Invalid;
    TRY_VOID(check_process(pid));
    TRY_VOID(write_user(mask, OnlyProcessor));
    return sizeof OnlyProcessor;
}

// Of the mask counts what is there, and of that the processors that exist: one of them must be among them.
Result<void> sched_setaffinity(int32_t pid, uint32_t size, VirtAddr mask)
{
    uint64_t wanted = 0;
    TRY_VOID(copy_from_user(&wanted, mask, std::min<size_t>(size, sizeof wanted)));
    TRY_VOID(check_process(pid));
    if (!(wanted & OnlyProcessor)) return Errno::Invalid;
    return {};
}

} // namespace kernel::syscalls
