// AddressSpace: what one process believes to be all of memory: areas, the page table that makes them real, the break,
// the limits and the counts. Each operation lives in a file of its own (mm/map.cpp, unmap.cpp, protect.cpp,
// remap.cpp, advise.cpp, break.cpp, lock.cpp, residency.cpp) and has the manual page's errors.
#pragma once

#include "lib/result.hpp"
#include "lib/spinlock.hpp"
#include "mm/area_set.hpp"
#include "mm/fault.hpp"
#include "mm/page_table.hpp"

#include <atomic>

namespace mm {

inline constexpr uint64_t Unlimited = UINT64_MAX; // RLIM_INFINITY

// The limits that memory knows (getrlimit(2)), in bytes. The process owns the values and copies them in.
struct MemoryLimits {
    uint64_t address_space = Unlimited;   // RLIMIT_AS
    uint64_t data = Unlimited;            // RLIMIT_DATA
    uint64_t stack = 8 * 1024 * 1024;     // RLIMIT_STACK
    uint64_t locked = Unlimited;          // RLIMIT_MEMLOCK (root is not bound by it)
};

// In pages. resident_* count frames that belong to this space's entries; the zero page never counts.
struct MemoryCounts {
    uint64_t mapped = 0;             // all areas (VmSize)
    uint64_t mapped_peak = 0;        // VmPeak
    uint64_t data = 0;               // private writable areas that are not stacks (VmData, RLIMIT_DATA)
    uint64_t stack = 0;              // VmStk
    uint64_t executable = 0;         // executable, not writable (VmExe + VmLib)
    uint64_t locked = 0;             // VmLck
    uint64_t resident_anonymous = 0; // RssAnon
    uint64_t resident_file = 0;      // RssFile
    uint64_t resident_shared = 0;    // RssShmem
    uint64_t resident_peak = 0;      // VmHWM
    uint64_t minor_faults = 0;
    uint64_t major_faults = 0;
};

// mmap's arguments, already parsed: kernel/syscall/memory.cpp does the flags.
struct MapRequest {
    enum class Placement : uint8_t { Anywhere, Fixed, FixedNoReplace };
    VirtAddr address;           // a hint, or the place
    uint64_t length = 0;        // bytes, as given
    Protection protection;
    AreaFlags flags;
    Placement placement = Placement::Anywhere;
    MemoryObject *object = nullptr; // nullptr: anonymous (shared or private by flags.shared); the call shares it
    uint64_t offset = 0;            // pages into the object
    bool populate = false;
};

struct RemapRequest {
    VirtAddr old_address;
    uint64_t old_size = 0;
    uint64_t new_size = 0;
    bool may_move = false;
    bool fixed = false;
    bool dont_unmap = false;
    VirtAddr new_address; // with fixed
};

enum class Advice : uint8_t { Ignored, DontNeed, Free, PopulateRead, PopulateWrite, WillNeed };

class AddressSpace {
public:
    // An empty space. The caller owns one reference. NoMemory.
    static Result<AddressSpace *> create();
    void share() { references_.fetch_add(1, std::memory_order_relaxed); }
    // The last reference unmaps everything and frees every frame and table. Must be active nowhere then.
    void drop();

    // Loads the page table on the current processor, and leaves it (another root is about to be loaded).
    void activate();
    void deactivate();

    // mmap(2): the address. EINVAL ENOMEM EEXIST EACCES EOVERFLOW EPERM(below UserBegin).
    Result<VirtAddr> map(const MapRequest &request);
    Result<void> unmap(VirtAddr address, uint64_t length);                             // munmap(2)
    Result<void> protect(VirtAddr address, uint64_t length, Protection protection);    // mprotect(2)
    Result<VirtAddr> remap(const RemapRequest &request);                               // mremap(2)
    Result<void> advise(VirtAddr address, uint64_t length, Advice advice);             // madvise(2)
    // mincore(2): one byte a page through `store(page_number_in_range, resident)`, which may fail (EFAULT).
    template <typename Store> Result<void> residency(VirtAddr address, uint64_t length, Store &&store);
    Result<void> synchronise(VirtAddr address, uint64_t length, bool invalidate);      // msync(2)
    Result<void> lock(VirtAddr address, uint64_t length, bool on_fault);               // mlock(2), mlock2(2)
    Result<void> unlock(VirtAddr address, uint64_t length);                            // munlock(2)
    Result<void> lock_all(bool current, bool future, bool on_fault);                   // mlockall(2)
    Result<void> unlock_all();

    // brk(2): the new break, or the old one when refused. Unaligned values are kept exactly.
    VirtAddr set_break(VirtAddr wanted);
    VirtAddr break_begin() const { return break_begin_; }
    VirtAddr current_break() const { return break_; }
    // exec only: where the heap begins (the end of the program's data; page tables untouched).
    void start_break(VirtAddr at);

    // exec only: the stack's first area below `top`, `size` bytes, growing down by faults.
    Result<void> map_stack(VirtAddr top, uint64_t size, Protection protection);

    FaultResult fault(const Fault &fault) { return handle_fault(*this, fault); }

    MemoryLimits limits;
    const MemoryCounts &counts() const { return counts_; }
    uint64_t resident() const
    {
        return counts_.resident_anonymous + counts_.resident_file + counts_.resident_shared;
    }
    const AreaSet &areas() const { return areas_; }
    const PageTable &page_table() const { return page_table_; }

    // Checks areas against the page table, frames against their descriptors, and all counts. Calls machine::fail.
    void audit() const;

private:
    friend FaultResult handle_fault(AddressSpace &space, const Fault &fault);

    AreaSet areas_;
    PageTable page_table_;
    MemoryObject *private_memory_ = nullptr; // the family's private anonymous object
    VmArea *last_found_ = nullptr;           // where the last fault fell: the next one often falls there too
    VirtAddr break_begin_, break_;
    MemoryCounts counts_;
    std::atomic<machine::ProcessorSet> active_{0};
    std::atomic<uint32_t> references_{1};
    // … private helpers
};

} // namespace mm
