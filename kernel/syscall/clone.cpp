// fork, vfork, clone, clone3: another process.
#include "kernel/process/fork.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel::syscalls {

namespace {

// CLONE_… (include/uapi/linux/sched.h). What is not here and not refused below changes nothing: tracing, I/O
// contexts, System V semaphores.
namespace clone_flag {
constexpr uint64_t Memory = 0x100, Directories = 0x200, Files = 0x400, Handlers = 0x800, Descriptor = 0x1000,
                   Vfork = 0x4000, Parent = 0x8000, Thread = 0x10000, NewMounts = 0x20000,
                   ThreadPointer = 0x80000, ParentTid = 0x100000, ClearChildTid = 0x200000,
                   Detached = 0x400000, ChildTid = 0x1000000, ClearHandlers = 0x100000000,
                   IntoGroup = 0x200000000;
constexpr uint64_t NewTime = 0x80, NewControlGroup = 0x2000000, NewNames = 0x4000000, NewMessages = 0x8000000,
                   NewUsers = 0x10000000, NewPids = 0x20000000, NewNetwork = 0x40000000;
constexpr uint64_t Namespaces =
    NewTime | NewMounts | NewControlGroup | NewNames | NewMessages | NewUsers | NewPids | NewNetwork;
} // namespace clone_flag
constexpr uint64_t ExitSignal = 0xff; // CSIGNAL

// struct clone_args of clone3(2), as of Linux 6.1.
struct UserCloneArguments {
    uint64_t flags, pid_descriptor, child_tid, parent_tid, exit_signal, stack, stack_size, thread_pointer;
    uint64_t chosen_tids, chosen_tid_count, control_group;
};
constexpr uint64_t FirstVersionSize = 64;
static_assert(sizeof(UserCloneArguments) == 88);

Result<CloneRequest> request_of(const UserCloneArguments &arguments)
{
    uint64_t flags = arguments.flags;
    auto has = [flags](uint64_t flag) { return (flags & flag) != 0; };
    if (has(clone_flag::Thread) && !has(clone_flag::Handlers)) return Errno::Invalid;
    if (has(clone_flag::Handlers) && !has(clone_flag::Memory)) return Errno::Invalid;
    if (has(clone_flag::Handlers) && has(clone_flag::ClearHandlers)) return Errno::Invalid;
    // There are no namespaces, process descriptors and control groups: as on a Linux that was built without.
    if (has(clone_flag::Namespaces | clone_flag::Descriptor | clone_flag::IntoGroup)) return Errno::Invalid;
    if (has(clone_flag::Thread)) return Errno::NoSystemCall; // a process has one thread
    // init has no siblings.
    if (has(clone_flag::Parent) && current_process().parent()->parent() == nullptr) return Errno::Invalid;
    if (has(clone_flag::ThreadPointer) && arguments.thread_pointer >= mm::UserEnd.value())
        return Errno::NotPermitted;
    auto address_if = [&](uint64_t flag, uint64_t address) { return VirtAddr{has(flag) ? address : 0}; };
    CloneRequest request;
    request.share_memory = has(clone_flag::Memory);
    request.wait_for_memory = has(clone_flag::Vfork);
    request.share_directories = has(clone_flag::Directories);
    request.share_files = has(clone_flag::Files);
    request.share_handlers = has(clone_flag::Handlers);
    request.clear_handlers = has(clone_flag::ClearHandlers);
    request.is_sibling = has(clone_flag::Parent);
    request.exit_signal = has(clone_flag::Parent) ? current_process().exit_signal()
                                                  : static_cast<Signal>(arguments.exit_signal);
    request.stack_pointer = VirtAddr{arguments.stack + arguments.stack_size};
    request.set_thread_pointer = has(clone_flag::ThreadPointer);
    request.thread_pointer = arguments.thread_pointer;
    request.parent_tid = address_if(clone_flag::ParentTid, arguments.parent_tid);
    request.child_tid = address_if(clone_flag::ChildTid, arguments.child_tid);
    request.clear_child_tid = address_if(clone_flag::ClearChildTid, arguments.child_tid);
    return request;
}

// Of a longer structure than this kernel knows the rest must be zero.
Result<UserCloneArguments> read_arguments(VirtAddr from, uint64_t size)
{
    if (size > mm::PageSize) return Errno::ArgumentListTooLong;
    if (size < FirstVersionSize) return Errno::Invalid;
    UserCloneArguments arguments{};
    TRY_VOID(copy_from_user(&arguments, from, std::min(size, sizeof arguments)));
    for (uint64_t at = sizeof arguments; at < size; at++) {
        if (TRY(read_user<uint8_t>(from + at)) != 0) return Errno::ArgumentListTooLong;
    }
    return arguments;
}

Result<void> check_arguments(const UserCloneArguments &arguments)
{
    uint64_t flags = arguments.flags;
    constexpr uint64_t Highest = clone_flag::IntoGroup;
    if (flags >= Highest << 1) return Errno::Invalid;
    if ((flags & (clone_flag::Detached | (ExitSignal & ~clone_flag::NewTime))) != 0) return Errno::Invalid;
    if (arguments.exit_signal > SignalCount) return Errno::Invalid;
    if ((flags & (clone_flag::Thread | clone_flag::Parent)) != 0 && arguments.exit_signal != 0)
        return Errno::Invalid;
    if ((arguments.stack == 0) != (arguments.stack_size == 0)) return Errno::Invalid;
    if (!is_user_range(VirtAddr{arguments.stack}, arguments.stack_size)) return Errno::Invalid;
    // Nobody may choose a number.
    if (arguments.chosen_tids != 0 || arguments.chosen_tid_count != 0) return Errno::Invalid;
    return {};
}

} // namespace

Result<int32_t> fork()
{
    return fork_process({});
}

Result<int32_t> vfork()
{
    return fork_process({.share_memory = true, .wait_for_memory = true});
}

Result<int32_t> clone(uint64_t flags, VirtAddr stack, VirtAddr parent_tid, VirtAddr child_tid,
                      uint64_t thread_pointer)
{
    UserCloneArguments arguments{};
    arguments.flags = static_cast<uint32_t>(flags) & ~ExitSignal;
    arguments.exit_signal = flags & ExitSignal;
    if (arguments.exit_signal > SignalCount) return Errno::Invalid;
    arguments.stack = stack.value();
    arguments.parent_tid = parent_tid.value();
    arguments.child_tid = child_tid.value();
    arguments.thread_pointer = thread_pointer;
    return fork_process(TRY(request_of(arguments)));
}

Result<int32_t> clone3(VirtAddr arguments, uint64_t size)
{
    auto read = TRY(read_arguments(arguments, size));
    TRY_VOID(check_arguments(read));
    return fork_process(TRY(request_of(read)));
}

} // namespace kernel::syscalls
