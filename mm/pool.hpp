// The old way of giving out memory: one extent of frames, cut into contiguous pieces. Is there enough? Take a
// piece, run, give it back. What is free lies in holes between the pieces, and a hole that is too small helps
// nobody: memory fragments.
//
// All pieces and holes hang in one list by rising address, without two holes side by side.
//
// A program lives in one piece (AddressSpace::live_in). Its pages are frames like others, with a descriptor,
// references and an object; but they are held, so that nobody chooses them to go, and marked OfPool: with the
// last reference they go back to the piece and not to the frame allocator. In between they are of kind Pool.
#pragma once

#include "lib/intrusive_list.hpp"
#include "lib/result.hpp"
#include "lib/spinlock.hpp"
#include "mm/address.hpp"

#include <optional>
#include <string_view>

namespace mm {

using lib::Errno;
using lib::Result;

// Which hole a new piece is cut from; always from the hole's lower end.
enum class Fit : uint8_t {
    First, // the lowest that is large enough
    Best,  // the smallest that is large enough; the lowest of them
    Worst, // the largest; the lowest of them
    Count,
};

std::string_view name_of(Fit fit);
std::optional<Fit> fit_named(std::string_view name);

// A piece or a hole.
struct PoolExtent {
    PhysAddr begin;
    uint64_t pages = 0;
    bool is_hole = true;
    uint32_t id = 0;            // of a piece: whom it belongs to, as allocate() was told
    uint64_t frames_in_use = 0; // of a piece: pages of a program, and frames that a device still has
    bool left = false;          // of a piece: its program is gone; it becomes a hole with its last frame
    lib::ListNode node;

    PhysAddr end() const { return begin + (pages << PageShift); }
};

struct PoolStatistics {
    uint64_t pages = 0, free_pages = 0;
    uint64_t holes = 0, pieces = 0;
    uint64_t largest_hole = 0; // pages
};

class Pool {
public:
    constexpr Pool() = default;
    Pool(const Pool &) = delete;
    Pool &operator=(const Pool &) = delete;

    // From now on the pool has these frames, which are of kind Pool and which nobody else uses
    // (FrameAllocator::take_extent). NoMemory: no room for the first node.
    Result<void> init(PhysAddr begin, uint64_t pages, Fit fit);
    bool exists() const { return pages_ != 0; }
    Fit fit() const { return fit_; }

    // A piece of exactly so many pages (not 0) for `id`. The pool owns it until give_back(). NoMemory: no
    // hole is large enough, or there is no room for its node.
    Result<PoolExtent *> allocate(uint64_t pages, uint32_t id);
    // The piece, of which no frame is in use, becomes a hole, one with the holes beside it. Cannot fail.
    void give_back(PoolExtent &piece);
    // The same as soon as no frame is in use any more: a device may still have some.
    void leave(PoolExtent &piece);

    // The frame, one of the piece, gets a user more. The first one makes it a page: Anonymous, held and
    // marked; who it belongs to is for the caller to say. Its contents are what they were.
    void use_frame(PoolExtent &piece, PhysAddr frame);
    // The last user of a marked frame is gone (mm/page_frame.cpp), and no translation leads to it any more.
    void return_frame(PhysAddr frame);

    bool contains(PhysAddr frame) const;
    PoolStatistics statistics() const;
    // By rising address; null at the end. For as long as nothing sleeps.
    const PoolExtent *first() const;
    const PoolExtent *next(const PoolExtent &extent) const;

    // Walks the list: no gap, no overlap, no two holes side by side; and the frames: a hole's are unused, a
    // piece's counted. Calls machine::fail.
    void audit() const;

private:
    using Extents = lib::List<&PoolExtent::node>;

    PoolExtent *choose_hole(const Extents &extents, uint64_t pages) const;
    static void become_hole(Extents &extents, PoolExtent &piece);
    static void join_upper(Extents &extents, PoolExtent &hole);

    mutable lib::Guarded<Extents> extents_;
    PhysAddr begin_;
    uint64_t pages_ = 0;
    Fit fit_ = Fit::First;
};

// The machine's pool; without memory=pool it does not exist.
extern Pool the_pool;
inline Pool &pool()
{
    return the_pool;
}
// Host tests: forgets it.
void reset_pool();

} // namespace mm
