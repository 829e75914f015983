#include "kernel/process/process_table.hpp"

#include <bit>

namespace kernel {

namespace {
[[gnu::section(".bss.large")]] constinit lib::Guarded<ProcessTable> table;
}

lib::Guarded<ProcessTable> &process_table()
{
    return table;
}

Result<Pid> ProcessTable::choose() const
{
    for (Pid pid = last_pid_ + 1; pid < PidMax; pid++) {
        if (!is_used(pid)) return pid;
    }
    for (Pid pid = FirstAgain; pid <= last_pid_; pid++) {
        if (!is_used(pid)) return pid;
    }
    return Errno::TryAgain;
}

Result<void> ProcessTable::add(Process &process)
{
    Pid pid = TRY(choose());
    last_pid_ = process.pid_ = pid;
    mark(used_, pid, true);
    Process *&first = buckets_[bucket(pid)];
    process.next_in_bucket_ = first;
    first = &process;
    count_++;
    return {};
}

void ProcessTable::remove(Process &process)
{
    Process **link = &buckets_[bucket(process.pid_)];
    while (*link != &process) link = &(*link)->next_in_bucket_;
    *link = process.next_in_bucket_;
    mark(used_, process.pid_, false);
    count_--;
}

Process *ProcessTable::find(Pid pid) const
{
    if (pid <= 0) return nullptr;
    Process *process = buckets_[bucket(pid)];
    while (process != nullptr && process->pid_ != pid) process = process->next_in_bucket_;
    return process;
}

Pid ProcessTable::next_used(Pid from) const
{
    if (from < 0) from = 0;
    if (from >= PidMax) return PidMax;
    unsigned word = static_cast<unsigned>(from) / 64;
    uint64_t bits = used_[word] & ~uint64_t{0} << from % 64;
    while (bits == 0) {
        if (++word == used_.size()) return PidMax;
        bits = used_[word];
    }
    return static_cast<Pid>(word * 64 + static_cast<unsigned>(std::countr_zero(bits)));
}

Process *next_process(Pid from)
{
    auto held = table.lock();
    for (Pid pid = held->next_used(from); pid < PidMax; pid = held->next_used(pid + 1)) {
        Process *process = held->find(pid);
        if (process != nullptr && process->has_begun()) return process;
    }
    return nullptr;
}

Process *find_process(Pid pid)
{
    Process *process = table.lock()->find(pid);
    return process != nullptr && process->has_begun() ? process : nullptr;
}

uint64_t process_count()
{
    return table.lock()->count();
}

} // namespace kernel
