// /proc/meminfo, uptime and version: the whole machine.
#include "kernel/cpu/clock.hpp"
#include "kernel/file/proc.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/system_name.hpp"
#include "lib/format.hpp"
#include "mm/frame_allocator.hpp"
#include "mm/pool.hpp"
#include "mm/reclaim.hpp"
#include "mm/swap.hpp"

#include <algorithm>

namespace kernel::proc {

MemoryUse memory_use()
{
    mm::FrameCounts counts = mm::frames().counts();
    auto frames = [&](mm::FrameKind kind) { return counts[static_cast<size_t>(kind)]; };
    // A hole of the pool is free memory as well; what a piece has and does not use is not: nobody else gets
    // it.
    MemoryUse use{.free = frames(mm::FrameKind::Free) + mm::pool().statistics().free_pages,
                  .files = frames(mm::FrameKind::File),
                  .anonymous = frames(mm::FrameKind::Anonymous),
                  .shared = mm::shared_memory_pages(),
                  .mapped = 0,
                  .page_tables = frames(mm::FrameKind::PageTable),
                  .heap = frames(mm::FrameKind::KernelHeap),
                  .buffers = frames(mm::FrameKind::Buffer),
                  .processes = 0};
    for (Process *process = next_process(1); process; process = next_process(process->pid() + 1)) {
        if (process->is_ending() || !process->has_memory()) continue;
        mm::MemoryCounts memory = process->space().counts();
        use.mapped += memory.resident_file + memory.resident_shared;
        use.processes++;
    }
    use.anonymous -= std::min(use.anonymous, use.shared);
    return use;
}

namespace {

// What programs could still have without waiting for a disk (Linux: si_mem_available): the pages of files can
// be dropped, but not all of them without harm. In a pool that is the largest hole.
uint64_t available(const MemoryUse &use)
{
    if (mm::pool().exists()) return mm::pool().statistics().largest_hole;
    mm::Watermarks watermarks = mm::usual_watermarks(mm::usable_ram_pages());
    uint64_t files = use.files - std::min(use.files / 2, watermarks.low);
    uint64_t kept = std::min(use.free, watermarks.minimum);
    return use.free - kept + files;
}

} // namespace

void write_meminfo(lib::TextSink &sink)
{
    MemoryUse use = memory_use();
    mm::SwapStatistics swap = mm::swap_statistics();
    auto put_kib = [&](std::string_view name, uint64_t kib) {
        lib::format(sink, "{:<16}{:>8} kB\n", name, kib);
    };
    auto put = [&](std::string_view name, uint64_t pages) { put_kib(name, pages << (mm::PageShift - 10)); };
    put("MemTotal:", mm::usable_ram_pages());
    put("MemFree:", use.free);
    put("MemAvailable:", available(use));
    put("Buffers:", use.buffers);
    put("Cached:", use.files + use.shared);
    put("SwapCached:", swap.cached);
    put("SwapTotal:", swap.total);
    put("SwapFree:", swap.free);
    put("Dirty:", 0);
    put("Writeback:", 0);
    put("AnonPages:", use.anonymous);
    put("Mapped:", use.mapped);
    put("Shmem:", use.shared);
    put("Slab:", use.heap);
    put("SReclaimable:", 0);
    put("SUnreclaim:", use.heap);
    put_kib("KernelStack:", use.processes * (KernelStackSize >> 10));
    put("PageTables:", use.page_tables);
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

} // namespace kernel::proc
