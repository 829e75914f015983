// A heap with an explicit free list: first, next or best fit, splitting, coalescing.
//
// The room is cut into pieces without a gap: blocks that are in use, and holes. Each piece begins with a
// header of 16 bytes; a block's contents are the rest of it.
//
//     | header | contents ... | header | hole ....... | header | contents ... | header | hole .......... |
//                               next ------------------------------------------> next --> none
//
// The free list holds the holes, and only them, by rising address, linked through their headers. Two holes
// never lie side by side: they are made one at once. A piece's size is a multiple of 16, at least 32.
#pragma once

#include "user/heap/room.hpp"

#include <cstddef>

namespace heap {

// Which hole serves a request, of those that are large enough.
enum class Policy {
    // The one with the lowest address.
    first_fit,
    // The first that ends above the place where the block allocated last ended; without one, as first fit.
    // (The place is an address. It stays when blocks are freed or moved, and is at first below everything.)
    next_fit,
    // The smallest; of several equally small ones, the one with the lowest address.
    best_fit,
};

class FreeListHeap {
public:
    static constexpr std::size_t header_size = 16;
    static constexpr std::size_t least_piece = 32;

    // Takes no memory yet. The room must outlive the heap.
    FreeListHeap(Room &room, Policy policy) : room_(room), policy_(policy) {}
    FreeListHeap(const FreeListHeap &) = delete;
    FreeListHeap &operator=(const FreeListHeap &) = delete;

    // At least `bytes` bytes (0 too is a block of its own), at a multiple of 16, or nullptr.
    //
    // The piece needed is header and bytes, rounded up. It is the lower end of the hole the policy chooses;
    // the rest stays a hole, but a rest too small to be a piece goes with the block. If no hole is large
    // enough, the room is asked to grow by what is missing: a hole at its end counts. Without that, nothing
    // changes.
    void *allocate(std::size_t bytes);

    // Gives a block back: it becomes a hole, one with the holes beside it. False, and nothing changes, if
    // this is not a block in use: freed already, or never allocated here (as far as its header tells).
    // nullptr is always welcome.
    bool free(void *contents);

    // Moves a block in use down to the start of the hole below it, contents and all; that hole is above it
    // then. The new contents, the same as before if there is no hole directly below. For compaction: from low
    // to high, this leaves one hole at the end. Only the caller knows who holds the old address
    // (handle_heap.hpp).
    void *slide_down(void *contents);

    // The pieces in the order of their addresses, until one has size 0:
    // for (Piece piece = first_piece(); piece.size != 0; piece = piece_after(piece))
    struct Piece {
        std::byte *start = nullptr;
        std::size_t size = 0; // with the header; 0: behind the last piece
        bool used = false;

        void *contents() const { return start + header_size; }
    };
    Piece first_piece() const { return piece_at(start_); }
    Piece piece_after(Piece piece) const { return piece_at(piece.start + piece.size); }
    Piece piece_of(void *contents) const
    {
        return piece_at(static_cast<std::byte *>(contents) - header_size);
    }

    // What it looks like now, counted piece by piece, in bytes with headers.
    struct Figures {
        std::size_t total = 0, used = 0, blocks = 0;
        std::size_t holes = 0, free = 0, largest_hole = 0;

        // 1: everything is in use. 0: nothing is.
        double utilisation() const { return total == 0 ? 0 : double(used) / double(total); }
        // 0: what is free lies together. Towards 1: it lies in many small holes.
        double fragmentation() const { return free == 0 ? 0 : 1 - double(largest_hole) / double(free); }
    };
    Figures figures() const;

    // How many holes all searches together have looked at. First and next fit look at one after the other
    // until one is large enough (next fit goes around: at the place it began, it ends); best fit looks at
    // all. When the room has grown, the search is done again.
    std::size_t holes_looked_at() const { return holes_looked_at_; }

    // Checks every rule above; nullptr, or a sentence saying which one is broken.
    const char *audit() const;

private:
    struct Header {
        std::size_t size;
        Header *next; // a hole: the next one, or nullptr; a block in use: itself, which a hole never says
    };
    static std::byte *end_of(const Header *piece);
    Piece piece_at(std::byte *start) const;
    Header *used_header(void *contents) const;

    // A place in the free list is a link: first_hole_ or the `next` of a hole. To change it is to change the
    // list.
    Header **find(std::size_t size); // the link to the hole the policy chooses, or nullptr
    Header **first_between(Header **link, Header **end, std::size_t size);
    Header **smallest(std::size_t size);
    bool grow(std::size_t size);
    void insert(std::byte *start, std::size_t size);
    void set_next_fit();

    Room &room_;
    Policy policy_;
    std::byte *start_ = nullptr;
    std::byte *end_ = nullptr;
    Header *first_hole_ = nullptr;
    std::byte *last_end_ = nullptr;    // where the block allocated last ended
    Header **next_fit_ = &first_hole_; // the link to the first hole that ends above last_end_
    std::size_t holes_looked_at_ = 0;
};

} // namespace heap
