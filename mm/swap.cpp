// All swap areas: which one a page goes to, and what becomes of a slot that its last user leaves.
#include "mm/swap.hpp"

#include "mm/page_frame.hpp"
#include "mm/swap_area.hpp"
#include "mm/swap_cache.hpp"

#include <algorithm>

namespace mm {

namespace {

struct Place {
    enum class State : uint8_t { Free, Reserved, InUse, Leaving } state = State::Free;
    SwapArea *area = nullptr; // InUse and Leaving
    int priority = 0;
};

struct Areas {
    std::array<Place, SwapSlot::MaxAreas> places;
    int least_priority = -1; // given to an area that asked for none; the next one gets one less

    Place &of(SwapSlot slot) { return places[slot.area()]; }
    void release_cache_without_areas()
    {
        if (std::ranges::none_of(places, [](const Place &each) { return each.area != nullptr; }))
            swap_cache().release();
    }
};

constinit lib::Guarded<Areas> areas;

} // namespace

constinit uint64_t swap_pages_in_all = 0;

// ---- Slots

SwapRun allocate_slots(unsigned wanted)
{
    auto held = areas.lock();
    Place *best = nullptr;
    for (Place &place : held->places) {
        if (place.state != Place::State::InUse || place.area->free() == 0) continue;
        if (best == nullptr || place.priority > best->priority) best = &place;
    }
    if (best == nullptr) return {};
    SwapArea::Run run = best->area->allocate(wanted);
    auto number = static_cast<unsigned>(best - held->places.data());
    return {SwapSlot{number, run.first}, run.count};
}

uint64_t free_slots()
{
    auto held = areas.lock();
    uint64_t free = 0;
    for (const Place &place : held->places) {
        if (place.state == Place::State::InUse) free += place.area->free();
    }
    return free;
}

bool share_slot(SwapSlot slot)
{
    return areas.lock()->of(slot).area->share(slot.offset());
}

void release_slot(SwapSlot slot)
{
    unsigned left;
    {
        auto held = areas.lock();
        SwapArea &area = *held->of(slot).area;
        uint32_t before = area.size();
        left = area.drop(slot.offset());
        swap_pages_in_all -= before - area.size(); // it may be bad from now on
    }
    if (left != 1) return;
    uint32_t cached = swap_cache().find(slot);
    if (cached == NoFrame) return;
    const Frame &frame = machine::frame_array()[cached];
    bool is_alone = frame.references.load(std::memory_order_relaxed) == 1;
    if (is_alone && !(frame.flags & Frame::Busy)) forget_cached(cached);
}

unsigned slot_users(SwapSlot slot)
{
    return areas.lock()->of(slot).area->users(slot.offset());
}

void mark_slot_bad(SwapSlot slot)
{
    auto held = areas.lock();
    SwapArea &area = *held->of(slot).area;
    uint32_t before = area.size();
    area.mark_bad(slot.offset());
    swap_pages_in_all -= before - area.size();
}

// ---- Areas

Result<unsigned> reserve_swap_area()
{
    auto held = areas.lock();
    for (unsigned i = 0; i < held->places.size(); i++) {
        if (held->places[i].state != Place::State::Free) continue;
        held->places[i].state = Place::State::Reserved;
        return i;
    }
    return Errno::NotPermitted;
}

void release_swap_area(unsigned area)
{
    areas.lock()->places[area] = {};
}

Result<void> add_swap_area(unsigned area, const SwapHeader &header, int priority)
{
    TRY_VOID(swap_cache().prepare());
    auto made = SwapArea::create(header);
    auto held = areas.lock();
    if (!made.ok()) {
        held->release_cache_without_areas();
        return made.error();
    }
    if (priority < 0) priority = --held->least_priority;
    held->places[area] = {.state = Place::State::InUse, .area = *made, .priority = priority};
    swap_pages_in_all += (*made)->size();
    return {};
}

bool begin_removal(unsigned area)
{
    auto held = areas.lock();
    if (area >= held->places.size() || held->places[area].state != Place::State::InUse) return false;
    held->places[area].state = Place::State::Leaving;
    return true;
}

void end_removal(unsigned area, bool removed)
{
    auto held = areas.lock();
    Place &place = held->places[area];
    place.state = Place::State::InUse;
    if (!removed) return;
    swap_pages_in_all -= place.area->size();
    place.area->destroy();
    // It stays reserved: the caller has a device to let go of, and then calls release_swap_area().
    place = {.state = Place::State::Reserved};
    held->release_cache_without_areas();
}

bool is_being_removed(unsigned area)
{
    return areas.lock()->places[area].state == Place::State::Leaving;
}

bool abandon_removals()
{
    auto held = areas.lock();
    bool any = false;
    for (Place &place : held->places) {
        if (place.state != Place::State::Leaving) continue;
        place.state = Place::State::InUse;
        any = true;
    }
    return any;
}

SwapSlot next_used_slot(unsigned area, uint32_t from)
{
    auto held = areas.lock();
    const SwapArea &slots = *held->places[area].area;
    uint32_t found = slots.next_in_use(from);
    return found == slots.end() ? SwapSlot{} : SwapSlot{area, found};
}

// ---- What /proc tells

SwapStatistics swap_statistics()
{
    auto held = areas.lock();
    SwapStatistics statistics;
    for (const Place &place : held->places) {
        if (place.area == nullptr) continue;
        statistics.total += place.area->size();
        statistics.free += place.area->free();
    }
    statistics.cached = swap_cache().size();
    statistics.stuck = swap_cache().stuck();
    return statistics;
}

std::optional<SwapAreaInformation> swap_area_information(unsigned area)
{
    auto held = areas.lock();
    const Place &place = held->places[area];
    if (place.area == nullptr) return std::nullopt;
    return SwapAreaInformation{place.area->size(), place.area->in_use(), place.priority};
}

void reset_swap()
{
    Areas &forgotten = areas.break_lock();
    forgotten.places = {};
    forgotten.least_priority = -1;
    swap_pages_in_all = 0;
}

void audit_swap()
{
    {
        auto held = areas.lock();
        for (const Place &place : held->places) {
            if (place.area != nullptr) place.area->audit();
        }
    }
    swap_cache().audit();
}

} // namespace mm
