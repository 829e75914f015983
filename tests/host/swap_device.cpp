// Transfers on their way, and what a disk would make of them.
#include "tests/host/swap_device.hpp"

#include "mm/frame_allocator.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace host {

using mm::PageSize;
using mm::PageTransfer;
using mm::PhysAddr;
using mm::SwapSlot;
using Direction = PageTransfer::Direction;

namespace {

uint8_t *bytes_of(uint32_t frame)
{
    return static_cast<uint8_t *>(mm::machine::window(PhysAddr::of_page(frame)));
}

uint64_t checksum(uint32_t frame)
{
    uint64_t words[PageSize / 8];
    memcpy(words, bytes_of(frame), PageSize);
    uint64_t sum = 0;
    for (uint64_t word : words) sum = (sum ^ word) * 0x100000001b3 + (sum >> 29);
    return sum;
}

std::string text(SwapSlot slot)
{
    return "slot " + std::to_string(slot.area()) + ":" + std::to_string(slot.offset());
}

std::string text(const PageTransfer &transfer)
{
    return std::string(transfer.direction == Direction::In ? "reading " : "writing ") +
           std::to_string(transfer.count) + " pages from " + text(transfer.first) + " on: ";
}

#if VITRINE_CHECKED
void (*watch_free_before)(PhysAddr) = nullptr;

void on_free(PhysAddr frame)
{
    swap_device().check_free(frame);
    if (watch_free_before != nullptr) watch_free_before(frame);
}
#endif

} // namespace

SwapDevice &swap_device()
{
    static SwapDevice the_device;
    return the_device;
}

void SwapDevice::reset()
{
    *this = SwapDevice{};
#if VITRINE_CHECKED
    if (mm::frames().watch_free != on_free) watch_free_before = mm::frames().watch_free;
    mm::frames().watch_free = on_free;
#endif
}

void SwapDevice::add_area(unsigned area, uint32_t pages)
{
    areas_[area] = Area{.pages = pages, .contents = {}};
}

void SwapDevice::remove_area(unsigned area)
{
    for (const UnderWay &each : transfers_) {
        if (each.transfer->first.area() == area)
            throw Failure("a swap area is taken away while " + text(*each.transfer) + "not done yet");
    }
    areas_.erase(area);
}

// ---- Errors

void SwapDevice::fail_transfers(uint64_t successes, uint64_t failures, std::optional<Direction> direction)
{
    successes_left_ = successes;
    failures_left_ = failures;
    failing_direction_ = direction;
}

void SwapDevice::repair()
{
    unreadable_.clear();
    unwritable_.clear();
    failures_left_ = 0;
    refuses = false;
}

void SwapDevice::release()
{
    stalls = false;
    for (UnderWay &each : transfers_) each.stalled = false;
}

bool SwapDevice::is_to_fail(const PageTransfer &transfer)
{
    const std::set<uint32_t> &broken = transfer.direction == Direction::In ? unreadable_ : unwritable_;
    for (unsigned i = 0; i < transfer.count; i++) {
        if (broken.contains((transfer.first + i).raw())) return true;
    }
    if (failures_left_ == 0 || (failing_direction_ && *failing_direction_ != transfer.direction))
        return false;
    if (successes_left_ != 0) {
        successes_left_--;
        return false;
    }
    failures_left_--;
    return true;
}

// ---- Submission

void SwapDevice::check(const PageTransfer &transfer) const
{
    auto refuse = [&](const std::string &why) { throw Failure(text(transfer) + why); };
    if (transfer.count == 0 || transfer.count > PageTransfer::MaxPages)
        refuse("no transfer has so many pages");
    if (transfer.number >= mm::page_io::MaxUnderWay) refuse("its number is too large");
    auto area = areas_.find(transfer.first.area());
    if (area == areas_.end()) refuse("there is no such area");
    uint32_t first = transfer.first.offset();
    if (first == 0) refuse("the header is no page");
    if (first >= area->second.pages || transfer.count > area->second.pages - first)
        refuse("that is past the area's end");
    for (const UnderWay &other : transfers_) {
        if (other.transfer == &transfer) refuse("it is under way already");
        if (other.transfer->number == transfer.number) refuse("another one under way has the same number");
        const PageTransfer &their = *other.transfer;
        if (their.first.raw() < (transfer.first + transfer.count).raw() &&
            transfer.first.raw() < (their.first + their.count).raw())
            refuse("one of the slots is in another transfer");
    }
    for (unsigned i = 0; i < transfer.count; i++) {
        uint32_t frame = transfer.frames[i];
        SwapSlot slot = transfer.first + i;
        const mm::Frame &own = mm::machine::frame_array()[frame];
        if (own.kind == mm::FrameKind::Free) refuse("a frame is free");
        if (own.references.load() == 0) refuse("a frame has no references");
        if (is_under_way(frame)) refuse("a frame is in another transfer");
        if (std::count(&transfer.frames[0], &transfer.frames[i], frame) != 0)
            refuse("a frame is in it twice");
        if (transfer.direction == Direction::Out)
            machine().check_writes_are_seen(PhysAddr::of_page(frame), "written to swap");
        else
            machine().check_unreachable(PhysAddr::of_page(frame), "read from swap");
        if (transfer.direction == Direction::In && contents(slot) == nullptr)
            refuse(text(slot) + " holds no page");
    }
}

