// AddressSpace: what one process believes to be all of memory: areas, the page table that makes them real,
// the break, the limits and the counts. Each operation lives in a file of its own (mm/map.cpp, unmap.cpp,
// protect.cpp, fork.cpp, remap.cpp, advise.cpp, break.cpp, stack.cpp, lock.cpp, residency.cpp) and has the
// manual page's errors.
#pragma once

#include "lib/result.hpp"
#include "lib/spinlock.hpp"
#include "mm/address_space_types.hpp"
#include "mm/area_set.hpp"
#include "mm/fault.hpp"
#include "mm/page_table.hpp"
#include "mm/swap.hpp"

#include <atomic>
#include <span>

namespace mm {

struct PoolExtent;
class ReferenceRecorder;

class AddressSpace {
public:
    // An empty space. The caller owns one reference. NoMemory.
    static Result<AddressSpace *> create();
    // fork(2): a space with the same contents; the caller owns one reference. What is private is copied when
    // either of the two writes to it. Locks and recording are not inherited. May sleep until there is memory,
    // or a page is back from disk. NoMemory, Interrupted: this space is as it was. Invalid: it is flat.
    Result<AddressSpace *> fork();
    void share() { references_.fetch_add(1, std::memory_order_relaxed); }
    // False: its last user is just giving it up.
    bool share_if_alive();
    bool is_shared() const { return references_.load(std::memory_order_relaxed) > 1; }
    // The last reference unmaps everything and frees every frame and table. Must be active nowhere then.
    void drop();

    // Loads the page table on the current processor, and leaves it (another root is about to be loaded).
    void activate();
    void deactivate();

    // mmap(2): the address. EINVAL ENOMEM EEXIST EOVERFLOW EPERM(below UserBegin).
    Result<VirtAddr> map(const MapRequest &request);
    Result<void> unmap(VirtAddr address, uint64_t length); // munmap(2)
    Result<void> protect(VirtAddr address, uint64_t length, Protection protection,
                         ProtectExtent extent = ProtectExtent::AsGiven);   // mprotect(2)
    Result<VirtAddr> remap(const RemapRequest &request);                   // mremap(2)
    Result<void> advise(VirtAddr address, uint64_t length, Advice advice); // madvise(2)
    // mincore(2): one answer a page through `store(page_number_in_range, resident) -> Result<void>`, which
    // may fail (EFAULT) and may itself touch this space.
    template <typename Store> Result<void> residency(VirtAddr address, uint64_t length, Store &&store) const;
    Result<void> synchronise(VirtAddr address, uint64_t length, bool asynchronous,
                             bool invalidate);                           // msync(2)
    Result<void> lock(VirtAddr address, uint64_t length, bool on_fault); // mlock2(2)
    Result<void> unlock(VirtAddr address, uint64_t length);              // munlock(2)
    Result<void> lock_all(bool current, bool future, bool on_fault);     // mlockall(2)
    Result<void> unlock_all();                                           // munlockall(2)

    // brk(2): the new break, or the old one when refused. Unaligned values are kept exactly.
    VirtAddr set_break(VirtAddr wanted);
    VirtAddr break_begin() const { return break_begin_; }
    VirtAddr current_break() const { return break_; }
    // exec only: where the heap begins, and how many bytes of initialised data count towards RLIMIT_DATA
    // (brk(2)).
    void start_break(VirtAddr at, uint64_t data_bytes = 0);

    // exec only: the stack's first area below `top`, `size` bytes, growing down by faults. Sets the top of
    // the mmap area too: below the room that limits.stack asks for. Flat: the whole stack, which never grows,
    // and is there at once; mmap's area ends one page below. NoMemory.
    Result<void> map_stack(VirtAddr top, uint64_t size, Protection protection);

    // exec only, before anything is mapped: the space lives flat in this piece of the pool from now on, as
    // with a base register (mm/flat.cpp). Takes the piece over and leaves it with its last reference.
    // Invalid: there is no such range of user addresses.
    Result<void> live_in(PoolExtent &piece, VirtAddr begin);
    bool is_flat() const { return piece_ != nullptr; }
    // fork(2) of a flat space: the child lives at the same addresses in this piece, which must be as large as
    // the parent's, and has copies of all pages. Takes the piece over, also when it fails. Invalid,
    // Interrupted, NoMemory.
    Result<AddressSpace *> fork_into(PoolExtent &piece);
    // Null and empty: the space is an ordinary one.
    const PoolExtent *piece() const { return piece_; }
    VirtRange flat_range() const;

