// What is in memory: mincore(2), and what /proc/PID/smaps and /proc/PID/pagemap say.
#include "mm/address_space.hpp"
#include "mm/swap.hpp"
#include "mm/swap_cache.hpp"

#include <algorithm>

namespace mm {

namespace {

// How many page table entries lead to the frame; its object's and the swap cache's references are none.
uint64_t mappings_of(const Frame &frame)
{
    uint64_t references = frame.references.load(std::memory_order_relaxed);
    if (frame.flags & Frame::SwapCached) references--;
    return frame.object->is_private_anonymous() ? references : references - 1;
}

// The same for a page on a swap device; at least one does.
uint64_t entries_of(SwapSlot slot)
{
    return slot_users(slot) - (swap_cache().find(slot) != NoFrame ? 1 : 0);
}

} // namespace

// Answers for at most answers.size() pages, all in one area; how many. NoMemory: nothing is mapped at
// `address`.
Result<uint64_t> AddressSpace::residency_of_some(VirtAddr address, uint64_t pages,
                                                 std::span<bool> answers) const
{
    Turn turn(*this);
    const VmArea *area = areas_.find(address);
    if (area == nullptr) return Errno::NoMemory;
    uint64_t count = std::min({pages, answers.size(), (area->range.end - address) >> PageShift});
    for (uint64_t i = 0; i < count; i++) {
        // Without an entry, a file's page may still be there for the next fault to find.
        answers[i] = !area->is_private_anonymous() && area->object->has_page(area->index_of(address) + i);
    }
    page_table_.inspect({address, address + (count << PageShift)}, [&](VirtAddr page, PageTableEntry entry) {
        // On disk, it may still be there for the next fault to find, too.
        answers[(page - address) >> PageShift] = !entry.is_swap() || swap_cache().has(entry.slot());
    });
    return count;
}

PageInformation AddressSpace::inspect(VirtAddr page) const
{
    Turn turn(*this);
    PageInformation information;
    const PageTableEntry *entry = page < UserEnd ? page_table_.find(page) : nullptr;
    if (entry == nullptr || entry->empty()) return information;
    if (entry->is_swap()) {
        information.swapped = true;
        information.slot = entry->slot();
        return information;
    }
    information.present = true;
    information.frame = entry->address();
    if (entry->is_zero_page()) return information;
    const Frame &frame = descriptor(entry->address());
    information.file_or_shared = !frame.object->is_private_anonymous();
    information.exclusive = mappings_of(frame) == 1;
    return information;
}

AreaStatistics AddressSpace::statistics(const VmArea &area) const
{
    Turn turn(*this);
    AreaStatistics result;
    page_table_.inspect(area.range, [&](VirtAddr, PageTableEntry entry) {
        if (entry.is_zero_page()) return;
        if (entry.is_swap()) {
            result.swapped++;
            result.proportional_swapped_bytes += PageSize / entries_of(entry.slot());
            return;
        }
        const Frame &frame = descriptor(entry.address());
        bool anonymous = frame.object->is_private_anonymous();
        // Anonymous pages have no other place to be: they count as written, as on Linux.
        bool dirty = anonymous || entry.dirty();
        uint64_t mappings = mappings_of(frame);
        result.resident++;
        result.referenced += entry.accessed();
        result.anonymous += anonymous;
        (mappings > 1 ? (dirty ? result.shared_dirty : result.shared_clean)
                      : (dirty ? result.private_dirty : result.private_clean))++;
        result.proportional_bytes += PageSize / mappings;
        if (dirty) result.proportional_dirty_bytes += PageSize / mappings;
    });
    return result;
}

} // namespace mm
