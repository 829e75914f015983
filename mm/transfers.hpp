// Pages under way between memory and swap devices: the transfers there are, what becomes of the pages when
// one is done, and who sleeps until then.
#pragma once

#include "lib/intrusive_list.hpp"
#include "mm/fault.hpp"
#include "mm/page_io.hpp"
#include "mm/waiting.hpp"

namespace mm {

// A transfer to be filled; nullptr: as many of this direction as there may be are under way. Each direction
// has its own: programs wait for pages that come in, and for memory that is free when others have gone out.
PageTransfer *take_transfer(PageTransfer::Direction direction);
// One that was not started.
void return_transfer(PageTransfer &transfer);
// Starts it. The pages are Busy, in the swap cache under their slots and in no ring until it is done.
// InputOutput: the device takes nothing; the pages are dealt with as after any failure.
Result<void> start(PageTransfer &transfer);
// Whether take_transfer(Out) would have one.
bool may_take_transfer_out();
// Whether there are transfers to spare for pages that nobody has asked for yet.
bool may_read_more_ahead();
// Whether any transfer is under way, in or out. Transfers and pages on their way out.
bool are_transfers_under_way();
unsigned transfers_going_out();
uint64_t pages_going_out();

// The current thread's sleep until the page in a slot has come, or, without a slot, until any transfer is
// done.
class ArrivalWait {
public:
    explicit ArrivalWait(SwapSlot slot = {});
    // The page, if it came, can be chosen to go from now on.
    ~ArrivalWait();
    ArrivalWait(const ArrivalWait &) = delete;
    ArrivalWait &operator=(const ArrivalWait &) = delete;

    // Whether to sleep: no transfer that matters has ended yet.
    bool is_needed() const;
    // Sleeps once.
    void sleep();
    // Whether a transfer with the page has ended, and could not read it; of how many pages it was.
    bool has_failed() const { return failed_; }
    unsigned transfer_size() const { return transfer_size_; }

private:
    friend struct Arrivals;

    lib::ListNode node_;
    waiting::Thread thread_;
    SwapSlot slot_;
    bool ended_ = false, failed_ = false;
    unsigned transfer_size_ = 0;
};

// Sleeps until the page in the slot has come, if it is on its way, or until any transfer is done, if all are
// under way. Resolved: look again. BusError: it could not be read. Interrupted: the thread is dying. `size`,
// if not null, is set to how many pages the transfer had that failed.
FaultResult wait_for_arrival(SwapSlot slot, unsigned *size = nullptr);

// Sleeps until nothing is under way.
void wait_for_transfers();

// Host tests: forgets what is under way.
void reset_transfers();

} // namespace mm
