// Cutting pieces from holes, and making holes of pieces; and the frames of pieces, from one user to the next.
#include "mm/pool.hpp"

#include "mm/frame_allocator.hpp"
#include "mm/kernel_heap.hpp"

#include <new>

namespace mm {

namespace {

constexpr std::string_view Names[] = {"first", "best", "worst"};
static_assert(std::size(Names) == static_cast<size_t>(Fit::Count));

using Extents = lib::List<&PoolExtent::node>;

PoolExtent *element_or_null(lib::ListNode *node, const Extents &extents)
{
    Extents::Iterator place{node};
    return place == extents.end() ? nullptr : &*place;
}

// Null: no piece has the frame.
PoolExtent *piece_with(PhysAddr frame, const Extents &extents)
{
    for (PoolExtent &extent : extents) {
        if (frame < extent.end()) return extent.is_hole || frame < extent.begin ? nullptr : &extent;
    }
    return nullptr;
}

} // namespace

constinit Pool the_pool;

void reset_pool()
{
    new (&the_pool) Pool;
}

std::string_view name_of(Fit fit)
{
    return Names[static_cast<size_t>(fit)];
}

std::optional<Fit> fit_named(std::string_view name)
{
    for (size_t i = 0; i < std::size(Names); i++) {
        if (Names[i] == name) return static_cast<Fit>(i);
    }
    return {};
}

Result<void> Pool::init(PhysAddr begin, uint64_t pages, Fit fit)
{
    auto *hole = create<PoolExtent>();
    if (hole == nullptr) return Errno::NoMemory;
    hole->begin = begin;
    hole->pages = pages;
    for (uint64_t i = 0; i < pages; i++) descriptor(begin + (i << PageShift)).references.store(0);
    extents_.lock()->push_back(*hole);
    begin_ = begin;
    pages_ = pages;
    fit_ = fit;
    return {};
}

// ---- Pieces

PoolExtent *Pool::choose_hole(const Extents &extents, uint64_t pages) const
{
    PoolExtent *chosen = nullptr;
    for (PoolExtent &extent : extents) {
        if (!extent.is_hole || extent.pages < pages) continue;
        if (fit_ == Fit::First) return &extent;
        bool is_better = chosen == nullptr ||
                         (fit_ == Fit::Best ? extent.pages < chosen->pages : extent.pages > chosen->pages);
        if (is_better) chosen = &extent;
    }
    return chosen;
}

Result<PoolExtent *> Pool::allocate(uint64_t pages, uint32_t id)
{
    auto extents = extents_.lock();
    PoolExtent *hole = choose_hole(*extents, pages);
    if (hole == nullptr) return Errno::NoMemory;
    PoolExtent *piece = hole; // all of it
    if (hole->pages != pages) {
        piece = create<PoolExtent>();
        if (piece == nullptr) return Errno::NoMemory;
        piece->begin = hole->begin;
        piece->pages = pages;
        hole->node.insert_before(piece->node);
        hole->begin = piece->end();
        hole->pages -= pages;
    }
    piece->is_hole = false;
    piece->id = id;
    return piece;
}

// Takes the extent above into the hole, if that is one, too.
void Pool::join_upper(Extents &extents, PoolExtent &hole)
{
    PoolExtent *upper = element_or_null(hole.node.next(), extents);
    if (upper == nullptr || !upper->is_hole) return;
    hole.pages += upper->pages;
    Extents::remove(*upper);
    destroy(upper);
}

void Pool::become_hole(Extents &extents, PoolExtent &piece)
{
    if (piece.is_hole) machine::fail("pool: what is given back is no piece");
    if (piece.frames_in_use != 0) machine::fail("pool: a piece is given back that is in use");
    piece.is_hole = true;
    piece.left = false;
    join_upper(extents, piece);
    PoolExtent *lower = element_or_null(piece.node.previous(), extents);
    if (lower != nullptr && lower->is_hole) join_upper(extents, *lower);
}

void Pool::give_back(PoolExtent &piece)
{
    auto extents = extents_.lock();
    become_hole(*extents, piece);
}

void Pool::leave(PoolExtent &piece)
{
    auto extents = extents_.lock();
    piece.left = true;
    if (piece.frames_in_use == 0) become_hole(*extents, piece);
}

// ---- Frames

void Pool::use_frame(PoolExtent &piece, PhysAddr frame)
{
    auto extents = extents_.lock();
    Frame &own = descriptor(frame);
    own.references.fetch_add(1, std::memory_order_relaxed);
    if (own.kind != FrameKind::Pool) return; // a device has it since it was a page the last time
    frames().change_kind(frame, FrameKind::Anonymous);
    own.flags = Frame::OfPool | Frame::Held;
    piece.frames_in_use++;
}

void Pool::return_frame(PhysAddr frame)
{
    auto extents = extents_.lock();
    Frame &own = descriptor(frame);
    // Since its last user went, on another processor it may have become a page again, or have been here.
    if (own.references.load(std::memory_order_acquire) != 0 || own.kind == FrameKind::Pool) return;
    PoolExtent *piece = piece_with(frame, *extents);
    if (piece == nullptr) machine::fail("pool: a page's frame lies in no piece");
    frames().change_kind(frame, FrameKind::Pool);
    own.flags = 0;
    if (--piece->frames_in_use == 0 && piece->left) become_hole(*extents, *piece);
}

// ---- Reports

bool Pool::contains(PhysAddr frame) const
{
    return frame >= begin_ && frame < begin_ + (pages_ << PageShift);
}

PoolStatistics Pool::statistics() const
{
    PoolStatistics result{.pages = pages_};
    auto extents = extents_.lock();
    for (const PoolExtent &extent : *extents) {
        if (!extent.is_hole) {
            result.pieces++;
            continue;
        }
        result.holes++;
        result.free_pages += extent.pages;
        if (extent.pages > result.largest_hole) result.largest_hole = extent.pages;
    }
    return result;
}

const PoolExtent *Pool::first() const
{
    return extents_.lock()->front();
}

const PoolExtent *Pool::next(const PoolExtent &extent) const
{
    auto extents = extents_.lock();
    return element_or_null(extent.node.next(), *extents);
}

void Pool::audit() const
{
    using machine::fail;
    auto extents = extents_.lock();
    if (!extents->is_consistent()) fail("pool: the list of pieces and holes is linked wrongly");
    PhysAddr at = begin_;
    bool after_hole = false;
    for (const PoolExtent &extent : *extents) {
        if (extent.pages == 0) fail("pool: a piece or a hole is empty");
        if (extent.begin != at) fail("pool: pieces and holes overlap, or leave a gap");
        if (extent.is_hole && after_hole) fail("pool: two holes lie side by side");
        if (extent.left && extent.frames_in_use == 0) fail("pool: a piece that nobody needs is no hole");
        uint64_t in_use = 0;
        for (; at < extent.end(); at += PageSize) {
            const Frame &frame = descriptor(at);
            if (frame.kind == FrameKind::Pool) {
                if (frame.references.load() != 0) fail("pool: an unused frame has a user");
                if (frame.flags != 0) fail("pool: an unused frame has marks of a page");
                continue;
            }
            in_use++;
            if (frame.kind != FrameKind::Anonymous)
                fail("pool: a frame is of a kind that does not live here");
            if (frame.flags != (Frame::OfPool | Frame::Held)) fail("pool: a page's frame lacks its marks");
        }
        if (in_use != extent.frames_in_use) fail("pool: the frames in use are miscounted");
        after_hole = extent.is_hole;
    }
    if (at != begin_ + (pages_ << PageShift)) fail("pool: pieces and holes do not end where the pool does");
}

} // namespace mm
