#include "kernel/memory_report.hpp"

#include "kernel/boot_memory.hpp"
#include "kernel/file/files.hpp"
#include "kernel/kernel_stack.hpp"
#include "kernel/log.hpp"
#include "kernel/panic.hpp"
#include "mm/anonymous.hpp"
#include "mm/kernel_heap.hpp"
#include "mm/pool.hpp"

#include <iterator>

namespace kernel {

namespace {

constexpr std::string_view kind_names[] = {"free",      "reserved", "archive", "page tables", "kernel heap",
                                           "anonymous", "file",     "buffer",  "pool",        "pipe"};
static_assert(std::size(kind_names) == static_cast<size_t>(mm::FrameKind::Count));

constexpr uint64_t kib(uint64_t frames)
{
    return frames * mm::PageSize / 1024;
}

uint64_t count_of(const mm::FrameCounts &counts, mm::FrameKind kind)
{
    return counts[static_cast<size_t>(kind)];
}

// Several ranges may serve the same purpose: they are reported as one.
bool is_first_of_its_name(const UsedRange &range)
{
    for (const UsedRange &used : used_ranges()) {
        if (std::string_view(used.description) == range.description) return &used == &range;
    }
    return false;
}

} // namespace

void init_frames()
{
    for (const boot::PhysRange &range : free_ranges())
        mm::frames().add_free(range.begin.page(), range.size() >> mm::PageShift);
    for (const UsedRange &used : used_ranges())
        mm::frames().add_used(used.range.begin.page(), used.range.size() >> mm::PageShift, used.kind);
    if (!mm::init_zero_page().ok()) refuse("there is not enough memory");
}

void drain_memory()
{
    drain_files();
    drain_kernel_stacks();
    mm::drain_heap();
    mm::frames().drain();
}

void report_memory()
{
    for (const UsedRange &used : used_ranges()) {
        if (is_first_of_its_name(used))
            log_info("memory: {:>8} KiB {}", used_bytes(used.description) / 1024, used.description);
    }
    mm::FrameCounts counts = mm::frames().counts();
    uint64_t archive = count_of(counts, mm::FrameKind::Archive);
    uint64_t for_programs = count_of(counts, mm::FrameKind::Free) + count_of(counts, mm::FrameKind::Pool);
    uint64_t kept = mm::frames().total() - for_programs - archive;
    log_info("memory: the kernel keeps {} KiB of {} KiB, the archive {} KiB", kib(kept),
             kib(mm::frames().total()), kib(archive));
}

void report_returned_frames(const mm::FrameCounts &before)
{
#if VITRINE_CHECKED
    mm::audit_heap();
    mm::pool().audit();
    mm::frames().audit();
#endif
    mm::FrameCounts after = mm::frames().counts();
    log_info("vitrine: frames free before first program: {}, after last: {}",
             count_of(before, mm::FrameKind::Free), count_of(after, mm::FrameKind::Free));
    for (size_t kind = 0; kind < before.size(); kind++) {
        if (before[kind] == after[kind]) continue;
        log_error("{} frames: {} before the first program, {} after the last", kind_names[kind], before[kind],
                  after[kind]);
    }
}

} // namespace kernel
