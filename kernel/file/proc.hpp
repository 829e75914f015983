// /proc: what the kernel knows, as files (proc(5)), in Linux's formats.
//
// The texts are written by small functions, a file of the kernel each: proc_maps.cpp, proc_status.cpp …;
// proc.cpp has the table of names. A file belongs to a process by its number: when that process is gone,
// reading says NoProcess.
#pragma once

#include "kernel/file/inode.hpp"
#include "kernel/process/process.hpp"

namespace kernel {

class TreeDirectory;

// Puts /proc into the root directory, in place of what the archive may have there.
void add_proc(TreeDirectory &root);

namespace proc {

// Writes the record of a process's file at `cursor` and returns the next cursor (TextFile::write_record).
using WriteRecord = Result<uint64_t> (*)(Process &process, uint64_t cursor, lib::TextSink &sink);

Result<uint64_t> write_maps(Process &process, uint64_t cursor, lib::TextSink &sink);
Result<uint64_t> write_smaps(Process &process, uint64_t cursor, lib::TextSink &sink);
Result<uint64_t> write_status(Process &process, uint64_t cursor, lib::TextSink &sink);
Result<uint64_t> write_statm(Process &process, uint64_t cursor, lib::TextSink &sink);
Result<uint64_t> write_stat(Process &process, uint64_t cursor, lib::TextSink &sink);
Result<uint64_t> write_comm(Process &process, uint64_t cursor, lib::TextSink &sink);
Result<uint64_t> write_limits(Process &process, uint64_t cursor, lib::TextSink &sink);

Result<uint64_t> write_oom_score(Process &process, uint64_t cursor, lib::TextSink &sink);
Result<uint64_t> write_oom_score_adj(Process &process, uint64_t cursor, lib::TextSink &sink);
Result<uint64_t> write_oom_adj(Process &process, uint64_t cursor, lib::TextSink &sink);
Result<uint64_t> write_mounts(Process &process, uint64_t cursor, lib::TextSink &sink);

// What a program writes to a process's file, in one piece and at most MaxChange bytes of it. Invalid, Range.
using ChangeText = Result<void> (*)(Process &process, std::string_view text);
inline constexpr size_t MaxChange = 12;

Result<void> change_oom_score_adj(Process &process, std::string_view text);
Result<void> change_oom_adj(Process &process, std::string_view text);

// Files about the whole machine.
using WriteText = void (*)(lib::TextSink &sink);
void write_meminfo(lib::TextSink &sink);
void write_uptime(lib::TextSink &sink);
void write_version(lib::TextSink &sink);
void write_loadavg(lib::TextSink &sink);
void write_machine_stat(lib::TextSink &sink);
void write_cpuinfo(lib::TextSink &sink);
void write_filesystems(lib::TextSink &sink);
void write_partitions(lib::TextSink &sink);
void write_diskstats(lib::TextSink &sink);
void write_pool(lib::TextSink &sink); // with memory=pool only
void write_swaps(lib::TextSink &sink);
void write_vmstat(lib::TextSink &sink);
// The events of memory, a record each; the cursor is an event's number.
Result<uint64_t> write_memory_event(uint64_t cursor, lib::TextSink &sink);

// What memory is used for, in pages: meminfo and vmstat tell the same.
struct MemoryUse {
    uint64_t free, files, anonymous, shared, mapped, page_tables, heap, buffers;
    uint64_t processes;
};
MemoryUse memory_use();

// pagemap, cmdline, environ and auxv are read from the process's memory at a position; cmdline and environ
// end where exec put them. The process is looked up for each piece, because storing may sleep: when it has
// ended meanwhile, what was read before counts.
Result<size_t> read_pagemap(Pid pid, uint64_t offset, UserBuffer &to);
Result<size_t> read_memory(Pid pid, mm::VirtAddr begin, mm::VirtAddr end, uint64_t offset, UserBuffer &to);

// /proc itself.
Ref<Inode> proc_directory();
// /proc/PID, and /proc/PID/fd: a directory of links to what is open. NoMemory.
Result<Ref<Inode>> make_process_directory(Pid pid);
Result<Ref<Inode>> make_descriptor_directory(Pid pid);
// /proc/PID/task, and what is in it: a directory as the process's, but without threads. NoMemory.
Result<Ref<Inode>> make_task_directory(Pid pid);
Result<Ref<Inode>> make_thread_directory(Pid pid);
// /proc/sys. NoMemory.
Result<Ref<Inode>> make_settings_directory();

// st_dev of /proc, and inode numbers in it: `index` tells the files of one process apart.
inline constexpr uint64_t Device = make_device(0, 21);
constexpr uint64_t inode_number(Pid pid, uint64_t index)
{
    return (static_cast<uint64_t>(pid) << 32) + index;
}

// When the files of a process were last changed: when it began; those of the machine (pid 0): when that
// began.
int64_t modified(Pid pid);

// The process, a zombie and init included. For as long as nothing sleeps (find_process). NoProcess.
Result<Process *> known_process(Pid pid);
// The same of those alone that have memory, files and handlers.
Result<Process *> living_process(Pid pid);

} // namespace proc

} // namespace kernel
