// ReferenceRecorder: which pages a program uses, in order, as far as page faults can tell.
//
// The processor says nothing about an access that its tables allow. So most pages of a recorded space are
// hidden: their entries keep everything but Present, as under PROT_NONE (PageTableEntry::NoAccess). An access
// to a hidden page faults, is noted, and the page is shown: from then on the processor uses it silently. When
// `pages` different pages have been noted, the next one ends the interval: they are all hidden again, and a
// new interval begins with that one. mm/record.cpp does this to a space; here are the notes.
//
// What is known: within an interval, each page that was used, in the order of first use, and whether it was
// written: a page is shown for reading only until it is written, and its first write is noted as well. So
// what is noted is a part of the program's reference string, in the string's order. What is not known: how
// often a page was used again before its interval ended. A replay with at least `pages` frames under LRU or
// the optimal policy loses nothing by that: it would have had these pages in memory anyway. (For LRU the
// order of *last* uses within an interval is unknown: its distances are exact to within one interval.)
//
// An interval must hold all pages that one instruction needs together, or the instruction would never get
// through: each page it touches would hide another one. An x86-64 instruction lies on at most 2 pages,
// reads from at most 2 and writes to at most 2 (MOVS between operands that straddle borders; CALL and PUSH
// with an operand in memory and the stack; ENTER; CMPXCHG16B, XSAVE of AVX state on 2). What touches more
// (a REP prefix, a gather) keeps what it has done so far when it faults (SDM vol. 1, 7.3.9.1; vol. 2C,
// VGATHERDPS). That is 6. The kernel copies between itself and the program, so it needs 2.
#pragma once

#include "lib/result.hpp"
#include "lib/spinlock.hpp"
#include "mm/address.hpp"

#include <span>

namespace mm {

using lib::Errno;
using lib::Result;

// One 64-bit word of what was recorded. Little endian, it is also what goes to the launcher
// (kernel/device/channel.hpp).
class ReferenceRecord {
public:
    enum class Kind : uint8_t {
        Reference = 0, // page number << 1 | written
        Time = 1,      // an interval begins, or the program has ended: nanoseconds since the recording began
        End = 3,       // the last one: how many references found no room and are missing
    };

    constexpr ReferenceRecord() = default;
    static constexpr ReferenceRecord reference(VirtAddr page, bool write)
    {
        return {Kind::Reference, page.page() << 1 | write};
    }
    static constexpr ReferenceRecord time(uint64_t nanoseconds) { return {Kind::Time, nanoseconds}; }
    static constexpr ReferenceRecord end(uint64_t lost) { return {Kind::End, lost}; }

    constexpr Kind kind() const { return static_cast<Kind>(raw_ >> KindShift); }
    constexpr uint64_t value() const { return raw_ & Mask; }
    constexpr VirtAddr page() const { return VirtAddr::of_page(value() >> 1); }
    constexpr bool is_write() const { return value() & 1; }
    constexpr bool operator==(const ReferenceRecord &) const = default;

private:
    static constexpr unsigned KindShift = 62;
    static constexpr uint64_t Mask = (uint64_t{1} << KindShift) - 1;
    constexpr ReferenceRecord(Kind kind, uint64_t value)
        : raw_(static_cast<uint64_t>(kind) << KindShift | (value & Mask))
    {}

    uint64_t raw_ = 0;
};
static_assert(sizeof(ReferenceRecord) == 8);

class ReferenceRecorder {
public:
    static constexpr unsigned LeastPages = 8, MostPages = 1024;
    static constexpr unsigned Room = 4096; // records that wait to be taken

    using Clock = uint64_t (*)(); // nanoseconds
    using Request = void (*)();   // called with locks held; must not sleep

    // Intervals of so many pages, LeastPages to MostPages. `request`: somebody should take records soon; for
    // each one that is noted while half of the room or more is used. NoMemory.
    static Result<ReferenceRecorder *> create(unsigned pages, Clock clock, Request request);
    // No program runs in the space that it records any more.
    void destroy();

    // ---- For the space that is recorded, during its turn.

    struct Noted {
        VirtAddr page;
        bool written;
    };
    // The pages of the present interval, in order of first use.
    std::span<const Noted> noted() const { return {noted_, count_}; }
    bool is_noted(VirtAddr page) const { return find(page) != nullptr; }
    bool is_noted_as_written(VirtAddr page) const
    {
        const Noted *found = find(page);
        return found != nullptr && found->written;
    }
    // Whether noting this page would be one too many.
    bool is_full_for(VirtAddr page) const { return count_ == pages_ && !is_noted(page); }
    // The page is used. Recorded when it is the first time in this interval, or the first time for writing.
    void note(VirtAddr page, bool write);
    // Forgets the pages of the present interval.
    void begin_interval() { count_ = 0; }

    // ---- For who takes the records away; from anywhere.

    // The oldest records, and they make room: how many.
    size_t take(std::span<ReferenceRecord> records);
    // Half of the room is used, or more.
    bool is_half_full() const { return waiting_ >= Room / 2; }
    // How late it is.
    ReferenceRecord time_now() const { return ReferenceRecord::time(clock_() - start_); }
    // References for which there was no room.
    uint64_t lost() const { return lost_; }

    ReferenceRecorder(unsigned pages, Clock clock, Request request, Noted *noted, ReferenceRecord *records);

private:
    const Noted *find(VirtAddr page) const;
    void put(ReferenceRecord record);

    unsigned pages_;
    unsigned count_ = 0; // of noted_
    Clock clock_;
    Request request_;
    uint64_t start_;
    Noted *noted_;
    ReferenceRecord *records_; // a ring
    size_t first_ = 0, waiting_ = 0;
    uint64_t lost_ = 0;
    lib::Spinlock lock_; // of the ring
};

} // namespace mm
