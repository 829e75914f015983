#include "kernel/boot_memory.hpp"

#include "kernel/image.hpp"
#include "kernel/panic.hpp"

#include <algorithm>
#include <array>

namespace kernel {

namespace {

// Only memory that the boot page tables map can be prepared before there are others.
constexpr mm::PhysAddr BootMappedEnd{uint64_t{4} << 30};

template <typename T, size_t Capacity> struct List {
    std::array<T, Capacity> items;
    size_t count = 0;

    void add(const T &item)
    {
        if (count == Capacity) panic("physical memory is in more pieces than the kernel can note at boot");
        items[count++] = item;
    }
    void remove(size_t index)
    {
        std::copy(items.begin() + index + 1, items.begin() + count, items.begin() + index);
        count--;
    }
};

[[gnu::section(".bss.large")]] constinit List<boot::PhysRange, 256> free_list{};
[[gnu::section(".bss.large")]] constinit List<UsedRange, 256> used_list{};

void note_use(boot::PhysRange range, mm::FrameKind kind, const char *description)
{
    for (size_t i = 0; i < used_list.count; i++) {
        UsedRange &used = used_list.items[i];
        if (used.kind != kind || used.description != description) continue;
        if (range.end == used.range.begin)
            used.range.begin = range.begin;
        else if (range.begin == used.range.end)
            used.range.end = range.end;
        else
            continue;
        return;
    }
    used_list.add({range, kind, description});
}

// Takes the parts of `wanted` (page aligned) that are free out of the free list.
void reserve(boot::PhysRange wanted, mm::FrameKind kind, const char *description)
{
    for (size_t i = 0; i < free_list.count;) {
        boot::PhysRange piece = free_list.items[i];
        boot::PhysRange common{std::max(piece.begin, wanted.begin), std::min(piece.end, wanted.end)};
        if (common.empty()) {
            i++;
            continue;
        }
        free_list.remove(i);
        boot::PhysRange below{piece.begin, common.begin}, above{common.end, piece.end};
        if (!below.empty()) free_list.add(below);
        if (!above.empty()) free_list.add(above);
        note_use(common, kind, description);
        i = 0; // the list has changed
    }
}

} // namespace

void init_boot_memory(const boot::BootInfo &info)
{
    if (info.problem != nullptr) refuse("{}", info.problem);
    for (const boot::MemoryRegion &region : info.regions()) {
        if (region.type != boot::MemoryType::Usable) continue;
        boot::PhysRange pages{region.begin.page_up(), region.end.page_down()};
        if (!pages.empty()) free_list.add(pages);
    }
    // Frame 0 would be a null pointer to some eyes, and firmware keeps its interrupt table there.
    reserve({mm::PhysAddr{0}, mm::PhysAddr{mm::PageSize}}, mm::FrameKind::Reserved, "page 0");
    reserve({KernelLoadAddress, image_physical(address_of(image_end)).page_up()}, mm::FrameKind::Reserved,
            ImageName);
    if (!info.archive.empty()) {
        reserve({info.archive.begin.page_down(), info.archive.end.page_up()}, mm::FrameKind::Archive,
                ArchiveName);
    }
}

mm::PhysAddr take_boot_memory(uint64_t bytes, uint64_t alignment, const char *description)
{
    // From the top: what lies together stays together, and low memory is left for those who need it.
    mm::PhysAddr best{0};
    for (size_t i = 0; i < free_list.count; i++) {
        boot::PhysRange piece = free_list.items[i];
        piece.end = std::min(piece.end, BootMappedEnd);
        if (piece.empty() || piece.size() < bytes) continue;
        mm::PhysAddr begin{(piece.end.value() - bytes) & ~(alignment - 1)};
        if (begin >= piece.begin && begin > best) best = begin;
    }
    if (best == mm::PhysAddr{0})
        refuse("there is too little memory: no {} KiB left for {}", bytes >> 10, description);
    reserve({best, best + bytes}, mm::FrameKind::Reserved, description);
    return best;
}

void release_boot_memory(boot::PhysRange range)
{
    for (size_t i = 0; i < used_list.count; i++) {
        boot::PhysRange &used = used_list.items[i].range;
        if (range.begin < used.begin || range.end > used.end) continue;
        boot::PhysRange above{range.end, used.end};
        UsedRange rest = used_list.items[i];
        used.end = range.begin;
        if (used.empty()) used_list.remove(i);
        rest.range = above;
        if (!above.empty()) used_list.add(rest);
        free_list.add(range);
        return;
    }
    panic("boot memory {:#x} is released but was never used", range.begin.value());
}

std::span<const boot::PhysRange> free_ranges()
{
    return {free_list.items.data(), free_list.count};
}
std::span<const UsedRange> used_ranges()
{
    return {used_list.items.data(), used_list.count};
}

uint64_t used_bytes(std::string_view description)
{
    uint64_t bytes = 0;
    for (const UsedRange &used : used_ranges()) {
        if (used.description == description) bytes += used.range.size();
    }
    return bytes;
}

} // namespace kernel
