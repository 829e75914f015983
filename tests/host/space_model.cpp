// The calls of the manual pages, on an array of pages.
#include "tests/host/space_model.hpp"

#include "mm/swap.hpp"

namespace host {

namespace {

bool is_data(Protection protection, AreaFlags flags)
{
    return protection.write && !flags.shared && !flags.grows_down;
}

// What one request is measured against.
uint64_t memory_pages()
{
    return mm::usable_ram_pages() + mm::total_swap_pages();
}

Answer fail(Errno error)
{
    return {.error = error, .address = {}};
}

Answer succeed(VirtAddr address = {})
{
    return {.error = {}, .address = address};
}

} // namespace

bool ModelPage::maps_as(const ModelPage &other) const
{
    if (!mapped || !other.mapped) return mapped == other.mapped;
    AreaFlags mine = flags, theirs = other.flags;
    mine.accounted = theirs.accounted = false;
    return protection == other.protection && mine == theirs && object == other.object && index == other.index;
}

SpaceModel::SpaceModel(VirtAddr base, uint64_t pages, uint64_t filler_pages, const TestFile &file,
                       MemoryObject &file_object)
    : break_begin(base), current_break(base), base_(base), pages_(pages), filler_pages_(filler_pages),
      map_top_(pages), file_(file), file_object_(file_object)
{}

void SpaceModel::live_flat(uint64_t stack_pages)
{
    is_flat_ = true;
    map_top_ = size() - stack_pages - 1;
    for (uint64_t i = size() - stack_pages; i < size(); i++) {
        pages_[i].mapped = true;
        pages_[i].protection = ReadWrite;
    }
}

void SpaceModel::assign(const SpaceModel &other)
{
    limits = other.limits;
    break_begin = other.break_begin;
    current_break = other.current_break;
    base_ = other.base_;
    pages_ = other.pages_;
    filler_pages_ = other.filler_pages_;
    is_flat_ = other.is_flat_;
    map_top_ = other.map_top_;
    future_ = other.future_;
}

void SpaceModel::become_child_of(const SpaceModel &parent)
{
    assign(parent);
    future_ = {};
    for (ModelPage &page : pages_) {
        if (page.flags.dont_fork) page = ModelPage{};
        if (page.flags.wipe_on_fork) page.written = false;
        page.flags.locked = page.flags.lock_on_fault = false;
    }
}

int64_t SpaceModel::number(VirtAddr address) const
{
    return static_cast<int64_t>(address.page()) - static_cast<int64_t>(base_.page());
}

bool SpaceModel::is_past_end(const ModelPage &page) const
{
    if (page.object == &file_object_) return page.index * PageSize >= file_.size();
    return page.object != nullptr && page.index >= page.end;
}

uint8_t SpaceModel::byte(const ModelPage &page, const SharedBytes &shared) const
{
    if (page.written) return page.value;
    if (page.object == nullptr) return 0;
    if (page.object == &file_object_) return file_.byte(page.index * PageSize + Offset);
    auto found = shared.find({page.object, page.index});
    return found != shared.end() ? found->second : 0;
}

uint8_t SpaceModel::neighbour_byte(const ModelPage &page) const
{
    return page.object == &file_object_ ? file_.byte(page.index * PageSize + Offset + 1) : 0;
}

bool SpaceModel::may_grow(Protection protection, AreaFlags flags, uint64_t pages) const
{
    uint64_t mapped = filler_pages_ + pages, data = pages;
    for (const ModelPage &page : pages_) {
        mapped += page.mapped;
        data += page.mapped && is_data(page.protection, page.flags);
    }
    if (mapped > limits.address_space / PageSize) return false;
    return !is_data(protection, flags) || data <= limits.data / PageSize;
}

// Whether the free page lies in the guard gap of a stack above.
bool SpaceModel::guarded(uint64_t page) const
{
    for (uint64_t above = page + 1; above < size() && above <= page + mm::StackGuardGap / PageSize; above++) {
        if (pages_[above].mapped) return pages_[above].flags.grows_down;
    }
    return false;
}

Answer SpaceModel::find_place(VirtAddr hint, uint64_t pages) const
{
    auto is_free = [&](uint64_t page) { return !pages_[page].mapped && !guarded(page); };
    auto all_free = [&](uint64_t begin) {
        if (begin + pages > map_top_) return false;
        for (uint64_t i = begin; i < begin + pages; i++) {
            if (!is_free(i)) return false;
        }
        return true;
    };
    int64_t wanted = number(hint);
    if (wanted >= 0 && wanted < static_cast<int64_t>(size()) && all_free(static_cast<uint64_t>(wanted)))
        return succeed(hint.page_down());
    uint64_t run = 0;
    for (uint64_t page = map_top_; page-- > 0;) {
        run = is_free(page) ? run + 1 : 0;
        if (run == pages) return succeed(address(page));
    }
    return fail(Errno::NoMemory);
}

void SpaceModel::clear(uint64_t begin, uint64_t end)
{
    for (uint64_t i = begin; i < end; i++) pages_[i] = ModelPage{};
}

Answer SpaceModel::map(const MapRequest &request)
{
    if (request.length == 0) return fail(Errno::Invalid);
    uint64_t count = (request.length + PageSize - 1) / PageSize;
    bool anywhere = request.placement == MapRequest::Placement::Anywhere;
    VirtAddr at = request.address;
    if (anywhere) {
        Answer place = find_place(request.address, count);
        if (!place.ok()) return place;
        at = place.address;
    } else if (!at.is_page_aligned()) {
        return fail(Errno::Invalid);
    }
    auto first = static_cast<uint64_t>(number(at));
    uint64_t there = 0;
    for (uint64_t i = 0; i < count; i++) there += pages_[first + i].mapped;
    if (there != 0 && request.placement == MapRequest::Placement::FixedNoReplace) return fail(Errno::Exists);
    AreaFlags flags = request.flags;
    if (is_flat_) {
        if (request.object != nullptr && flags.shared) return fail(Errno::NoDevice);
        flags.shared = flags.grows_down = false;
    }
    if (!may_grow(request.protection, flags, count - there)) return fail(Errno::NoMemory);
    clear(first, first + count);
    bool counts =
        request.object == nullptr && !request.flags.no_reserve && (flags.shared || request.protection.write);
    if (request.object != nullptr && !flags.shared && request.protection.write && !request.flags.no_reserve)
        counts = true;
    if (counts && count > memory_pages()) return fail(Errno::NoMemory);
    for (uint64_t i = 0; i < count; i++) {
        ModelPage page;
        page.mapped = true;
        page.protection = request.protection;
        page.flags = flags;
        page.flags.locked |= future_.locked;
        page.flags.lock_on_fault |= future_.lock_on_fault;
        page.object = request.object; // a new shared object is filled in by who knows its address
        page.index = request.object != nullptr || flags.shared ? request.offset + i : 0;
        page.end = request.object != nullptr ? request.object->end() : count;
        pages_[first + i] = page;
    }
    return succeed(at);
}

Answer SpaceModel::unmap(VirtAddr address, uint64_t length)
{
    if (!address.is_page_aligned() || length == 0) return fail(Errno::Invalid);
    auto first = static_cast<uint64_t>(number(address));
    clear(first, first + (length + PageSize - 1) / PageSize);
    return succeed();
}

Answer SpaceModel::protect(VirtAddr address, uint64_t length, Protection protection, ProtectExtent extent)
{
    if (!address.is_page_aligned()) return fail(Errno::Invalid);
    if (length == 0) return succeed();
    auto first = static_cast<uint64_t>(number(address));
    uint64_t end = first + (length + PageSize - 1) / PageSize;
    if (extent != ProtectExtent::AsGiven) {
        // The model knows no areas; the caller never asks it when the answer would depend on them.
        return fail(pages_[first].mapped ? Errno::Invalid : Errno::NoMemory);
    }
    for (uint64_t i = first; i < end; i++) {
        if (!pages_[i].mapped) return fail(Errno::NoMemory);
        if (protection.write && !pages_[i].flags.may_write) return fail(Errno::AccessDenied);
        pages_[i].protection = protection;
    }
    return succeed();
}

Answer SpaceModel::remap(const RemapRequest &request, VirtAddr area_end)
{
    uint64_t old_pages = (request.old_size + PageSize - 1) / PageSize;
    uint64_t new_pages = (request.new_size + PageSize - 1) / PageSize;
    if (request.fixed && !request.may_move) return fail(Errno::Invalid);
    if (request.dont_unmap && (!request.may_move || request.old_size != request.new_size))
        return fail(Errno::Invalid);
    if (!request.old_address.is_page_aligned() || new_pages == 0) return fail(Errno::Invalid);
    auto from = static_cast<uint64_t>(number(request.old_address));
    if (!pages_[from].mapped) return fail(Errno::BadAddress);
    auto area_pages = static_cast<uint64_t>(number(area_end)) - from;

    bool to_given = request.fixed || request.dont_unmap;
    uint64_t to = 0;
    if (to_given) {
        if (!request.new_address.is_page_aligned()) return fail(Errno::Invalid);
        to = static_cast<uint64_t>(number(request.new_address));
        if (from + old_pages > to && to + new_pages > from) return fail(Errno::Invalid);
        if (request.fixed) {
            clear(to, to + new_pages);
            if (to > from && to - from < area_pages) area_pages = to - from;
        }
        if (old_pages > new_pages) {
            clear(from + new_pages, from + old_pages);
            old_pages = new_pages;
        }
    } else if (old_pages >= new_pages) {
        clear(from + new_pages, from + old_pages);
        return succeed(request.old_address);
    }

    // Of nothing (old size 0) the new place may have been made where the old one was.
    if (!pages_[from].mapped) return fail(Errno::BadAddress);
    const ModelPage like = pages_[from];
    if (old_pages == 0 && !like.flags.shared) return fail(Errno::Invalid);
    if (old_pages > area_pages) return fail(Errno::BadAddress);
    if (new_pages > old_pages && !may_grow(like.protection, like.flags, new_pages - old_pages))
        return fail(Errno::NoMemory);
    if (request.dont_unmap && !may_grow(like.protection, like.flags, old_pages)) return fail(Errno::NoMemory);

    auto extended = [&](uint64_t i) {
        ModelPage page = like;
        page.written = false;
        page.index += like.object != nullptr ? i : 0;
        return page;
    };
    if (!to_given && old_pages == area_pages) {
        bool room = from + new_pages <= size();
        for (uint64_t i = from + old_pages; room && i < from + new_pages; i++) room = !pages_[i].mapped;
        if (room) {
            for (uint64_t i = old_pages; i < new_pages; i++) pages_[from + i] = extended(i);
            return succeed(request.old_address);
        }
    }
    if (!request.may_move) return fail(Errno::NoMemory);
    if (!request.fixed) {
        Answer place = find_place(request.dont_unmap ? request.new_address : VirtAddr{}, new_pages);
        if (!place.ok()) return place;
        to = static_cast<uint64_t>(number(place.address));
    }
    std::vector<ModelPage> moved(pages_.begin() + static_cast<long>(from),
                                 pages_.begin() + static_cast<long>(from + old_pages));
    for (uint64_t i = old_pages; i < new_pages; i++) moved.push_back(extended(i));
    for (uint64_t i = 0; i < old_pages; i++) {
        if (request.dont_unmap)
            pages_[from + i].written = false;
        else
            pages_[from + i] = ModelPage{};
    }
    for (uint64_t i = 0; i < new_pages; i++) pages_[to + i] = moved[i];
    return succeed(address(to));
}

Answer SpaceModel::advise(VirtAddr address, uint64_t length, Advice advice)
{
    if (!address.is_page_aligned()) return fail(Errno::Invalid);
    auto first = static_cast<uint64_t>(number(address));
    bool populates = advice == Advice::PopulateRead || advice == Advice::PopulateWrite;
    bool hole = false;
    for (uint64_t i = first; i < first + (length + PageSize - 1) / PageSize; i++) {
        ModelPage &page = pages_[i];
        if (!page.mapped) {
            hole = true;
            continue;
        }
        bool refused = page.flags.locked &&
                       (advice == Advice::DontNeed || advice == Advice::Free || advice == Advice::Cold);
        refused |= advice == Advice::Free && page.object != nullptr;
        refused |= advice == Advice::WipeOnFork && page.object != nullptr;
        refused |= advice == Advice::PopulateWrite && !page.protection.write;
        refused |= advice == Advice::PopulateRead && page.protection.none();
        if (refused) return fail(Errno::Invalid);
        if (populates && is_past_end(page)) return fail(Errno::BadAddress);
        if (advice == Advice::DontNeed || advice == Advice::DontNeedLocked) page.written = false;
        if (advice == Advice::DontFork || advice == Advice::DoFork)
            page.flags.dont_fork = advice == Advice::DontFork;
        if (advice == Advice::WipeOnFork || advice == Advice::KeepOnFork)
            page.flags.wipe_on_fork = advice == Advice::WipeOnFork;
    }
    if (hole) return fail(Errno::NoMemory);
    return succeed();
}

Answer SpaceModel::synchronise(VirtAddr address, uint64_t length, bool asynchronous, bool invalidate)
{
    if (!address.is_page_aligned()) return fail(Errno::Invalid);
    auto first = static_cast<uint64_t>(number(address));
    bool hole = false;
    for (uint64_t i = first; i < first + (length + PageSize - 1) / PageSize; i++) {
        if (!pages_[i].mapped && asynchronous && !invalidate) return fail(Errno::NoMemory);
        hole |= !pages_[i].mapped;
        if (pages_[i].mapped && invalidate && pages_[i].flags.locked) return fail(Errno::Busy);
    }
    if (hole) return fail(Errno::NoMemory);
    return succeed();
}

Errno SpaceModel::set_locked(VirtAddr address, uint64_t length, bool locked, bool on_fault)
{
    auto first = static_cast<uint64_t>(number(address));
    auto end = static_cast<uint64_t>(number((address + length).page_up()));
    for (uint64_t i = first; i < end; i++) {
        if (!pages_[i].mapped) return Errno::NoMemory;
        pages_[i].flags.locked = locked;
        pages_[i].flags.lock_on_fault = locked && on_fault;
    }
    return Errno{};
}

Answer SpaceModel::lock(VirtAddr address, uint64_t length, bool on_fault)
{
    if (length == 0 && address.is_page_aligned()) return succeed();
    Errno error = set_locked(address, length, true, on_fault);
    if (error != Errno{}) return fail(error);
    auto end = static_cast<uint64_t>(number((address + length).page_up()));
    return fail(populate(static_cast<uint64_t>(number(address)), end));
}

// What populating a range answers when there is memory.
Errno SpaceModel::populate(uint64_t begin, uint64_t end) const
{
    for (uint64_t i = begin; i < end; i++) {
        if (pages_[i].flags.lock_on_fault) continue;
        if (pages_[i].protection.none() || is_past_end(pages_[i])) return Errno::NoMemory;
    }
    return Errno{};
}

Answer SpaceModel::unlock(VirtAddr address, uint64_t length)
{
    if (length == 0 && address.is_page_aligned()) return succeed();
    return fail(set_locked(address, length, false, false));
}

void SpaceModel::lock_all(bool current, bool future, bool on_fault)
{
    future_.locked = future;
    future_.lock_on_fault = future && on_fault;
    for (ModelPage &page : pages_) {
        if (!page.mapped || !(current || !future)) continue;
        page.flags.locked = current;
        page.flags.lock_on_fault = current && on_fault;
    }
}

VirtAddr SpaceModel::set_break(VirtAddr wanted)
{
    if (wanted < break_begin) return current_break;
    if (limits.data != mm::Unlimited && wanted - break_begin > limits.data) return current_break;
    auto old_end = static_cast<uint64_t>(number(current_break.page_up()));
    int64_t new_number = number(wanted.page_up());
    if (new_number > static_cast<int64_t>(size())) return current_break;
    auto new_end = static_cast<uint64_t>(new_number);
    if (new_end < old_end) {
        bool any = false;
        for (uint64_t i = new_end; i < old_end; i++) any |= pages_[i].mapped;
        if (!any) return current_break;
        clear(new_end, old_end);
    } else if (new_end > old_end) {
        if (new_end + 1 > size()) return current_break; // the filler above
        if (is_flat_ && new_end > map_top_) return current_break;
        for (uint64_t i = old_end; i <= new_end; i++) {
            if (pages_[i].mapped || guarded(i)) return current_break;
        }
        if (!may_grow(ReadWrite, {}, new_end - old_end) || new_end - old_end > memory_pages())
            return current_break;
        for (uint64_t i = old_end; i < new_end; i++) {
            pages_[i].mapped = true;
            pages_[i].protection = ReadWrite;
            pages_[i].flags.locked = future_.locked;
            pages_[i].flags.lock_on_fault = future_.lock_on_fault;
        }
    }
    return current_break = wanted;
}

void SpaceModel::map_stack(VirtAddr top, uint64_t pages)
{
    for (uint64_t i = 1; i <= pages; i++) {
        ModelPage &page = pages_[static_cast<uint64_t>(number(top)) - i];
        page.mapped = true;
        page.protection = ReadWrite;
        page.flags.grows_down = true;
    }
}

bool SpaceModel::grow_stack(uint64_t begin, VirtAddr stack_end)
{
    uint64_t above = begin;
    while (above < size() && !pages_[above].mapped) above++;
    if (above == size() || !pages_[above].flags.grows_down) return false;
    for (uint64_t i = 1; i <= mm::StackGuardGap / PageSize && i <= begin; i++) {
        const ModelPage &below = pages_[begin - i];
        if (!below.mapped) continue;
        if (!below.flags.grows_down && !below.protection.none()) return false;
        break;
    }
    const ModelPage like = pages_[above];
    if (stack_end - address(begin) > limits.stack || !may_grow(like.protection, like.flags, above - begin))
        return false;
    if (above - begin > memory_pages()) return false;
    for (uint64_t i = begin; i < above; i++) {
        pages_[i] = like;
        pages_[i].written = false;
    }
    return true;
}

FaultResult SpaceModel::access(VirtAddr address, Access access, uint8_t value, VirtAddr stack_end,
                               SharedBytes &shared)
{
    auto at = static_cast<uint64_t>(number(address));
    if (!pages_[at].mapped && !grow_stack(at, stack_end)) return FaultResult::NotMapped;
    ModelPage &page = pages_[at];
    bool allowed = access == Access::Read    ? !page.protection.none()
                   : access == Access::Write ? page.protection.write
                                             : page.protection.execute;
    if (!allowed) return FaultResult::Denied;
    if (is_past_end(page)) return FaultResult::BusError;
    if (access != Access::Write) return FaultResult::Resolved;
    if (page.flags.shared) {
        shared[{page.object, page.index}] = value;
    } else {
        page.written = true;
        page.value = value;
    }
    return FaultResult::Resolved;
}

} // namespace host
