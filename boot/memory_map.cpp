// From a loader's memory map to BootInfo's: sorted, without overlaps, neighbours merged.
#include "boot/loader_memory.hpp"

#include <algorithm>

namespace boot {

bool copy_text(PhysicalWindow window, uint64_t physical, uint64_t limit, std::span<char> storage,
               size_t &length)
{
    length = 0;
    for (uint64_t i = 0; i < limit; i++) {
        const std::byte *byte = window(physical + i, 1);
        if (byte == nullptr) return false;
        if (*byte == std::byte{0}) return true;
        if (length == storage.size()) return false;
        storage[length++] = static_cast<char>(*byte);
    }
    return true;
}

void MemoryMapBuilder::add(uint64_t begin, uint64_t size, uint32_t acpi_type)
{
    if (size == 0) return;
    uint64_t end = begin + size < begin ? UINT64_MAX : begin + size;
    bool known = acpi_type >= 1 && acpi_type <= static_cast<uint32_t>(MemoryType::Bad);
    auto type = known ? static_cast<MemoryType>(acpi_type) : MemoryType::Reserved;
    if (count_ == raw_.size()) {
        overflowed_ = true;
        return;
    }
    raw_[count_++] = {mm::PhysAddr{begin}, mm::PhysAddr{end}, type};
}

void MemoryMapBuilder::finish(BootInfo &info) const
{
    if (overflowed_) {
        // A dropped entry could have been the one that says "do not touch".
        info.problem = "the loader's memory map has too many entries";
        return;
    }
    // Between two neighbouring borders nothing changes: each such piece has one type.
    std::array<mm::PhysAddr, 2 * MaxMemoryRegions> borders;
    size_t border_count = 0;
    for (size_t i = 0; i < count_; i++) {
        borders[border_count++] = raw_[i].begin;
        borders[border_count++] = raw_[i].end;
    }
    std::sort(borders.begin(), borders.begin() + border_count);

    info.region_count = 0;
    for (size_t b = 0; b + 1 < border_count; b++) {
        mm::PhysAddr begin = borders[b], end = borders[b + 1];
        if (begin == end) continue;
        bool covered = false;
        auto type = MemoryType::Usable;
        for (size_t i = 0; i < count_; i++) {
            if (begin < raw_[i].begin || begin >= raw_[i].end) continue;
            covered = true;
            type = std::max(type, raw_[i].type);
        }
        if (!covered) continue;
        if (info.region_count > 0) {
            MemoryRegion &last = info.region_storage[info.region_count - 1];
            if (last.end == begin && last.type == type) {
                last.end = end;
                continue;
            }
        }
        if (info.region_count == info.region_storage.size()) {
            info.problem = "the loader's memory map has too many entries";
            return;
        }
        info.region_storage[info.region_count++] = {begin, end, type};
    }
    if (info.region_count == 0) info.problem = "the loader gave no memory map";
}

} // namespace boot
