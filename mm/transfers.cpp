// What becomes of pages when their transfer is done.
#include "mm/transfers.hpp"

#include "mm/memory_events.hpp"
#include "mm/memory_object.hpp"
#include "mm/memory_wait.hpp"
#include "mm/page_frame.hpp"
#include "mm/swap.hpp"
#include "mm/swap_cache.hpp"

namespace mm {

namespace {

using Direction = PageTransfer::Direction;

// So many going out at a time keep a disk busy; more would only hold frames. The others are for pages coming
// in, and never take those: however many programs wait for pages, memory can be made free.
constexpr unsigned MostGoingOut = 4;
constexpr unsigned MostComingIn = page_io::MaxUnderWay - MostGoingOut;

struct Pool {
    std::array<PageTransfer, page_io::MaxUnderWay> transfers;
    unsigned going_out = 0, coming_in = 0;
    uint64_t pages_going_out = 0;

    unsigned &under_way(Direction direction) { return direction == Direction::Out ? going_out : coming_in; }
    bool may_take(Direction direction)
    {
        return under_way(direction) < (direction == Direction::Out ? MostGoingOut : MostComingIn);
    }
};
[[gnu::section(".bss.large")]] constinit lib::Guarded<Pool> pool;

uint8_t &flags_of(uint32_t frame)
{
    return machine::frame_array()[frame].flags;
}

MemoryObject &object_of(uint32_t frame)
{
    return *machine::frame_array()[frame].object;
}

uint32_t references_of(uint32_t frame)
{
    return machine::frame_array()[frame].references.load(std::memory_order_relaxed);
}

void clear_flags(uint32_t frame, unsigned flags)
{
    flags_of(frame) &= static_cast<uint8_t>(~flags);
}

} // namespace

// All threads that sleep in an ArrivalWait.
struct Arrivals {
    lib::ListNode waits;

