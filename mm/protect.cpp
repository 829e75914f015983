// mprotect(2): areas change at once, up to the first hole; entries that are there are narrowed at once and
// widened as far as that needs no copy.
#include "mm/address_space.hpp"

#include <algorithm>

namespace mm {

namespace {

// What an entry says that has nothing to do with permission.
constexpr uint64_t KeptBits = PageTableEntry::Accessed | PageTableEntry::Dirty | PageTableEntry::ZeroPage;

} // namespace

Result<void> AddressSpace::protect(VirtAddr address, uint64_t length, Protection protection,
                                   ProtectExtent extent)
{
    if (!address.is_page_aligned()) return Errno::Invalid;
    if (length == 0) return {};
    VirtRange range{address, (address + length).page_up()};
    if (length > UINT64_MAX - PageSize || range.empty()) return Errno::NoMemory;

    VirtRange to_populate;
    auto done = protect_range(range, protection, extent, to_populate);
    // A locked page that may be written now gets its copy now (Linux: "trigger COW to avoid major fault on
    // access").
    if (!to_populate.empty()) [[unlikely]]
        (void)populate(to_populate, true);
    return done;
}

// `to_populate`: from the first to the last of what is locked and may be written now; in a flat space all,
// since what nobody could access may be without pages.
inline Result<void> AddressSpace::protect_range(VirtRange range, Protection protection, ProtectExtent extent,
                                                VirtRange &to_populate)
{
    Turn turn(*this);
    VmArea *area = first_ending_above(range.begin);
    if (area == nullptr) return Errno::NoMemory;
    if (extent == ProtectExtent::GrowsDown) {
        if (area->range.begin >= range.end) return Errno::NoMemory;
        if (!area->flags.grows_down) return Errno::Invalid;
        range.begin = area->range.begin;
    } else if (area->range.begin > range.begin) {
        return Errno::NoMemory;
    } else if (extent == ProtectExtent::GrowsUp) {
        return Errno::Invalid; // nothing grows upwards on x86
    }

    for (VirtAddr at = range.begin;;) {
        VirtRange part{at, std::min(area->range.end, range.end)};
        if (protection.write && !area->flags.may_write) return Errno::AccessDenied;
        bool becomes_writable = protection.write && !area->protection.write;
        area = TRY(protect_part(*area, part, protection));
        bool needs_copies = becomes_writable && area->flags.locked && !area->flags.shared;
        if (needs_copies || is_flat()) [[unlikely]]
            to_populate = {to_populate.empty() ? part.begin : to_populate.begin, part.end};
        at = std::max(part.end, area->range.end);
        if (at >= range.end) return {};
        area = AreaSet::next(*area);
        if (area == nullptr || area->range.begin != at) return Errno::NoMemory;
    }
}

// Returns the area that holds `part` afterwards; it may reach further.
Result<VmArea *> AddressSpace::protect_part(VmArea &area, VirtRange part, Protection protection)
{
    if (area.protection == protection) return &area;
    AreaFlags flags = area.flags;
    bool becomes_writable = protection.write && !area.protection.write;
    if (protection.write) {
        // RLIMIT_DATA counts what can be written. A space that is over a limit already may still change.
        if (!may_grow(protection, flags, part.pages()) && may_grow(area.protection, flags, part.pages())) {
            return Errno::NoMemory;
        }
        if (becomes_writable && !flags.accounted && !flags.shared && !flags.no_reserve) {
            if (exceeds_memory(part.pages())) return Errno::NoMemory;
            flags.accounted = true;
        }
    }
    VmArea *changed = TRY(change(area, part, protection, flags));
    change_entries(*changed, part);
    if (recorder_ != nullptr) [[unlikely]]
        hide_range(part);
    return changed;
}

// Rewrites the entries that are there for the area's protection. Pages that are the program's own become
// writable at once, all others by a fault: the zero page and pages of files must be copied first.
void AddressSpace::change_entries(const VmArea &area, VirtRange range)
{
    FrameBatch batch(page_table_.root(), active());
    page_table_.visit(range, batch, [&](VirtAddr page, PageTableEntry old) {
        if (old.is_swap()) return old; // when it is back, the area says what is allowed
        bool writable = area.protection.write && (area.flags.shared || is_exclusive(old.address()));
        PageTableEntry entry =
            PageTableEntry::leaf(old.address(), area.protection, writable).with(old.raw() & KeptBits);
        if (old.present() && entry != old) batch.invalidate(page);
        return entry;
    });
}

} // namespace mm
