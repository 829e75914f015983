// mmap(2): find a place, check the limits, make room, add an area. No page is touched unless MAP_POPULATE
// asks for it.
#include "mm/address_space.hpp"

#include <algorithm>

namespace mm {

namespace {

// The largest file there can be (Linux's MAX_LFS_FILESIZE), in pages.
constexpr uint64_t MaxFilePages = (uint64_t{1} << 63) >> PageShift;

// Where the search begins that goes upwards, after the one that goes downwards found nothing (Linux's
// TASK_UNMAPPED_BASE: a third of the user half).
constexpr VirtAddr BottomUpBase = VirtAddr{UserEnd.value() / 3}.page_up();

// Private memory that may be written has to be backed by RAM one day, unless MAP_NORESERVE says not to count.
bool is_accountable(Protection protection, AreaFlags flags)
{
    return protection.write && !flags.shared && !flags.no_reserve;
}

} // namespace

Result<VirtAddr> AddressSpace::map(const MapRequest &request)
{
    if (request.length == 0) return Errno::Invalid;
    uint64_t size = round_up_to_page(request.length);
    if (size == 0) return Errno::NoMemory; // rounding went past the end
    uint64_t pages = size >> PageShift;
    if (request.offset + pages < request.offset) return Errno::Overflow;

    auto at = map_area(request, size);
    if (!at.ok()) return at;
    // A failure to populate is no failure to map (mmap(2)).
    if (request.populate || request.flags.locked || future_.locked || is_flat()) [[unlikely]]
        (void)populate({*at, *at + size}, true);
    return at;
}

inline Result<VirtAddr> AddressSpace::map_area(const MapRequest &request, uint64_t size)
{
    uint64_t pages = size >> PageShift;
    Turn turn(*this);
    if (areas_.size() > MaxAreas) return Errno::NoMemory;
    bool anywhere = request.placement == MapRequest::Placement::Anywhere;
    VirtAddr at = anywhere ? TRY(find_place(request.address, size)) : TRY(check_place(request.address, size));
    VirtRange range{at, at + size};
    if (request.placement == MapRequest::Placement::FixedNoReplace) {
        VmArea *there = areas_.first_ending_above(range.begin);
        if (there != nullptr && there->range.begin < range.end) return Errno::Exists;
    }

    Mapping mapping{.range = range,
                    .protection = request.protection,
                    .flags = request.flags,
                    .object = request.object,
                    .offset = request.offset};
    if (mapping.object != nullptr && (pages > MaxFilePages || mapping.offset > MaxFilePages - pages)) {
        return Errno::Overflow;
    }
    if (is_flat()) [[unlikely]]
        TRY_VOID(make_flat(mapping));
    mapping.flags.locked |= future_.locked;
    mapping.flags.lock_on_fault |= future_.lock_on_fault;

    if (!may_grow(mapping.protection, mapping.flags, pages)) {
        // What MAP_FIXED is about to replace does not count.
        uint64_t replaced = anywhere ? 0 : pages_mapped_in(range);
        if (!may_grow(mapping.protection, mapping.flags, pages - replaced)) return Errno::NoMemory;
    }
    if (!anywhere) TRY_VOID(unmap_range(range));

    mapping.flags.accounted = is_accountable(mapping.protection, mapping.flags);
    bool shared_memory = mapping.object == nullptr && mapping.flags.shared;
    if (mapping.flags.accounted || (shared_memory && !mapping.flags.no_reserve)) {
        if (exceeds_memory(pages)) return Errno::NoMemory;
    }
    if (shared_memory) {
        mapping.object = TRY(MemoryObject::create(MemoryObject::Kind::SharedAnonymous, nullptr, pages));
        mapping.offset = 0;
    } else if (mapping.object == nullptr) {
        mapping.object = private_memory_;
        mapping.offset = range.begin.page();
    }
    auto added = add(mapping, neighbours_of_new(mapping));
    if (shared_memory) mapping.object->drop(); // the area has a reference of its own
    if (!added.ok()) return added.error();
    account(mapping.protection, mapping.flags, pages);
    return at;
}

// A hint is taken when it is free. Otherwise the highest place below the stack's room that fits, as on Linux.
Result<VirtAddr> AddressSpace::find_place(VirtAddr hint, uint64_t size) const
{
    if (is_flat()) [[unlikely]]
        return find_flat_place(hint, size);
    uint64_t user_size = UserEnd.value();
    if (size > user_size) return Errno::NoMemory;
    hint = hint.page_down();
    if (hint != VirtAddr{} && hint < UserBegin) hint = UserBegin;
    if (hint != VirtAddr{} && hint.value() <= user_size - size) {
        VmArea *above = areas_.first_ending_above(hint);
        if (above == nullptr || hint + size <= above->guarded_begin()) return hint;
    }
    auto place = areas_.highest_gap(size, UserBegin, map_top_);
    if (!place) place = areas_.lowest_gap(size, BottomUpBase, UserEnd);
    if (!place) return Errno::NoMemory;
    return *place;
}

// Whether a mapping could be at a place that the program insists on.
Result<VirtAddr> AddressSpace::check_place(VirtAddr address, uint64_t size) const
{
    if (size > UserEnd.value() || address > UserEnd - size) return Errno::NoMemory;
    if (!address.is_page_aligned()) return Errno::Invalid;
    if (address < UserBegin) return Errno::NotPermitted;
    if (is_flat() && !is_flat_place(address, size)) return Errno::NoMemory;
    return address;
}

uint64_t AddressSpace::pages_mapped_in(VirtRange range) const
{
    uint64_t pages = 0;
    for (VmArea *area = areas_.first_ending_above(range.begin);
         area != nullptr && area->range.begin < range.end; area = AreaSet::next(*area)) {
        pages +=
            VirtRange{std::max(area->range.begin, range.begin), std::min(area->range.end, range.end)}.pages();
    }
    return pages;
}

} // namespace mm
