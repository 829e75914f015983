// Process groups and sessions (credentials(7)): who is told together, and whose terminal it is.
//
// Every process is in a group, and every group in a session. A group lives as long as it has members, zombies
// included; a session as long as it has groups. Their numbers are those of the processes that began them,
// which are given to nobody else meanwhile.
#pragma once

#include "kernel/process/process.hpp"
#include "lib/intrusive_tree.hpp"

namespace kernel {

struct Session {
    Pid id = 0;
    uint32_t groups = 0;
    bool has_terminal = false; // the console is its controlling terminal (terminal.hpp)
};

struct ProcessGroup {
    Pid id = 0;
    Session *session = nullptr;
    lib::TreeLinks<ProcessGroup> links; // of all groups
    lib::List<&Process::group_node_> members;

    // Nobody outside of it but in its session could continue what is stopped in it (setpgid(2),
    // "orphaned"). `leaving` counts as gone already; null: nobody does.
    bool is_orphaned(const Process *leaving) const;
    bool has_stopped_member() const;
};

// The group of that number, or null.
ProcessGroup *find_group(Pid id);
// visitor(process) for each member, zombies included, of one group after the other by number; it must not
// sleep. False: there is no such group.
template <typename Visitor> bool for_each_in_group(Pid id, Visitor &&visitor)
{
    ProcessGroup *group = find_group(id);
    if (group == nullptr) return false;
    for (Process &process : group->members) visitor(process);
    return true;
}

// To all members of the group, as from the kernel.
void signal_group(Pid id, Signal signal);

// For Process: into the group, and out of the one it is in.
void join_group(Process &process, ProcessGroup &group);
void leave_group(Process &process);
// setsid(2) without its conditions: a session and a group of the process's own. NoMemory.
Result<void> begin_session(Process &process);
// setpgid(2): NotPermitted: it leads its session, or the group is of another one. NoMemory.
Result<void> change_group(Process &process, Pid id);

// The process ends: groups that it leaves orphaned with stopped members hear SIGHUP and SIGCONT, for nobody
// will continue them (its own, and those of its children). Its parent and children are still what they were.
void tell_orphaned_groups(Process &leaving);

} // namespace kernel
