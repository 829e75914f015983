// /proc/pool: the pool of contiguous pieces, for people and for exhibits. It is there with memory=pool only.
//
//     pool fit=first kib=49152 free=19968 holes=3 largest=13824
//     refused count=1 kib=16384 name=atlas
//     queue waiting=2 started=3
//     0x1400000-0x1800000 4096 4 payroll
//     0x1800000-0x4400000 45056 hole
//
// One line for each piece or hole, by rising address: where, KiB, and a hole or the id and the name of the
// process that has it; "-" for one that has ended while a device still writes into its piece. A name is one
// word: what a program may call itself besides (prctl(2), PR_SET_NAME) is shown as question marks.
#include "kernel/file/proc.hpp"
#include "kernel/process/job_queue.hpp"
#include "kernel/process/piece.hpp"
#include "lib/format.hpp"

namespace kernel::proc {

namespace {

constexpr uint64_t kib(uint64_t pages)
{
    return pages << (mm::PageShift - 10);
}

void put_name(lib::TextSink &sink, std::string_view name)
{
    for (const char &letter : name)
        sink.put(letter > ' ' && letter < '\x7f' ? std::string_view(&letter, 1) : "?");
}

void write_extent(lib::TextSink &sink, const mm::PoolExtent &extent)
{
    lib::format(sink, "{:#x}-{:#x} {}", extent.begin.value(),
                extent.begin.value() + (extent.pages << mm::PageShift), kib(extent.pages));
    if (extent.is_hole) return sink.put(" hole\n");
    const Process *process = find_process(static_cast<Pid>(extent.id));
    lib::format(sink, " {} ", extent.id);
    put_name(sink, process != nullptr && !process->name().empty() ? process->name() : "-");
    sink.put("\n");
}

} // namespace

void write_pool(lib::TextSink &sink)
{
    mm::PoolStatistics pool = mm::pool().statistics();
    lib::format(sink, "pool fit={} kib={} free={} holes={} largest={}\n", mm::name_of(mm::pool().fit()),
                kib(pool.pages), kib(pool.free_pages), pool.holes, kib(pool.largest_hole));
    const PoolRefusals &refused = pool_refusals();
    lib::format(sink, "refused count={} kib={} name=", refused.count, kib(refused.pages));
    put_name(sink, refused.name.data());
    sink.put("\n");
    lib::format(sink, "queue waiting={} started={}\n", job_queue().waiting(), job_queue().started());
    for (const mm::PoolExtent *extent = mm::pool().first(); extent; extent = mm::pool().next(*extent))
        write_extent(sink, *extent);
}

} // namespace kernel::proc
