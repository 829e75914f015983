// Stacks: made by exec, and grown by faults just below them.
#include "mm/address_space.hpp"

#include <algorithm>

namespace mm {

namespace {

// Where mmap's area ends: the room below UserEnd that a stack may need and a guard gap, at least 128 MiB, at
// most five sixths of everything (Linux's mmap_base()).
VirtAddr top_of_map_area(uint64_t stack_limit)
{
    constexpr uint64_t Least = 128 << 20;
    constexpr uint64_t Most = UserEnd.value() / 6 * 5;
    uint64_t room = stack_limit + StackGuardGap < stack_limit ? stack_limit : stack_limit + StackGuardGap;
    return (UserEnd - std::clamp(room, Least, Most)).page_up();
}

} // namespace

Result<void> AddressSpace::map_stack(VirtAddr top, uint64_t size, Protection protection)
{
    VirtRange range{top - size, top};
    if (is_flat()) return map_flat_stack(range, protection);
    Turn turn(*this);
    map_top_ = top_of_map_area(limits.stack);
    return add_stack(range, protection, {.grows_down = true, .accounted = true});
}

Result<void> AddressSpace::add_stack(VirtRange range, Protection protection, AreaFlags flags)
{
    Mapping mapping{.range = range,
                    .protection = protection,
                    .flags = flags,
                    .object = private_memory_,
                    .offset = range.begin.page()};
    if (!may_grow(protection, mapping.flags, range.pages())) return Errno::NoMemory;
    TRY(add(mapping, {}));
    account(mapping.protection, mapping.flags, range.pages());
    return {};
}

// A fault fell into the hole below `area`. Whether it grows down and may grow as far as `address`
// (getrlimit(2), RLIMIT_STACK; mmap(2), MAP_GROWSDOWN).
bool AddressSpace::grow_stack(VmArea &area, VirtAddr address)
{
    VirtAddr begin = address.page_down();
    if (!area.flags.grows_down || begin < UserBegin) return false;
    // The guard gap separates the stack from what a program could hit unawares; memory that nobody can
    // access, or another stack, needs no guard.
    const VmArea *below = AreaSet::previous(area);
    if (below != nullptr && !below->flags.grows_down && !below->protection.none() &&
        begin - below->range.end < StackGuardGap) {
        return false;
    }
    if (area.lineage == 0) begin_lineage(area); // as on Linux, even if the growth is refused below
    uint64_t pages = (area.range.begin - begin) >> PageShift;
    if (!may_grow(area.protection, area.flags, pages)) return false;
    if (area.range.end - begin > limits.stack) return false;
    if (pages > area.offset || exceeds_memory(pages)) return false;
    area.range.begin = begin;
    area.offset -= pages;
    areas_.begin_changed(area);
    account(area.protection, area.flags, pages);
    return true;
}

} // namespace mm
