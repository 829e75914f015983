// The simulated swap device behind mm/page_io.hpp: every area is an array of pages, and a transfer that was
// submitted is under way until the test, or the deterministic scheduler (tests/host/waiting.hpp), completes
// it: late, in any order, or with an error.
//
// A real disk reads and writes memory at any time between submission and completion. So these are failures
// (exceptions of type Failure, with a sentence), besides malformed transfers:
//  - a page goes out while a processor could still write to it unnoticed; a page comes in to where a
//  processor
//    can reach it, or somebody changes it meanwhile;
//  - a frame that is under transfer is freed, or is in two transfers at a time, or a slot is;
//  - a slot is read that holds no page: never written, or torn, because the page was changed while it was
//  being
//    written, or because writing failed. (Changing a page on its way out is no mistake in itself: it makes
//    the slot worthless. Whoever believes it nevertheless is found when he reads it.)
#pragma once

#include "mm/page_io.hpp"
#include "tests/host/machine.hpp"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace host {

class SwapDevice {
public:
    // Forgets everything; there are no areas. After Machine::reset(): from now on no frame under transfer may
    // be freed.
    void reset();
    // An area of so many pages, page 0 (the header) included.
    void add_area(unsigned area, uint32_t pages);
    void remove_area(unsigned area);

    // ---- Completion. `choice` may be any number: it picks one of those that can complete.
    size_t under_way() const { return transfers_.size(); }
    size_t completable() const;
    // False: nothing can complete.
    bool complete_one(uint64_t choice = 0);
    void complete_all();
    // Pages that are on their way in or out; whether this frame is.
    size_t pages_under_way() const;
    bool is_under_way(uint32_t frame) const;

    // ---- When a page's bytes are taken that goes out.
    enum class WriteMoment : uint8_t { Submission, Completion };
    WriteMoment write_moment = WriteMoment::Completion;

    // ---- Errors
    // From now on this page cannot be read / written; the whole transfer it is in fails.
    void break_reading(mm::SwapSlot slot) { unreadable_.insert(slot.raw()); }
    void break_writing(mm::SwapSlot slot) { unwritable_.insert(slot.raw()); }
    // After `successes` more transfers (of one direction, or of any), `failures` in a row fail.
    void fail_transfers(uint64_t successes, uint64_t failures = 1,
                        std::optional<mm::PageTransfer::Direction> direction = {});
    // Nothing fails any more, but what is broken by slot.
    void fail_no_more() { failures_left_ = 0; }
    void repair();
    // submit() answers InputOutput.
    bool refuses = false;
    // What is submitted from now on does not complete; release() lets it.
    bool stalls = false;
    void release();

    // ---- What there is
    // The contents of a slot; null: it holds no page.
    const uint8_t *contents(mm::SwapSlot slot) const;
    // What is being written is torn if it changes: changed pages, since reset().
    uint64_t torn() const { return torn_; }
    struct Calls {
        uint64_t reads = 0, writes = 0, pages_read = 0, pages_written = 0, failed = 0, refused = 0;
    };
    Calls calls;
    // The transfers submitted, when somebody wants to know: direction, first slot, pages.
    struct Submission {
        mm::PageTransfer::Direction direction;
        mm::SwapSlot first;
        unsigned count;
    };
    std::vector<Submission> history;

    // ---- The other side: mm/page_io.hpp ends here.
    lib::Result<void> submit(mm::PageTransfer &transfer);
    void check_free(mm::PhysAddr frame) const;

private:
    using Page = std::vector<uint8_t>;
    struct Area {
        uint32_t pages;
        std::map<uint32_t, Page> contents;
    };
    struct UnderWay {
        mm::PageTransfer *transfer;
        bool stalled;
        std::vector<uint64_t> checksums;
        std::vector<Page> taken; // what goes out, if taken at submission
    };

    void check(const mm::PageTransfer &transfer) const;
    bool is_to_fail(const mm::PageTransfer &transfer);
    void complete(UnderWay transfer);
    void finish_in(const UnderWay &transfer, bool failed);
    void finish_out(const UnderWay &transfer, bool failed);

    std::map<unsigned, Area> areas_;
    std::vector<UnderWay> transfers_;
    std::set<uint32_t> unreadable_, unwritable_;
    std::optional<mm::PageTransfer::Direction> failing_direction_;
    uint64_t successes_left_ = 0, failures_left_ = 0;
    uint64_t torn_ = 0;
};

// The one swap device of the test program; it has all areas.
SwapDevice &swap_device();

} // namespace host