    // swapoff(2): brings back every page that is in this swap area. NoMemory, Interrupted, InputOutput.
    Result<void> leave_swap_area(unsigned area);

    FaultResult fault(const Fault &fault) { return handle_fault(*this, fault); }

    // From now on the recorder notes which pages are used. It must stay for as long as a program runs here.
    void record(ReferenceRecorder &recorder);

    MemoryLimits limits;
    MemoryCounts counts() const;
    uint64_t resident() const { return counts_.resident(); }
    const AreaSet &areas() const { return areas_; }
    const PageTable &page_table() const { return page_table_; }
    // For /proc: what is at a page, and in an area.
    PageInformation inspect(VirtAddr page) const;
    AreaStatistics statistics(const VmArea &area) const;

    // Checks areas against the page table, frames against their descriptors, and all counts. Calls
    // machine::fail.
    void audit() const;

    explicit AddressSpace(PageTable table, MemoryObject &private_memory);

private:
    friend FaultResult handle_fault(AddressSpace &space, const Fault &fault);
    friend struct PageFault;
    friend class ReverseMap;
    friend class MemoryObject;

    // Every public operation takes one of these: threads that share a space take turns. Nobody sleeps in one,
    // so what makes pages present does it afterwards, and takes one for each area.
    class Turn {
    public:
        explicit Turn(const AddressSpace &space) : lock_(space.lock_) { lock_.lock(); }
        ~Turn() { lock_.unlock(); }
        Turn(const Turn &) = delete;
        Turn &operator=(const Turn &) = delete;

    private:
        lib::Spinlock &lock_;
    };

    // The same for who must not wait: the turn may be somebody else's.
    class TryTurn {
    public:
        explicit TryTurn(const AddressSpace &space) : lock_(space.lock_), mine_(lock_.try_lock()) {}
        ~TryTurn()
        {
            if (mine_) lock_.unlock();
        }
        TryTurn(const TryTurn &) = delete;
        TryTurn &operator=(const TryTurn &) = delete;
        bool is_mine() const { return mine_; }

    private:
        lib::Spinlock &lock_;
        bool mine_;
    };

    static Result<AddressSpace *> create_in(MemoryObject &family);

    // mm/fork.cpp
    FaultResult attempt_fork(AddressSpace *&child, VirtAddr &page);
    FaultResult bring_back_common_pages(VirtAddr &page);
    void begin_as_child_of(const AddressSpace &parent);
    Result<void> copy_areas_to(AddressSpace &child);
    Result<void> copy_entries_to(AddressSpace &child, const VmArea &area);

    // mm/fault.cpp
    VmArea *first_ending_above(VirtAddr address) const;
    FaultResult attempt(const Fault &fault, bool again);
    FaultResult wait_and_retry(const Fault &fault, FaultResult result);
    FaultResult wait_for(VirtAddr page, FaultResult result);
    SwapSlot awaited_slot(VirtAddr page) const;
    bool read_singly(VirtAddr page);
    VmArea *find_area(VirtAddr address);
    FaultResult resolve_page(VmArea &area, VirtAddr page, Access access);

    // mm/record.cpp
    FaultResult attempt_recorded(VmArea &area, const Fault &fault, bool again);
    void end_interval();
    void hide(VirtAddr page, FrameBatch &batch);
    void show(VirtAddr page);
    void hide_populated(VirtAddr page);
    void hide_range(VirtRange range);

    // mm/map.cpp
    Result<VirtAddr> map_area(const MapRequest &request, uint64_t size);
    Result<VirtAddr> find_place(VirtAddr hint, uint64_t size) const;
    Result<VirtAddr> check_place(VirtAddr address, uint64_t size) const;
    uint64_t pages_mapped_in(VirtRange range) const;

