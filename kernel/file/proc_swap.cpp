// /proc/swaps, vmstat and memory_events (proc(5)).
#include "kernel/device/block.hpp"
#include "kernel/file/proc.hpp"
#include "kernel/file/text_file.hpp"
#include "kernel/swap_device.hpp"
#include "lib/format.hpp"
#include "mm/memory_events.hpp"
#include "mm/swap.hpp"

namespace kernel::proc {

namespace {

std::string_view name_of(mm::MemoryEvent::What what)
{
    using What = mm::MemoryEvent::What;
    switch (what) {
    case What::WaitsForMemory:
        return "WaitsForMemory";
    case What::GotMemory:
        return "GotMemory";
    case What::PagesIn:
        return "PagesIn";
    case What::PagesOut:
        return "PagesOut";
    case What::Dropped:
        return "Dropped";
    case What::ReadFailed:
        return "ReadFailed";
    case What::WriteFailed:
        return "WriteFailed";
    case What::OutOfMemory:
        return "OutOfMemory";
    }
    return "?";
}

// The first event from `from` on that is still kept; sequence 0: there is none. Old ones go in order.
mm::MemoryEvent first_kept(uint64_t from)
{
    uint64_t begin = from, end = mm::last_memory_event() + 1;
    while (begin < end) {
        uint64_t middle = begin + (end - begin) / 2;
        if (mm::memory_event(middle).sequence == 0)
            begin = middle + 1;
        else
            end = middle;
    }
    return mm::memory_event(begin);
}

// Faults of all processes, as they are now and were.
struct Faults {
    uint64_t all, major;
};

Faults faults_of_all()
{
    const mm::MemoryCounters &gone = mm::memory_counters();
    Faults faults{gone.pgfault, gone.pgmajfault};
    for (Process *process = next_process(1); process; process = next_process(process->pid() + 1)) {
        if (process->is_ending() || !process->has_memory()) continue;
        mm::MemoryCounts counts = process->space().counts();
        faults.all += counts.minor_faults + counts.major_faults;
        faults.major += counts.major_faults;
    }
    return faults;
}

} // namespace

// Linux's columns: mm/swapfile.c, swap_show().
void write_swaps(lib::TextSink &sink)
{
    constexpr size_t NameColumns = 40;
    constexpr uint64_t Wide = 10'000'000; // a number that reaches the next tab stop by itself
    sink.put("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
    for (unsigned area = 0; area < mm::SwapSlot::MaxAreas; area++) {
        auto information = mm::swap_area_information(area);
        const BlockDevice *disk = swap_disk(area);
        if (!information || disk == nullptr) continue;
        char text[NameColumns + 1];
        std::string_view name = lib::format_to(text, "/dev/{}", disk->name());
        uint64_t size = uint64_t{information->size} << (mm::PageShift - 10);
        uint64_t used = uint64_t{information->in_use} << (mm::PageShift - 10);
        lib::format(sink, "{:<40}partition\t{}\t{}{}\t{}{}\n", name, size, size < Wide ? "\t" : "", used,
                    used < Wide ? "\t" : "", information->priority);
    }
}

void write_vmstat(lib::TextSink &sink)
{
    MemoryUse use = memory_use();
    mm::SwapStatistics swap = mm::swap_statistics();
    const mm::MemoryCounters &counters = mm::memory_counters();
    Faults faults = faults_of_all();
    const struct {
        std::string_view name;
        uint64_t value;
    } lines[] = {
        {"nr_free_pages", use.free},
        {"nr_anon_pages", use.anonymous},
        {"nr_mapped", use.mapped},
        {"nr_file_pages", use.files + use.shared + swap.cached},
        {"nr_shmem", use.shared},
        {"nr_page_table_pages", use.page_tables},
        {"nr_swapcached", swap.cached},
        {"pswpin", counters.pswpin},
        {"pswpout", counters.pswpout},
        {"allocstall", counters.allocstall},
        {"pgfault", faults.all},
        {"pgmajfault", faults.major},
        {"pgscan", counters.pgscan},
        {"pgsteal", counters.pgsteal},
        {"oom_kill", counters.oom_kill},
        {"swap_ra", counters.swap_ra},
        {"swap_ra_hit", counters.swap_ra_hit},
    };
    for (const auto &line : lines) lib::format(sink, "{} {}\n", line.name, line.value);
}

Result<uint64_t> write_memory_event(uint64_t cursor, lib::TextSink &sink)
{
    mm::MemoryEvent event = first_kept(cursor == 0 ? 1 : cursor);
    if (event.sequence == 0) return TextFile::NotYet; // who reads on follows it
    auto slot = mm::SwapSlot::from_raw(event.slot);
    lib::format(sink, "{} {} id={} number={} slot={}:{} page={:#x}\n", event.sequence, name_of(event.what),
                event.id, event.number, slot.area(), slot.offset(), event.page);
    return event.sequence + 1;
}

} // namespace kernel::proc