lib::Result<void> SwapDevice::submit(PageTransfer &transfer)
{
    check(transfer);
    if (refuses) {
        calls.refused++;
        return lib::Errno::InputOutput;
    }
    bool in = transfer.direction == Direction::In;
    (in ? calls.reads : calls.writes)++;
    (in ? calls.pages_read : calls.pages_written) += transfer.count;
    history.push_back({transfer.direction, transfer.first, transfer.count});
    UnderWay own{.transfer = &transfer, .stalled = stalls, .checksums = {}, .taken = {}};
    for (unsigned i = 0; i < transfer.count; i++) {
        uint32_t frame = transfer.frames[i];
        // What comes in is garbage until it is there.
        if (in) memset(bytes_of(frame), 0xdb, PageSize);
        own.checksums.push_back(checksum(frame));
        if (!in) {
            if (write_moment == WriteMoment::Submission)
                own.taken.emplace_back(bytes_of(frame), bytes_of(frame) + PageSize);
            areas_[transfer.first.area()].contents.erase((transfer.first + i).offset());
        }
    }
    transfers_.push_back(std::move(own));
    return {};
}

// ---- Completion

size_t SwapDevice::completable() const
{
    return static_cast<size_t>(std::count_if(transfers_.begin(), transfers_.end(),
                                             [](const UnderWay &each) { return !each.stalled; }));
}

bool SwapDevice::complete_one(uint64_t choice)
{
    size_t possible = completable();
    if (possible == 0) return false;
    size_t wanted = choice % possible;
    for (auto each = transfers_.begin(); each != transfers_.end(); ++each) {
        if (each->stalled || wanted-- != 0) continue;
        UnderWay done = std::move(*each);
        transfers_.erase(each);
        complete(std::move(done));
        break;
    }
    return true;
}

void SwapDevice::complete_all()
{
    while (complete_one()) {}
}

void SwapDevice::complete(UnderWay done)
{
    PageTransfer &transfer = *done.transfer;
    for (unsigned i = 0; i < transfer.count; i++) {
        if (mm::machine::frame_array()[transfer.frames[i]].kind == mm::FrameKind::Free)
            throw Failure(text(transfer) + "a frame was freed meanwhile");
    }
    bool failed = is_to_fail(transfer);
    calls.failed += failed;
    if (transfer.direction == Direction::In)
        finish_in(done, failed);
    else
        finish_out(done, failed);
    transfer.result = failed ? lib::Result<void>{lib::Errno::InputOutput} : lib::Result<void>{};
    mm::transfer_completed(transfer);
}

// An error leaves garbage in the frames.
void SwapDevice::finish_in(const UnderWay &done, bool failed)
{
    const PageTransfer &transfer = *done.transfer;
    for (unsigned i = 0; i < transfer.count; i++) {
        uint32_t frame = transfer.frames[i];
        machine().check_unreachable(PhysAddr::of_page(frame), "read from swap");
        if (checksum(frame) != done.checksums[i])
            throw Failure(text(transfer) + "somebody changed a frame before its page was there");
        if (failed) continue;
        const uint8_t *page = contents(transfer.first + i);
        if (page == nullptr) throw Failure(text(transfer) + "a slot was written meanwhile");
        memcpy(bytes_of(frame), page, PageSize);
    }
}

// An error leaves slots that hold no page, and so does a page that changed on its way.
void SwapDevice::finish_out(const UnderWay &done, bool failed)
{
    const PageTransfer &transfer = *done.transfer;
    auto &slots = areas_[transfer.first.area()].contents;
    for (unsigned i = 0; i < transfer.count; i++) {
        uint32_t frame = transfer.frames[i];
        bool changed = checksum(frame) != done.checksums[i];
        torn_ += changed;
        if (failed || changed) continue;
        slots[(transfer.first + i).offset()] =
            done.taken.empty() ? Page(bytes_of(frame), bytes_of(frame) + PageSize) : done.taken[i];
    }
}

// ---- Questions

const uint8_t *SwapDevice::contents(SwapSlot slot) const
{
    auto area = areas_.find(slot.area());
    if (area == areas_.end()) return nullptr;
    auto page = area->second.contents.find(slot.offset());
    return page == area->second.contents.end() ? nullptr : page->second.data();
}

size_t SwapDevice::pages_under_way() const
{
    size_t pages = 0;
    for (const UnderWay &each : transfers_) pages += each.transfer->count;
    return pages;
}

bool SwapDevice::is_under_way(uint32_t frame) const
{
    for (const UnderWay &each : transfers_) {
        for (unsigned i = 0; i < each.transfer->count; i++) {
            if (each.transfer->frames[i] == frame) return true;
        }
    }
    return false;
}

void SwapDevice::check_free(PhysAddr frame) const
{
    if (is_under_way(static_cast<uint32_t>(frame.page())))
        throw Failure("a frame is freed while the swap device reads or writes it");
}

} // namespace host

// ---- The seam

lib::Result<void> mm::page_io::submit(PageTransfer &transfer)
{
    return host::swap_device().submit(transfer);
}