    // Tells those who wait for one of these slots, or for any transfer.
    void tell(const PageTransfer &transfer)
    {
        SwapSlot end = transfer.first + transfer.count;
        for (lib::ListNode *node = waits.next(); node != &waits; node = node->next()) {
            auto &wait = lib::element<&ArrivalWait::node_>(*node);
            bool is_its = transfer.first <= wait.slot_ && wait.slot_ < end;
            if (!is_its && wait.slot_ != SwapSlot{}) continue;
            wait.ended_ = true;
            wait.failed_ = is_its && !transfer.result.ok();
            wait.transfer_size_ = transfer.count;
            waiting::wake(wait.thread_);
        }
    }
    bool is_awaited(SwapSlot slot) const
    {
        for (lib::ListNode *node = waits.next(); node != &waits; node = node->next()) {
            if (lib::element<&ArrivalWait::node_>(*node).slot_ == slot) return true;
        }
        return false;
    }
};

namespace {

constinit lib::Guarded<Arrivals> arrivals;

// A page that was read. Who waits for it finds it still there, whoever runs before: it is held until then.
void page_came(uint32_t frame, SwapSlot slot, bool ok)
{
    clear_flags(frame, Frame::Busy | Frame::Arriving);
    bool is_wanted = slot_users(slot) > 1; // by others than the cache
    if (!ok || !is_wanted) return forget_cached(frame);
    if (!arrivals.lock()->is_awaited(slot)) let_go(frame);
}

// A page that was written. If nobody has touched it meanwhile, its frame is free; otherwise it stays, clean
// or not as its entries say.
void page_went(uint32_t frame, SwapSlot slot, bool ok)
{
    clear_flags(frame, Frame::Busy);
    if (!ok) {
        swap_cache().set_stuck(frame);
        mark_slot_bad(slot);
    }
    bool slot_is_needed = slot_users(slot) > 1;
    bool is_mapped = references_of(frame) > 1;
    if (!is_mapped && (ok || !slot_is_needed)) return forget_cached(frame);
    let_go(frame);
    bool is_private = object_of(frame).is_private_anonymous();
    if (!slot_is_needed && (!ok || !is_private)) forget_cached(frame);
}

} // namespace

bool are_transfers_under_way()
{
    auto held = pool.lock();
    for (const PageTransfer &transfer : held->transfers) {
        if (transfer.taken) return true;
    }
    return false;
}

bool may_read_more_ahead()
{
    return pool.lock()->coming_in < MostComingIn / 2;
}

PageTransfer *take_transfer(Direction direction)
{
    auto held = pool.lock();
    if (!held->may_take(direction)) return nullptr;
    for (unsigned i = 0; i < held->transfers.size(); i++) {
        PageTransfer &transfer = held->transfers[i];
        if (transfer.taken) continue;
        transfer.number = i;
        transfer.taken = true;
        transfer.direction = direction;
        transfer.count = 0;
        held->under_way(direction)++;
        return &transfer;
    }
    return nullptr;
}

bool may_take_transfer_out()
{
    return pool.lock()->may_take(Direction::Out);
}

void return_transfer(PageTransfer &transfer)
{
    auto held = pool.lock();
    transfer.taken = false;
    held->under_way(transfer.direction)--;
}

Result<void> start(PageTransfer &transfer)
{
    // The pages may be nobody's any more when it is done; their objects are asked for nevertheless.
    for (unsigned i = 0; i < transfer.count; i++) object_of(transfer.frames[i]).share();
    if (transfer.direction == Direction::Out) pool.lock()->pages_going_out += transfer.count;
    Result<void> submitted = page_io::submit(transfer);
    if (!submitted.ok()) {
        transfer.result = submitted;
        transfer_completed(transfer);
    }
    return submitted;
}

void transfer_completed(PageTransfer &transfer)
{
    bool ok = transfer.result.ok();
    bool goes_out = transfer.direction == Direction::Out;
    MemoryCounters &counters = memory_counters();
    if (ok) (goes_out ? counters.pswpout : counters.pswpin) += transfer.count;
    if (!ok)
        note({.what = goes_out ? MemoryEvent::What::WriteFailed : MemoryEvent::What::ReadFailed,
              .number = transfer.count,
              .slot = transfer.first.raw()});
    for (unsigned i = 0; i < transfer.count; i++) {
        SwapSlot slot = transfer.first + i;
        MemoryObject &object = object_of(transfer.frames[i]);
        goes_out ? page_went(transfer.frames[i], slot, ok) : page_came(transfer.frames[i], slot, ok);
        object.drop();
    }
    if (goes_out) pool.lock()->pages_going_out -= transfer.count;
    arrivals.lock()->tell(transfer);
    return_transfer(transfer);
    wake_memory_waiters(); // pages that have come can go as well
}

unsigned transfers_going_out()
{
    return pool.lock()->going_out;
}

uint64_t pages_going_out()
{
    return pool.lock()->pages_going_out;
}

ArrivalWait::ArrivalWait(SwapSlot slot) : thread_(waiting::current()), slot_(slot)
{
    arrivals.lock()->waits.insert_before(node_);
    waiting::prepare();
}

ArrivalWait::~ArrivalWait()
{
    auto held = arrivals.lock();
    node_.unlink();
    if (slot_ == SwapSlot{} || held->is_awaited(slot_)) return;
    uint32_t frame = swap_cache().find(slot_);
    if (frame == NoFrame) return;
    let_go(frame);
}

bool ArrivalWait::is_needed() const
{
    if (ended_) return false;
    if (slot_ == SwapSlot{}) return are_transfers_under_way();
    uint32_t frame = swap_cache().find(slot_);
    return frame != NoFrame && flags_of(frame) & Frame::Arriving;
}

void ArrivalWait::sleep()
{
    waiting::sleep();
    waiting::prepare();
}

FaultResult wait_for_arrival(SwapSlot slot, unsigned *size)
{
    bool is_on_its_way = slot != SwapSlot{} && swap_cache().find(slot) != NoFrame;
    ArrivalWait wait(is_on_its_way ? slot : SwapSlot{});
    while (wait.is_needed()) {
        if (waiting::is_dying(waiting::current())) return FaultResult::Interrupted;
        wait.sleep();
    }
    if (size != nullptr) *size = wait.transfer_size();
    return wait.has_failed() ? FaultResult::BusError : FaultResult::Resolved;
}

void wait_for_transfers()
{
    for (;;) {
        ArrivalWait wait;
        if (!wait.is_needed()) return;
        wait.sleep();
    }
}

void reset_transfers()
{
    Pool &forgotten = pool.break_lock();
    for (PageTransfer &transfer : forgotten.transfers) transfer.taken = false;
    forgotten.going_out = forgotten.coming_in = 0;
    forgotten.pages_going_out = 0;
    arrivals.break_lock().waits.unlink();
}

} // namespace mm