    // mm/merge.cpp: areas joined, cut and changed. None of these touches the page table.
    struct Neighbours {
        VmArea *previous = nullptr;
        VmArea *next = nullptr;
    };
    static bool joins(const Mapping &lower, const Mapping &upper);
    Neighbours neighbours_of_new(const Mapping &mapping) const;
    Neighbours neighbours_of_changed(const Mapping &mapping, VmArea *previous, VmArea *next) const;
    Result<VmArea *> add(const Mapping &mapping, Neighbours joined);
    Result<VmArea *> create_area(const Mapping &mapping);
    void destroy_area(VmArea &area);
    Result<VmArea *> split(VmArea &area, VirtAddr at);
    void rejoin(VmArea &area);
    void cut(VmArea &area, VirtRange part);
    Result<VmArea *> change(VmArea &area, VirtRange part, Protection protection, AreaFlags flags);
    Result<VmArea *> change_area(VmArea &area, VirtRange part, Protection protection, AreaFlags flags);
    Result<VmArea *> isolate(VmArea &area, VirtRange part);
    void undo_isolate(VmArea &part, VirtRange whole);
    void begin_lineage(VmArea &area);

    // mm/accounting.cpp
    bool exceeds_memory(uint64_t pages) const { return pages > usable_ram_ + total_swap_pages(); }
    bool may_grow(Protection protection, AreaFlags flags, uint64_t pages) const;
    void count_kinds(Protection protection, AreaFlags flags, uint64_t pages);
    void account(Protection protection, AreaFlags flags, uint64_t pages);
    void unaccount(Protection protection, AreaFlags flags, uint64_t pages);
    bool is_exclusive(PhysAddr frame) const
    {
        const Frame &own = descriptor(frame);
        if (own.object != private_memory_) return false;
        return own.references.load(std::memory_order_acquire) == 1 || is_exclusive_but_cached(frame);
    }
    bool is_exclusive_but_cached(PhysAddr frame) const;
    // Which of the resident counts a frame in an entry of this space belongs to.
    uint64_t &resident_count(const Frame &frame)
    {
        if (frame.object == private_memory_) return counts_.resident_anonymous;
        return frame.kind == FrameKind::File ? counts_.resident_file : counts_.resident_shared;
    }
    void note_resident_peak();

    // mm/unmap.cpp
    Result<void> unmap_range(VirtRange range);
    void release_pages(VirtRange range);
    bool release_shown(VirtRange range, const MemoryObject *only);
    void release_swapped(PageTableEntry entry);

    // mm/protect.cpp
    Result<void> protect_range(VirtRange range, Protection protection, ProtectExtent extent,
                               VirtRange &to_populate);
    Result<VmArea *> protect_part(VmArea &area, VirtRange part, Protection protection);
    void change_entries(const VmArea &area, VirtRange range);

    // mm/advise.cpp
    Result<void> advise_range(VirtRange range, Advice advice);
    Result<VmArea *> advise_part(VmArea &area, VirtRange part, Advice advice);
    Result<VmArea *> advise_fork(VmArea &area, VirtRange part, Advice advice);
    Result<void> populate_as_advised(VirtRange range, Access access);
    void page_out(VirtRange range);

    // mm/remap.cpp
    // What is left to do without a turn.
    struct RemapRest {
        VirtRange to_populate; // what is new and locked; in a flat space all that may be without pages
        FaultResult missing = FaultResult::Resolved; // otherwise: wait for this page, and begin again
        VirtAddr awaited;
    };
    Result<VirtAddr> remap_area(const RemapRequest &request, uint64_t old_size, uint64_t new_size,
                                RemapRest &rest);
    Result<VirtAddr> shrink(VirtAddr address, uint64_t old_size, uint64_t new_size);
    Result<VirtAddr> remap_to(const RemapRequest &request, uint64_t old_size, uint64_t new_size,
                              RemapRest &rest);
    Result<VmArea *> area_to_resize(VirtAddr address, uint64_t old_size, uint64_t new_size) const;
    bool can_expand(const VmArea &area, uint64_t bytes) const;
    Result<VirtAddr> expand(VmArea &area, VirtRange from, uint64_t bytes, RemapRest &rest);
    Result<VirtAddr> move(VmArea &area, VirtRange from, VirtRange to, bool dont_unmap, RemapRest &rest);
    Result<void> add_moved(const Mapping &moved, const VmArea *kept);
    void leave_empty(VmArea &area, VirtRange part);
    Result<void> reserve_tables(VirtRange from, VirtAddr to);
    void release_tables(VirtRange from, VirtAddr to);
    Result<void> part_with_family(VmArea &area, VirtRange range, RemapRest &rest);
    bool is_shared_in_family(PageTableEntry entry) const;
    void move_pages(VirtRange from, VirtAddr to);

