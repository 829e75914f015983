// /proc/stat, loadavg, filesystems and mounts (proc(5)).
#include "kernel/cpu/clock.hpp"
#include "kernel/file/file_system.hpp"
#include "kernel/file/proc.hpp"
#include "kernel/file/text_file.hpp"
#include "kernel/process/activity.hpp"
#include "kernel/process/process_table.hpp"
#include "kernel/process/scheduler.hpp"

namespace kernel::proc {

namespace {

uint64_t waiting_for_disks()
{
    uint64_t count = 0;
    for (Process *process = next_process(1); process; process = next_process(process->pid() + 1)) {
        if (process->has_ended()) continue;
        const Thread &thread = process->main_thread();
        if (thread.state == Thread::State::Sleeping && thread.is_uninterruptible) count++;
    }
    return count;
}

} // namespace

// Interrupts are not counted, nor is time spent in them or waiting for disks told from other time.
void write_machine_stat(lib::TextSink &sink)
{
    constexpr uint64_t Tick = 10'000'000; // USER_HZ is 100
    constexpr uint64_t Second = 1'000'000'000;
    MachineTimes times = machine_times();
    for (std::string_view name : {"cpu ", "cpu0"}) {
        lib::format(sink, "{} {} {} {} {} 0 0 0 0 0 0\n", name, times.user / Tick, times.nice / Tick,
                    times.system / Tick, times.idle / Tick);
    }
    lib::format(sink, "intr 0\nctxt {}\nbtime {}\nprocesses {}\nprocs_running {}\nprocs_blocked {}\n",
                activity.switches, (wall_clock_nanoseconds() - clock_nanoseconds()) / Second,
                activity.threads, runnable_count(), waiting_for_disks());
    sink.put("softirq 0 0 0 0 0 0 0 0 0 0 0\n");
}

void write_loadavg(lib::TextSink &sink)
{
    for (uint64_t load : load_averages()) {
        uint64_t rounded = load + LoadOne / 200; // to hundredths
        lib::format(sink, "{}.{:02} ", rounded >> LoadShift, (rounded % LoadOne) * 100 >> LoadShift);
    }
    Pid last = process_table().lock()->last_pid();
    lib::format(sink, "{}/{} {}\n", runnable_count(), process_count(), last);
}

void write_filesystems(lib::TextSink &sink)
{
    for (std::string_view name : {"rootfs", "tmpfs", "proc", "devtmpfs", "pipefs"})
        lib::format(sink, "nodev\t{}\n", name);
}

void write_mount_list(lib::TextSink &sink)
{
    for (unsigned i = 0; i < FileSystemCount; i++) {
        const FileSystem &each = file_system(i);
        lib::format(sink, "{} {} {} rw,relatime 0 0\n", each.source, each.path, each.type);
    }
}

Result<uint64_t> write_mounts(Process &, uint64_t cursor, lib::TextSink &sink)
{
    if (cursor == 0) write_mount_list(sink);
    return TextFile::End;
}

} // namespace kernel::proc
