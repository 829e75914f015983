#include "kernel/process/piece.hpp"

#include "kernel/log.hpp"
#include "kernel/options.hpp"
#include "kernel/panic.hpp"
#include "mm/frame_allocator.hpp"

#include <algorithm>

namespace kernel {

namespace {

// What is not to become the pool's: upper page tables and stacks of programs, and what the kernel's heap
// grows by. The lowest page tables come besides: one for each 512 pages, for all that is mapped gets its
// pages at once.
constexpr uint64_t KernelPages = 512, PagesPerTable = 512;
constexpr uint64_t PagesPerMebibyte = (uint64_t{1} << 20) >> mm::PageShift;

// The text of the last refusal, and what is remembered of it.
[[gnu::section(".bss.large")]] constinit char refusal_text[MaxReason]{};
constinit PoolRefusals refusals;

constexpr uint64_t kib(uint64_t pages)
{
    return pages << (mm::PageShift - 10);
}

// "14 MiB", "14340 KiB": exact.
void write_size(lib::TextSink &sink, uint64_t pages)
{
    if (pages != 0 && pages % PagesPerMebibyte == 0)
        lib::format(sink, "{} MiB", pages / PagesPerMebibyte);
    else
        lib::format(sink, "{} KiB", kib(pages));
}

void write_holes(lib::TextSink &sink)
{
    mm::PoolStatistics pool = mm::pool().statistics();
    if (pool.holes == 0) return sink.put("; nothing of the pool is free");
    sink.put("; ");
    write_size(sink, pool.free_pages);
    lib::format(sink, " are free in {} hole{}", pool.holes, pool.holes == 1 ? "" : "s");
    if (pool.holes == 1) return;
    sink.put(", the largest ");
    write_size(sink, pool.largest_hole);
}

const char *explain_refusal(const PieceParts &parts)
{
    std::ranges::fill(refusal_text, '\0');
    lib::BufferSink sink({refusal_text, sizeof refusal_text - 1});
    sink.put("it needs one piece of ");
    write_size(sink, parts.pages());
    sink.put(" (image ");
    write_size(sink, parts.image);
    sink.put(", heap ");
    write_size(sink, parts.heap);
    sink.put(", guard page ");
    write_size(sink, PieceParts::Guard);
    sink.put(", stack ");
    write_size(sink, parts.stack);
    sink.put(")");
    write_holes(sink);
    if (uint64_t all = mm::pool().statistics().pages; parts.pages() > all) {
        sink.put(", and the whole pool has ");
        write_size(sink, all);
    }
    return refusal_text;
}

void remember_refusal(const PieceParts &parts, std::string_view path)
{
    refusals.count++;
    refusals.pages = parts.pages();
    refusals.name = {};
    std::string_view name = path.substr(path.rfind('/') + 1);
    name.copy(refusals.name.data(), refusals.name.size() - 1);
}

} // namespace

void init_pool()
{
    const PoolOptions &wanted = options().pool;
    if (!wanted.wanted) return;
    mm::frames().drain();
    uint64_t free = mm::frames().free_count(), longest = mm::frames().longest_extent();
    uint64_t pages =
        wanted.mebibytes != 0 ? wanted.mebibytes * PagesPerMebibyte : std::min(longest, free / 4 * 3);
    uint64_t kept = KernelPages + pages / PagesPerTable;
    if (pages == 0 || pages > longest || free - pages < kept)
        refuse("there can be no pool of {} KiB (option pool, in MiB): {} KiB are free, {} KiB of them in one "
               "piece, and the kernel has to have {} KiB for itself",
               kib(pages), kib(free), kib(longest), kib(kept));
    auto begin = mm::frames().take_extent(pages, mm::FrameKind::Pool);
    if (!begin.ok()) refuse("there can be no pool of {} KiB: no piece of memory is that long", kib(pages));
    if (!mm::pool().init(*begin, pages, wanted.fit).ok()) refuse("there is not enough memory for the pool");
    log_info("pool: {} KiB from {:#x} on, {} fit; each program gets {} MiB of heap and {} KiB of stack",
             kib(pages), begin->value(), mm::name_of(wanted.fit), wanted.heap_mebibytes,
             wanted.stack_kibibytes);
}

PieceParts piece_parts_above_image()
{
    return {.heap = options().pool.heap_mebibytes * PagesPerMebibyte,
            .stack = options().pool.stack_kibibytes >> (mm::PageShift - 10)};
}

Result<mm::PoolExtent *> take_piece(const PieceParts &parts, Pid pid, std::string_view path,
                                    const char *&problem)
{
    auto piece = mm::pool().allocate(parts.pages(), static_cast<uint32_t>(pid));
    if (piece.ok()) return piece;
    // A hole that is large enough, and no room for the note that a part of it is taken: another reason.
    if (mm::pool().statistics().largest_hole >= parts.pages()) return piece.error();
    problem = explain_refusal(parts);
    remember_refusal(parts, path);
    return piece.error();
}

const PoolRefusals &pool_refusals()
{
    return refusals;
}

} // namespace kernel
