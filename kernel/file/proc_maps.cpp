// /proc/PID/maps and /proc/PID/smaps: one record an area (Linux: fs/proc/task_mmu.c). The cursor is an
// address.
#include "kernel/file/proc.hpp"
#include "kernel/file/text_file.hpp"
#include "lib/format.hpp"

#include <algorithm>

namespace kernel::proc {

namespace {

constexpr size_t NameColumn = 73;

// A newline in a file's name must not look like the end of the line.
class NameSink final : public lib::TextSink {
public:
    explicit NameSink(lib::TextSink &sink) : sink_(sink) {}
    void put(std::string_view text) override
    {
        for (size_t newline; (newline = text.find('\n')) != text.npos; text.remove_prefix(newline + 1)) {
            sink_.put(text.substr(0, newline));
            sink_.put("\\012");
        }
        sink_.put(text);
    }

private:
    lib::TextSink &sink_;
};

// What an area shows besides anonymous memory of its own.
struct Backing {
    const Inode *file = nullptr;
    uint64_t device = 0;
    uint64_t number = 0;
    uint64_t offset = 0;
    std::string_view name; // when it is not a file
};

Backing backing_of(const Process &process, const mm::VmArea &area)
{
    const mm::AddressSpace &space = process.space();
    if (area.object->source() != nullptr) {
        auto *file = static_cast<const Inode *>(area.object->source());
        FileStatus status = file->status();
        return {file, status.device, status.number, area.offset << mm::PageShift, {}};
    }
    if (area.object->kind() == mm::MemoryObject::Kind::SharedAnonymous) {
        // Linux makes a nameless file for it. Its address tells one from the other as an inode number would.
        auto number = (reinterpret_cast<uint64_t>(area.object) >> 4) & 0xffff'ffff;
        return {nullptr, make_device(0, 1), number, area.offset << mm::PageShift, "/dev/zero (deleted)"};
    }
    if (area.range.begin <= space.current_break() && area.range.end >= space.break_begin())
        return {.name = "[heap]"};
    mm::VirtAddr stack = process.image.stack_begin;
    if (area.range.begin <= stack && area.range.end >= stack) return {.name = "[stack]"};
    return {};
}

void write_line(const Process &process, const mm::VmArea &area, lib::TextSink &sink)
{
    Backing backing = backing_of(process, area);
    char text[128];
    lib::BufferSink line(text);
    lib::format(line, "{:08x}-{:08x} {}{}{}{} {:08x} {:02x}:{:02x} {} ", area.range.begin.value(),
                area.range.end.value(), area.protection.read ? 'r' : '-', area.protection.write ? 'w' : '-',
                area.protection.execute ? 'x' : '-', area.flags.shared ? 's' : 'p', backing.offset,
                backing.device >> 8 & 0xfff, (backing.device & 0xff) | (backing.device >> 12 & 0xfff00),
                backing.number);
    if (backing.file || !backing.name.empty()) {
        while (line.text().size() < NameColumn) line.put(" ");
    }
    sink.put(line.text());
    if (backing.file) {
        NameSink name(sink);
        backing.file->write_path(name);
    }
    sink.put(backing.name);
    sink.put("\n");
}

// The two-letter names of Linux's VM_ flags, in the order of their bits.
void write_flags(const mm::VmArea &area, lib::TextSink &sink)
{
    const mm::AreaFlags &flags = area.flags;
    sink.put("VmFlags: ");
    auto put_if = [&](bool holds, std::string_view name) {
        if (holds) sink.put(name);
    };
    put_if(area.protection.read, "rd ");
    put_if(area.protection.write, "wr ");
    put_if(area.protection.execute, "ex ");
    put_if(flags.shared && flags.may_write, "sh ");
    sink.put("mr ");
    put_if(flags.may_write, "mw ");
    sink.put("me ");
    put_if(flags.shared, "ms ");
    put_if(flags.grows_down, "gd ");
    put_if(flags.locked, "lo ");
    put_if(flags.dont_fork, "dc ");
    put_if(flags.lock_on_fault, "lf ");
    put_if(flags.accounted, "ac ");
    put_if(flags.no_reserve, "nr ");
    put_if(flags.wipe_on_fork, "wf ");
    // Soft-dirty: nobody can have cleared it.
    sink.put("sd \n");
}

void write_statistics(const mm::AddressSpace &space, const mm::VmArea &area, lib::TextSink &sink)
{
    mm::AreaStatistics pages = space.statistics(area);
    auto put_bytes = [&](std::string_view name, uint64_t bytes) {
        lib::format(sink, "{:<16}{:>8} kB\n", name, bytes >> 10);
    };
    auto put = [&](std::string_view name, uint64_t count) { put_bytes(name, count << mm::PageShift); };
    put_bytes("Size:", area.range.size());
    put("KernelPageSize:", 1);
    put("MMUPageSize:", 1);
    put("Rss:", pages.resident);
    put_bytes("Pss:", pages.proportional_bytes);
    put_bytes("Pss_Dirty:", pages.proportional_dirty_bytes);
    put("Shared_Clean:", pages.shared_clean);
    put("Shared_Dirty:", pages.shared_dirty);
    put("Private_Clean:", pages.private_clean);
    put("Private_Dirty:", pages.private_dirty);
    put("Referenced:", pages.referenced);
    put("Anonymous:", pages.anonymous);
    // Vitrine has no lazily freed pages and no huge pages.
    for (std::string_view name : {"LazyFree:", "AnonHugePages:", "ShmemPmdMapped:", "FilePmdMapped:",
                                  "Shared_Hugetlb:", "Private_Hugetlb:"})
        put(name, 0);
    put("Swap:", pages.swapped);
    put_bytes("SwapPss:", pages.proportional_swapped_bytes);
    put_bytes("Locked:", area.flags.locked ? pages.proportional_bytes : 0);
    sink.put("THPeligible:    0\n");
    write_flags(area, sink);
}

Result<uint64_t> write_area(Process &process, uint64_t cursor, lib::TextSink &sink, bool with_statistics)
{
    mm::VmArea *area = process.space().areas().first_ending_above(mm::VirtAddr{cursor});
    if (!area) return TextFile::End;
    write_line(process, *area, sink);
    if (with_statistics) write_statistics(process.space(), *area, sink);
    return area->range.end.value();
}

} // namespace

Result<uint64_t> write_maps(Process &process, uint64_t cursor, lib::TextSink &sink)
{
    return write_area(process, cursor, sink, false);
}

Result<uint64_t> write_smaps(Process &process, uint64_t cursor, lib::TextSink &sink)
{
    return write_area(process, cursor, sink, true);
}

} // namespace kernel::proc
