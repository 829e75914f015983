// /proc/meminfo, uptime, version and loadavg: the whole machine.
#include "kernel/cpu/clock.hpp"
#include "kernel/file/proc.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/system_name.hpp"
#include "lib/format.hpp"
#include "mm/frame_allocator.hpp"

namespace kernel::proc {

void write_meminfo(lib::TextSink &sink)
{
    mm::FrameCounts counts = mm::frames().counts();
    auto frames = [&](mm::FrameKind kind) { return counts[static_cast<size_t>(kind)]; };
    // Shared anonymous pages are told apart by who maps them; every process knows its own.
    uint64_t stacks = 0, shared = 0, mapped_files = 0;
    for (Process *process = next_process(1); process; process = next_process(process->pid() + 1)) {
        if (process->is_ending()) continue;
        mm::MemoryCounts memory = process->space().counts();
        stacks += KernelStackSize >> 10;
        shared += memory.resident_shared;
        mapped_files += memory.resident_file;
    }
    uint64_t file = frames(mm::FrameKind::File);
    uint64_t anonymous = frames(mm::FrameKind::Anonymous);
    auto put_kib = [&](std::string_view name, uint64_t kib) {
        lib::format(sink, "{:<16}{:>8} kB\n", name, kib);
    };
    auto put = [&](std::string_view name, uint64_t pages) { put_kib(name, pages << (mm::PageShift - 10)); };
    put("MemTotal:", mm::usable_ram_pages());
    put("MemFree:", frames(mm::FrameKind::Free));
    put("MemAvailable:", frames(mm::FrameKind::Free) + file);
    put("Buffers:", frames(mm::FrameKind::Buffer));
    put("Cached:", file + shared);
    put("SwapCached:", 0);
    put("SwapTotal:", 0);
    put("SwapFree:", 0);
    put("Dirty:", 0);
    put("Writeback:", 0);
    put("AnonPages:", anonymous > shared ? anonymous - shared : 0);
    put("Mapped:", mapped_files + shared);
    put("Shmem:", shared);
    put("Slab:", frames(mm::FrameKind::KernelHeap));
    put("SReclaimable:", 0);
    put("SUnreclaim:", frames(mm::FrameKind::KernelHeap));
    put_kib("KernelStack:", stacks);
    put("PageTables:", frames(mm::FrameKind::PageTable));
}

void write_uptime(lib::TextSink &sink)
{
    auto put = [&](uint64_t nanoseconds) {
        uint64_t hundredths = nanoseconds / 10'000'000;
        lib::format(sink, "{}.{:02}", hundredths / 100, hundredths % 100);
    };
    put(clock_nanoseconds());
    sink.put(" ");
    put(idle_nanoseconds());
    sink.put("\n");
}

void write_version(lib::TextSink &sink)
{
    lib::format(sink, "{} version {} {}\n", system_name::System, system_name::Release, system_name::Version);
}

// How busy the machine was over minutes is not measured: what is running now stands for all three.
void write_loadavg(lib::TextSink &sink)
{
    Pid last = 0;
    for (Process *process = next_process(1); process; process = next_process(process->pid() + 1))
        last = process->pid();
    uint64_t running = runnable_count();
    lib::format(sink, "{}.00 {}.00 {}.00 {}/{} {}\n", running, running, running, running, process_count(),
                last);
}

} // namespace kernel::proc
