// What is asked of an address space, and what it answers: limits, counts, requests and reports, as values.
#pragma once

#include "mm/area_set.hpp"
#include "mm/swap_slot.hpp"

namespace mm {

inline constexpr uint64_t Unlimited = UINT64_MAX; // RLIM_INFINITY
inline constexpr uint64_t MaxAreas = 65530;       // Linux's vm.max_map_count

// The limits that memory knows (getrlimit(2)), in bytes. The process owns the values and copies them in.
struct MemoryLimits {
    uint64_t address_space = Unlimited; // RLIMIT_AS
    uint64_t data = Unlimited;          // RLIMIT_DATA
    uint64_t data_maximum = Unlimited;  // its hard limit: Linux lets it stand in for a soft limit of zero
    uint64_t stack = 8 * 1024 * 1024;   // RLIMIT_STACK
    uint64_t locked = Unlimited;        // RLIMIT_MEMLOCK: not enforced, as root is not bound by it (mlock(2))
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
    uint64_t swapped = 0;            // VmSwap: private pages that are on disk
    uint64_t minor_faults = 0;
    uint64_t major_faults = 0;

    uint64_t resident() const { return resident_anonymous + resident_file + resident_shared; }
};

// mmap's arguments, already parsed: kernel/syscall/memory.cpp does the flags.
struct MapRequest {
    enum class Placement : uint8_t { Anywhere, Fixed, FixedNoReplace };
    VirtAddr address;    // a hint, or the place
    uint64_t length = 0; // bytes, as given
    Protection protection;
    AreaFlags flags;
    Placement placement = Placement::Anywhere;
    MemoryObject *object = nullptr; // nullptr: anonymous, shared or private by flags.shared. The caller owns
                                    // a reference during the call, the area gets its own
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
    VirtAddr new_address; // with fixed; without, and with dont_unmap, a hint
};

// PROT_GROWSDOWN, PROT_GROWSUP: protect up to the end of an area that grows (mprotect(2)).
enum class ProtectExtent : uint8_t { AsGiven, GrowsDown, GrowsUp };

enum class Advice : uint8_t {
    Ignored, // any advice that changes nothing
    DontNeed,
    DontNeedLocked, // MADV_DONTNEED_LOCKED: locked areas too
    Free,
    PopulateRead,
    PopulateWrite,
    WillNeed,
    Cold,     // MADV_COLD: refused for locked areas, otherwise nothing
    PageOut,  // MADV_PAGEOUT
    DontFork, // what a child of fork(2) gets
    DoFork,
    WipeOnFork,
    KeepOnFork,
};

// What /proc/PID/pagemap says about one page.
struct PageInformation {
    bool present = false; // a frame belongs to it, even if PROT_NONE forbids its use
    PhysAddr frame;
    bool swapped = false; // it is on disk, in `slot`
    SwapSlot slot;
    bool file_or_shared = false; // the frame is a page of a file or of shared memory
    bool exclusive = false;      // nothing else maps the frame
};

// What /proc/PID/smaps says about one area, in pages (pss in bytes).
struct AreaStatistics {
    uint64_t resident = 0;
    uint64_t shared_clean = 0, shared_dirty = 0, private_clean = 0, private_dirty = 0;
    uint64_t referenced = 0;
    uint64_t anonymous = 0;
    uint64_t swapped = 0;
    uint64_t proportional_swapped_bytes = 0; // SwapPss: each slot divided by the number of its users
    uint64_t proportional_bytes = 0; // Pss: each page divided by its number of mappings
    uint64_t proportional_dirty_bytes = 0;
};

} // namespace mm