    // mm/lock.cpp
    Result<void> set_locked(VirtRange range, bool locked, bool on_fault);
    Result<VmArea *> change_locked(VmArea &area, VirtRange part, bool locked, bool on_fault);
    void lock_each(bool locked, bool on_fault);
    static constexpr uint64_t PopulatePiece = 256 * PageSize; // in one turn, before others have theirs
    Result<void> populate(VirtRange range, bool ignore_errors);
    FaultResult populate_next_area(VirtAddr &at, VirtAddr end);
    FaultResult populate_area(VmArea &area, VirtAddr &at, VirtAddr end, Access access);

    // mm/stack.cpp
    bool grow_stack(VmArea &area, VirtAddr address);

    // mm/flat.cpp
    PhysAddr flat_frame(VirtAddr page) const;
    PhysAddr use_flat_frame(VirtAddr page);
    bool is_flat_place(VirtAddr address, uint64_t size) const;
    Result<VirtAddr> find_flat_place(VirtAddr hint, uint64_t size) const;
    Result<void> make_flat(Mapping &mapping) const;
    Result<void> map_flat_stack(VirtRange range, Protection protection);
    Result<void> add_stack(VirtRange range, Protection protection, AreaFlags flags);
    void copy_pages(VirtRange from, VirtAddr to, Protection protection);

    FaultResult attempt_fork_into(AddressSpace &child);
    Result<void> copy_flat_entries_to(AddressSpace &child, const VmArea &area);

    // mm/break.cpp
    bool shrink_heap(VirtRange range);
    bool extend_heap(VirtRange range);

    // mm/residency.cpp
    Result<uint64_t> residency_of_some(VirtAddr address, uint64_t pages, std::span<bool> answers) const;

    // mm/audit.cpp
    uint64_t audit_area(const VmArea &area, MemoryCounts &found) const;
    void audit_entry(const VmArea &area, VirtAddr page, PageTableEntry entry, MemoryCounts &found) const;
    void audit_flat_area(const VmArea &area) const;
    void audit_flat_entry(VirtAddr page, PageTableEntry entry) const;

    machine::ProcessorSet active() const { return active_.load(std::memory_order_relaxed); }

    AreaSet areas_;
    PageTable page_table_;
    MemoryObject *private_memory_;          // the family's private anonymous object
    VmArea *last_found_ = nullptr;          // where the last fault fell: the next one often falls there too
    ReferenceRecorder *recorder_ = nullptr; // who notes what is used; mostly nobody
    VirtAddr break_begin_, break_;
    uint64_t initialised_data_ = 0; // bytes; brk(2) holds them against RLIMIT_DATA
    uint64_t usable_ram_;           // pages
    VirtAddr map_top_;              // mmap looks for room from here downwards
    PoolExtent *piece_ = nullptr;   // where a flat space lives; its first page is at flat_begin_
    VirtAddr flat_begin_;
    AreaFlags future_; // mlockall(MCL_FUTURE): locked, lock_on_fault
    uint64_t last_lineage_ = 0;
    MemoryCounts counts_;
    std::atomic<machine::ProcessorSet> active_{0};
    std::atomic<uint32_t> references_{1};
    mutable lib::Spinlock lock_;
    lib::ListNode family_node_; // the family's list of spaces
};

// All RAM that programs could ever have, in pages (sysinfo(2)'s totalram). With all swap areas it is what one
// request is measured against (overcommit mode 0, proc(5) vm.overcommit_memory).
uint64_t usable_ram_pages();

// Without a search when the last fault fell into that area.
inline VmArea *AddressSpace::first_ending_above(VirtAddr address) const
{
    if (last_found_ != nullptr && last_found_->range.contains(address)) [[likely]]
        return last_found_;
    return areas_.first_ending_above(address);
}

template <typename Store>
Result<void> AddressSpace::residency(VirtAddr address, uint64_t length, Store &&store) const
{
    if (!address.is_page_aligned()) return Errno::Invalid;
    if (length > UserEnd.value() || address > UserEnd - length) return Errno::NoMemory;
    uint64_t pages = round_up_to_page(length) >> PageShift;
    for (uint64_t done = 0; done < pages;) {
        bool answers[64];
        uint64_t count = TRY(residency_of_some(address + (done << PageShift), pages - done, answers));
        for (uint64_t i = 0; i < count; i++) TRY_VOID(store(done + i, answers[i]));
        done += count;
    }
    return {};
}

} // namespace mm
