// Who is called what: process numbers, and the processes by their numbers.
//
// Numbers rise from 1 and begin anew behind the largest one, as on Linux; one that is in use as a process, a
// group or a session is passed over. So a number that nothing has held on to may one day mean another
// process.
#pragma once

#include "kernel/process/process.hpp"

namespace kernel {

// /proc/sys/kernel/pid_max: one more than the largest number.
inline constexpr Pid PidMax = 32768;

class ProcessTable {
public:
    // Gives the process a number of its own. TryAgain: none is left.
    Result<void> add(Process &process);
    void remove(Process &process);

    // A group or session of that number begins, and ends.
    void hold(Pid pid) { mark(held_, pid, true); }
    void let_go(Pid pid) { mark(held_, pid, false); }

    // Begun or not; null: there is none of that number.
    Process *find(Pid pid) const;
    // The number of a process that is at least `from`; PidMax: none.
    Pid next_used(Pid from) const;
    uint64_t count() const { return count_; }
    Pid last_pid() const { return last_pid_; }

private:
    static constexpr Pid FirstAgain = 300; // RESERVED_PIDS: where numbers begin anew
    static constexpr unsigned Buckets = 1024;
    static unsigned bucket(Pid pid) { return static_cast<unsigned>(pid) % Buckets; }

    using Marks = std::array<uint64_t, PidMax / 64>;
    static void mark(Marks &marks, Pid pid, bool on)
    {
        uint64_t bit = uint64_t{1} << pid % 64;
        marks[pid / 64] = on ? marks[pid / 64] | bit : marks[pid / 64] & ~bit;
    }
    bool is_used(Pid pid) const { return (used_[pid / 64] | held_[pid / 64]) >> (pid % 64) & 1; }
    Result<Pid> choose() const;

    std::array<Process *, Buckets> buckets_{};
    Marks used_{}; // by processes
    Marks held_{}; // by groups and sessions
    Pid last_pid_ = 0;
    uint64_t count_ = 0;
};

// The machine's.
lib::Guarded<ProcessTable> &process_table();

} // namespace kernel
