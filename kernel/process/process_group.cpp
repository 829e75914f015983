#include "kernel/process/process_group.hpp"

#include "kernel/process/init.hpp"
#include "kernel/process/process_table.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

namespace {

constinit lib::Tree<&ProcessGroup::links, &ProcessGroup::id> groups;

Result<ProcessGroup *> create_group(Pid id, Session &session)
{
    auto *group = mm::create<ProcessGroup>();
    if (group == nullptr) return Errno::NoMemory;
    group->id = id;
    group->session = &session;
    session.groups++;
    groups.insert(*group);
    process_table().lock()->hold(id);
    return group;
}

void end_group(ProcessGroup &group)
{
    Session &session = *group.session;
    bool session_ends = --session.groups == 0;
    auto table = process_table().lock();
    if (group.id != session.id) table->let_go(group.id);
    if (session_ends) table->let_go(session.id);
    if (session_ends) mm::destroy(&session);
    groups.remove(group);
    mm::destroy(&group);
}

// Whether `parent` could look after the jobs of `group`.
bool looks_after(const Process &parent, const ProcessGroup &group)
{
    return &parent != &init_process() && parent.group() != &group && parent.group()->session == group.session;
}

void tell_if_orphaned(const ProcessGroup &group, const Process &leaving)
{
    if (!group.has_stopped_member() || !group.is_orphaned(&leaving)) return;
    signal_group(group.id, Signal::Hangup);
    signal_group(group.id, Signal::Continue);
}

} // namespace

bool ProcessGroup::is_orphaned(const Process *leaving) const
{
    for (const Process &process : members) {
        if (&process == leaving || process.has_ended() || process.parent() == leaving) continue;
        if (process.parent() != nullptr && looks_after(*process.parent(), *this)) return false;
    }
    return true;
}

bool ProcessGroup::has_stopped_member() const
{
    for (const Process &process : members) {
        if (process.stopped) return true;
    }
    return false;
}

ProcessGroup *find_group(Pid id)
{
    return groups.find(id);
}

void signal_group(Pid id, Signal signal)
{
    for_each_in_group(
        id, [&](Process &process) { send_signal(process, {.signal = signal, .code = signal_code::Kernel}); });
}

void join_group(Process &process, ProcessGroup &group)
{
    process.group_ = &group;
    group.members.push_back(process);
}

void leave_group(Process &process)
{
    if (process.group_ == nullptr) return;
    ProcessGroup &group = *std::exchange(process.group_, nullptr);
    group.members.remove(process);
    if (group.members.empty()) end_group(group);
}

Result<void> begin_session(Process &process)
{
    auto *session = mm::create<Session>();
    if (session == nullptr) return Errno::NoMemory;
    session->id = process.pid();
    auto group = create_group(process.pid(), *session);
    if (!group.ok()) {
        mm::destroy(session);
        return group.error();
    }
    leave_group(process);
    join_group(process, **group);
    return {};
}

Result<void> change_group(Process &process, Pid id)
{
    Session &session = *process.group()->session;
    if (process.pid() == session.id) return Errno::NotPermitted;
    ProcessGroup *group = find_group(id);
    if (group == nullptr) {
        if (id != process.pid()) return Errno::NotPermitted;
        group = TRY(create_group(id, session));
    }
    if (group->session != &session) return Errno::NotPermitted;
    if (group == process.group()) return {};
    leave_group(process);
    join_group(process, *group);
    return {};
}

void tell_orphaned_groups(Process &leaving)
{
    const ProcessGroup &own = *leaving.group();
    if (looks_after(*leaving.parent(), own)) tell_if_orphaned(own, leaving);
    for (const Process &child : leaving.children()) {
        const ProcessGroup &group = *child.group();
        if (&group != &own && group.session == own.session) tell_if_orphaned(group, leaving);
    }
}

} // namespace kernel
