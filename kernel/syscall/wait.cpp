// wait4, waitid: what has become of children.
#include "kernel/process/wait.hpp"

#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/user_usage.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel::syscalls {

namespace {

// WNOHANG … (include/uapi/linux/wait.h). There are no threads, so __WNOTHREAD changes nothing.
namespace wait_option {
constexpr uint32_t DontWait = 1, Stopped = 2, Ended = 4, Continued = 8, Keep = 0x01000000,
                   NoThreads = 0x20000000, All = 0x40000000, Clones = 0x80000000;
}
// idtype_t.
constexpr int AnyChild = 0, ChildOfNumber = 1, ChildOfGroup = 2;

// siginfo_t as waitid(2) fills it in; the rest of the 128 bytes is not touched.
struct UserChildInfo {
    int32_t signal, error, code, padding;
    int32_t pid, uid, status;
};

constexpr int32_t ChildSignal = 17;
constexpr int32_t Exited = 1, Killed = 2, StoppedCode = 5, ContinuedCode = 6; // CLD_…

void set_options(WaitSelection &selection, uint32_t options)
{
    selection.ended = (options & wait_option::Ended) != 0;
    selection.stopped = (options & wait_option::Stopped) != 0;
    selection.continued = (options & wait_option::Continued) != 0;
    selection.keep = (options & wait_option::Keep) != 0;
    selection.dont_wait = (options & wait_option::DontWait) != 0;
    selection.only_clones = (options & wait_option::Clones) != 0;
    selection.clones_too = (options & wait_option::All) != 0;
}

// As wait(2)'s macros take it apart.
int32_t status_word(const ChildReport &report)
{
    switch (report.event) {
    case ChildEvent::Ended:
        return report.status.how == ExitHow::Exited ? report.status.value << 8 : report.status.value;
    case ChildEvent::Stopped:
        return static_cast<int32_t>(report.signal) << 8 | 0x7f;
    case ChildEvent::Continued:
        return 0xffff;
    }
    __builtin_unreachable();
}

UserChildInfo child_info(const ChildReport &report)
{
    UserChildInfo info{};
    if (report.pid == 0) return info;
    info.signal = ChildSignal;
    info.pid = report.pid;
    switch (report.event) {
    case ChildEvent::Ended:
        info.code = report.status.how == ExitHow::Exited ? Exited : Killed;
        info.status = report.status.value;
        break;
    case ChildEvent::Stopped:
        info.code = StoppedCode;
        info.status = static_cast<int32_t>(report.signal);
        break;
    case ChildEvent::Continued:
        info.code = ContinuedCode;
        info.status = static_cast<int32_t>(Signal::Continue);
        break;
    }
    return info;
}

} // namespace

Result<int32_t> wait4(int32_t pid, VirtAddr status, uint32_t options, VirtAddr usage)
{
    using namespace wait_option;
    if ((options & ~(DontWait | Stopped | Continued | NoThreads | All | Clones)) != 0) return Errno::Invalid;
    if (pid == INT32_MIN) return Errno::NoProcess;
    WaitSelection selection;
    set_options(selection, options | Ended);
    if (pid > 0) {
        selection.who = WaitSelection::Who::Process;
        selection.id = pid;
    } else if (pid != -1) {
        selection.who = WaitSelection::Who::Group;
        selection.id = pid == 0 ? current_process().group_id() : -pid;
    }
    ChildReport report = TRY(wait_for_child(current_process(), selection));
    if (report.pid == 0) return 0;
    if (usage != VirtAddr{}) TRY_VOID(write_user(usage, UserUsage::of(report.usage)));
    if (status != VirtAddr{}) TRY_VOID(write_user(status, status_word(report)));
    return report.pid;
}

Result<void> waitid(int type, int32_t id, VirtAddr info, uint32_t options, VirtAddr usage)
{
    using namespace wait_option;
    constexpr uint32_t News = Ended | Stopped | Continued;
    if ((options & ~(DontWait | Keep | News | NoThreads | All | Clones)) != 0) return Errno::Invalid;
    if ((options & News) == 0) return Errno::Invalid;
    WaitSelection selection;
    set_options(selection, options);
    selection.id = id;
    switch (type) {
    case AnyChild:
        break;
    case ChildOfNumber:
        if (id <= 0) return Errno::Invalid;
        selection.who = WaitSelection::Who::Process;
        break;
    case ChildOfGroup:
        if (id < 0) return Errno::Invalid;
        selection.who = WaitSelection::Who::Group;
        if (id == 0) selection.id = current_process().group_id();
        break;
    default:
        return Errno::Invalid;
    }
    auto waited = wait_for_child(current_process(), selection);
    if (!waited.ok()) {
        if (info != VirtAddr{}) TRY_VOID(write_user(info, child_info({}))); // nobody, as on Linux
        return waited.error();
    }
    const ChildReport &report = *waited;
    if (report.pid != 0 && usage != VirtAddr{}) TRY_VOID(write_user(usage, UserUsage::of(report.usage)));
    if (info != VirtAddr{}) TRY_VOID(write_user(info, child_info(report)));
    return {};
}

} // namespace kernel::syscalls
