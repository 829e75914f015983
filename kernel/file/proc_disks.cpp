// /proc/partitions and /proc/diskstats: the disks (proc(5), Documentation/admin-guide/iostats.rst).
#include "kernel/device/disks.hpp"
#include "kernel/file/disk_file.hpp"
#include "kernel/file/proc.hpp"
#include "lib/format.hpp"

namespace kernel::proc {

namespace {

constexpr uint64_t NanosecondsPerMillisecond = 1'000'000;

} // namespace

void write_partitions(lib::TextSink &sink)
{
    sink.put("major minor  #blocks  name\n\n");
    for (unsigned i = 0; i < disk_count(); i++)
        lib::format(sink, "{:>4} {:>8} {:>10} {}\n", DiskMajor, i * MinorsPerDisk, disk(i).bytes() / 1024,
                    disk(i).name());
}

void write_diskstats(lib::TextSink &sink)
{
    for (unsigned i = 0; i < disk_count(); i++) {
        const BlockDevice &each = disk(i);
        auto statistics = each.statistics();
        lib::format(sink, "{:>4} {:>7} {}", DiskMajor, i * MinorsPerDisk, each.name());
        uint64_t all = 0;
        auto put = [&](BlockOperation operation, bool merges_and_sectors) {
            const BlockStatistics &of = statistics[static_cast<size_t>(operation)];
            uint64_t milliseconds = of.nanoseconds / NanosecondsPerMillisecond;
            all += milliseconds;
            if (merges_and_sectors)
                lib::format(sink, " {} 0 {} {}", of.requests, of.sectors, milliseconds);
            else
                lib::format(sink, " {} {}", of.requests, milliseconds);
        };
        put(BlockOperation::Read, true);
        put(BlockOperation::Write, true);
        // Under way now, busy time (not measured apart: the sum), the sum of all times; nothing was
        // discarded.
        uint64_t reads_and_writes = all;
        lib::format(sink, " {} {} {} 0 0 0 0", each.under_way(), reads_and_writes, reads_and_writes);
        put(BlockOperation::Flush, false);
        sink.put("\n");
    }
}

} // namespace kernel::proc
