// Areas joined, split and changed, so that /proc/PID/maps shows the same lines as on Linux 6.1.
//
// Neighbours become one area when they agree in protection, flags and object, when the upper one's offset
// continues the lower one's, and when their lineage allows it. Lineage: an area's first written page gives it
// a number, new or that of a neighbour it could be joined with but for the protection; splitting copies it.
// Two different numbers never join. An area without a number joins either; but Linux does not join an area
// that has one to an area that has none when the former is the one that changed (is_mergeable_anon_vma() in
// its mm/mmap.c), and neither do we.
#include "mm/address_space.hpp"
#include "mm/kernel_heap.hpp"

namespace mm {

namespace {

bool lineage_joins(uint64_t changed, uint64_t neighbour)
{
    return changed == neighbour || changed == 0;
}

uint64_t common_lineage(uint64_t one, uint64_t other)
{
    return one != 0 ? one : other;
}

} // namespace

bool AddressSpace::joins(const Mapping &lower, const Mapping &upper)
{
    return lower.range.end == upper.range.begin && lower.object == upper.object &&
           lower.protection == upper.protection && lower.flags == upper.flags &&
           lower.index_of(lower.range.end) == upper.offset;
}

// Whom a mapping that is not there yet joins: first the next area, then the previous one if those two agree.
AddressSpace::Neighbours AddressSpace::neighbours_of_new(const Mapping &mapping) const
{
    Neighbours joined;
    uint64_t lineage = 0;
    VmArea *next = areas_.first_ending_above(mapping.range.begin);
    VmArea *previous = next != nullptr ? AreaSet::previous(*next) : areas_.last();
    if (next != nullptr && joins(mapping, *next)) {
        joined.next = next;
        lineage = next->lineage;
    }
    if (previous != nullptr && joins(*previous, mapping) && lineage_joins(lineage, previous->lineage)) {
        joined.previous = previous;
    }
    return joined;
}

// Whom a mapping joins that has, or may have, pages already: both, if they agree, else rather the previous
// one.
AddressSpace::Neighbours AddressSpace::neighbours_of_changed(const Mapping &mapping, VmArea *previous,
                                                             VmArea *next) const
{
    Neighbours joined;
    if (previous != nullptr && joins(*previous, mapping) &&
        lineage_joins(mapping.lineage, previous->lineage)) {
        joined.previous = previous;
    }
    if (next != nullptr && joins(mapping, *next) && lineage_joins(mapping.lineage, next->lineage)) {
        bool all_three_agree = joined.previous == nullptr || joined.previous->lineage == next->lineage ||
                               joined.previous->lineage == 0 || next->lineage == 0;
        if (all_three_agree) joined.next = next;
    }
    return joined;
}

// Makes room for what is mapped now: in the areas it joins, or as a new one. NoMemory changes nothing.
Result<VmArea *> AddressSpace::add(const Mapping &mapping, Neighbours joined)
{
    auto [previous, next] = joined;
    if (previous != nullptr) {
        previous->lineage = common_lineage(previous->lineage, mapping.lineage);
        previous->range.end = mapping.range.end;
        if (next != nullptr) {
            previous->lineage = common_lineage(previous->lineage, next->lineage);
            VirtAddr end = next->range.end;
            destroy_area(*next);
            previous->range.end = end;
        }
        areas_.end_changed(*previous);
        return previous;
    }
    if (next != nullptr) {
        next->lineage = common_lineage(next->lineage, mapping.lineage);
        next->range.begin = mapping.range.begin;
        next->offset = mapping.offset;
        areas_.begin_changed(*next);
        return next;
    }
    return create_area(mapping);
}

Result<VmArea *> AddressSpace::create_area(const Mapping &mapping)
{
    VmArea *area = mm::create<VmArea>(mapping, *this);
    if (area == nullptr) return Errno::NoMemory;
    area->object->share();
    area->object->attach(*area);
    areas_.insert(*area);
    return area;
}

void AddressSpace::destroy_area(VmArea &area)
{
    if (last_found_ == &area) last_found_ = nullptr;
    areas_.remove(area);
    area.object->detach(area);
    area.object->drop();
    destroy(&area);
}

// Cuts the area in two; the result is the upper one.
Result<VmArea *> AddressSpace::split(VmArea &area, VirtAddr at)
{
    VirtRange whole = area.range;
    Mapping upper = area.slice({at, whole.end});
    area.range.end = at; // before the upper one is inserted: the set's areas never overlap
    auto created = create_area(upper);
    if (!created.ok()) area.range.end = whole.end;
    return created;
}

// Undoes split().
void AddressSpace::rejoin(VmArea &area)
{
    VmArea *upper = AreaSet::next(area);
    VirtAddr end = upper->range.end;
    destroy_area(*upper);
    area.range.end = end;
    areas_.end_changed(area);
}

// Takes `part`, which reaches to one of its ends or both, away from the area.
void AddressSpace::cut(VmArea &area, VirtRange part)
{
    if (part.begin > area.range.begin) {
        area.range.end = part.begin;
        areas_.end_changed(area);
    } else if (part.end < area.range.end) {
        area.offset = area.index_of(part.end);
        area.range.begin = part.end;
        areas_.begin_changed(area);
    } else {
        destroy_area(area);
    }
}

// Gives `part` of the area another protection and other flags: in place, by moving the border to a neighbour
// that is like it then, or by splitting. Returns the area that holds `part` now. NoMemory changes nothing.
Result<VmArea *> AddressSpace::change(VmArea &area, VirtRange part, Protection protection, AreaFlags flags)
{
    Protection old_protection = area.protection;
    AreaFlags old_flags = area.flags;
    VmArea *changed = TRY(change_area(area, part, protection, flags));
    count_kinds(old_protection, old_flags, -part.pages());
    count_kinds(protection, flags, part.pages());
    return changed;
}

Result<VmArea *> AddressSpace::change_area(VmArea &area, VirtRange part, Protection protection,
                                           AreaFlags flags)
{
    bool from_begin = part.begin == area.range.begin;
    bool to_end = part.end == area.range.end;
    VmArea *previous = from_begin ? AreaSet::previous(area) : nullptr;
    VmArea *next = to_end ? AreaSet::next(area) : nullptr;
    auto agrees = [&](const VmArea *neighbour) {
        return neighbour != nullptr && neighbour->protection == protection && neighbour->flags == flags;
    };
    if (agrees(previous) || agrees(next)) {
        Mapping changed = area.slice(part);
        changed.protection = protection;
        changed.flags = flags;
        Neighbours joined = neighbours_of_changed(changed, previous, next);
        if (joined.previous != nullptr || joined.next != nullptr) {
            cut(area, part);
            return add(changed, joined);
        }
    }
    VmArea *changed = from_begin && to_end ? &area : TRY(isolate(area, part));
    changed->protection = protection;
    changed->flags = flags;
    return changed;
}

// Makes `part` of the area an area of its own. NoMemory changes nothing.
Result<VmArea *> AddressSpace::isolate(VmArea &area, VirtRange part)
{
    bool from_begin = part.begin == area.range.begin;
    bool to_end = part.end == area.range.end;
    if (areas_.size() + !from_begin + !to_end > MaxAreas) return Errno::NoMemory;
    if (!to_end) TRY(split(area, part.end));
    if (from_begin) return &area;
    auto upper = split(area, part.begin);
    if (!upper.ok() && !to_end) rejoin(area);
    return upper;
}

// `part` was cut out of an area that had the range `whole`.
void AddressSpace::undo_isolate(VmArea &part, VirtRange whole)
{
    if (part.range.end < whole.end) rejoin(part);
    if (part.range.begin > whole.begin) rejoin(*AreaSet::previous(part));
}

// The area is about to get its first private page. It takes the lineage of a neighbour that continues it and
// differs in protection alone, so that the two can join one day.
void AddressSpace::begin_lineage(VmArea &area)
{
    auto continues = [](const Mapping &lower, Mapping upper) {
        upper.protection = lower.protection;
        return joins(lower, upper);
    };
    VmArea *next = AreaSet::next(area);
    if (next != nullptr && next->lineage != 0 && continues(area, *next)) {
        area.lineage = next->lineage;
        return;
    }
    VmArea *previous = AreaSet::previous(area);
    if (previous != nullptr && previous->lineage != 0 && continues(*previous, area)) {
        area.lineage = previous->lineage;
        return;
    }
    area.lineage = ++last_lineage_;
}

} // namespace mm
