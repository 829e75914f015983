// The frame descriptor: what the kernel knows about each 4 KiB frame of physical memory.
#pragma once

#include "mm/address.hpp"

#include <atomic>
#include <cstdint>

namespace mm {

class MemoryObject;

// What a frame is used for. The counts by kind sum to the total at all times (FrameAllocator::count).
enum class FrameKind : uint8_t {
    Free,       // in the buddy allocator or in a processor's stack of single frames
    Reserved,   // kernel image, frame descriptors, boot page tables, kernel stacks: never returned
    Archive,    // the initial archive, as the loader left it
    PageTable,  // any level, user address spaces
    KernelHeap, // slabs and large kernel allocations
    Anonymous,  // private or shared anonymous memory
    File,       // pages of files, cached
    Buffer,     // on its way to or from a device
    Pool,       // in the pool of contiguous pieces (mm/pool.hpp), and no program's page
    Pipe,       // bytes that were written to a pipe and not read yet
    Count,
};

inline constexpr uint32_t NoFrame = UINT32_MAX; // "no frame number": 16 TiB is the most we can describe

// One descriptor a frame, 32 bytes at most, in an array indexed by frame number. All zero bytes is a valid
// state: a frame that is Free and in no list, which is what a machine's array begins with.
struct Frame {
    FrameKind kind = FrameKind::Reserved;
    union {
        uint8_t order = 0; // first frame of a block in use: log2 of the block's frames
        uint8_t age;       // page: its recent use, as the policy Aging keeps it (mm/replacement.hpp)
    };
    static constexpr uint8_t NewAge = 0x80;
    uint8_t free_order = 0; // first frame of a block in a buddy list: the same plus one; 0: no such frame
    uint8_t flags = 0;
    static constexpr uint8_t Poisoned = 1 << 0; // free and filled with the poison pattern (checked build)
    // Of pages; zero for nearly all of them, so that freeing one asks a single question (mm/swap_cache.hpp).
    static constexpr uint8_t SwapCached = 1
                                          << 1; // it has a slot on a swap device, and one reference for that
    static constexpr uint8_t Busy = 1 << 2;     // a transfer from or to that slot is under way
    static constexpr uint8_t Arriving = 1 << 3; // … from it: the contents are not there yet
    static constexpr uint8_t Held = 1 << 4;     // not in the ring of pages: nobody may choose it to go
    static constexpr uint8_t WriteFailed = 1 << 5; // its slot could not be written: it needs another one
    static constexpr uint8_t OfPool = 1 << 6; // it goes back to its piece of the pool (mm/pool.hpp); Held

    // Who uses the frame: mappings in page tables plus one for an object that holds it in its page map.
    // For a page table: not used (a table belongs to one entry).
    std::atomic<uint32_t> references{0};
    union {
        struct { // Anonymous and File: which page of which object; its mappers are found from here
            MemoryObject *object; //   without a node per mapping
            uint64_t index;       //   in pages from the object's start
        };
        struct { // Free
            uint32_t next;
            uint32_t previous;
        } link;
        struct {              // PageTable
            uint16_t entries; //   how many of the 512 entries are not empty: at zero the table is freed
            uint16_t lowest;  //   no entry below this index …
            uint16_t highest; //   … nor above this one is in use: tearing down costs what was touched
        } table;
        struct {         // KernelHeap
            void *owner; //   the slab cache the frame belongs to; null: a large allocation of 2^order frames
            uint16_t free;   //   offset of the slab's first free object
            uint16_t in_use; //   how many of its objects are handed out
        } heap;
    };
    // Neighbours in a list of frames: a slab's in its cache's list of slabs with room; a page's in the ring
    // of pages (mm/page_ring.hpp).
    uint32_t list_next = NoFrame;
    uint32_t list_previous = NoFrame;

    Frame() : object(nullptr), index(0) {}
};

static_assert(sizeof(Frame) <= 32, "a descriptor a frame must stay below 0.8 % of memory");

} // namespace mm
