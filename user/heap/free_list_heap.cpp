// The free list at work. The rules are in free_list_heap.hpp.
#include "user/heap/free_list_heap.hpp"

#include <cstdint>
#include <cstring>
#include <new>

namespace heap {

std::byte *FreeListHeap::end_of(const Header *piece)
{
    return reinterpret_cast<std::byte *>(const_cast<Header *>(piece)) + piece->size;
}

FreeListHeap::Piece FreeListHeap::piece_at(std::byte *start) const
{
    if (start == end_) return {};
    const auto *header = reinterpret_cast<const Header *>(start);
    return {start, header->size, header->next == header};
}

FreeListHeap::Header *FreeListHeap::used_header(void *contents) const
{
    auto *start = static_cast<std::byte *>(contents) - header_size;
    if (start < start_ || start >= end_ || reinterpret_cast<std::uintptr_t>(start) % 16 != 0) return nullptr;
    auto *header = reinterpret_cast<Header *>(start);
    return header->next == header ? header : nullptr;
}

void *FreeListHeap::allocate(std::size_t bytes)
{
    if (bytes > SIZE_MAX - least_piece) return nullptr;
    std::size_t size = (header_size + bytes + 15) / 16 * 16;
    if (size < least_piece) size = least_piece;

    Header **link = find(size);
    if (link == nullptr && grow(size)) link = find(size);
    if (link == nullptr) return nullptr;

    Header *block = *link;
    if (block->size - size >= least_piece) {
        auto *rest = reinterpret_cast<std::byte *>(block) + size;
        *link = new (rest) Header{block->size - size, block->next};
        block->size = size;
    } else {
        *link = block->next;
    }
    block->next = block;
    last_end_ = end_of(block);
    next_fit_ = link;
    return reinterpret_cast<std::byte *>(block) + header_size;
}

bool FreeListHeap::free(void *contents)
{
    if (contents == nullptr) return true;
    Header *block = used_header(contents);
    if (block == nullptr) return false;
    insert(reinterpret_cast<std::byte *>(block), block->size);
    return true;
}

FreeListHeap::Header **FreeListHeap::find(std::size_t size)
{
    if (policy_ == Policy::best_fit) return smallest(size);
    if (policy_ == Policy::first_fit) return first_between(&first_hole_, nullptr, size);
    Header **above = first_between(next_fit_, nullptr, size);
    return above != nullptr ? above : first_between(&first_hole_, next_fit_, size);
}

// The first link in the list from `link` to before `end` that leads to a hole of that size.
FreeListHeap::Header **FreeListHeap::first_between(Header **link, Header **end, std::size_t size)
{
    for (; link != end && *link != nullptr; link = &(*link)->next) {
        ++holes_looked_at_;
        if ((*link)->size >= size) return link;
    }
    return nullptr;
}

FreeListHeap::Header **FreeListHeap::smallest(std::size_t size)
{
    Header **best = nullptr;
    for (Header **link = &first_hole_; *link != nullptr; link = &(*link)->next) {
        ++holes_looked_at_;
        if ((*link)->size >= size && (best == nullptr || (*link)->size < (*best)->size)) best = link;
    }
    return best;
}

bool FreeListHeap::grow(std::size_t size)
{
    std::size_t there = 0;
    for (const Header *hole = first_hole_; hole != nullptr; hole = hole->next)
        if (end_of(hole) == end_) there = hole->size;
    const std::span<std::byte> added = room_.extend(size - there);
    if (added.empty()) return false;
    if (start_ == nullptr) start_ = added.data();
    end_ = added.data() + added.size();
    insert(added.data(), added.size());
    return true;
}

// Makes these bytes a hole, one with the holes that touch it.
void FreeListHeap::insert(std::byte *start, std::size_t size)
{
    Header *below = nullptr;
    Header *above = first_hole_;
    while (above != nullptr && reinterpret_cast<std::byte *>(above) < start) {
        below = above;
        above = above->next;
    }
    Header *hole = new (start) Header{size, above};
    if (above != nullptr && end_of(hole) == reinterpret_cast<std::byte *>(above)) {
        hole->size += above->size;
        hole->next = above->next;
    }
    if (below == nullptr) {
        first_hole_ = hole;
    } else if (end_of(below) == start) {
        below->size += hole->size;
        below->next = hole->next;
    } else {
        below->next = hole;
    }
    set_next_fit();
}

// Holes have come or gone. (To search for the place anew is simple; freeing has walked the list anyway.)
void FreeListHeap::set_next_fit()
{
    next_fit_ = &first_hole_;
    while (*next_fit_ != nullptr && end_of(*next_fit_) <= last_end_) next_fit_ = &(*next_fit_)->next;
}

void *FreeListHeap::slide_down(void *contents)
{
    Header *block = used_header(contents);
    if (block == nullptr) return contents;
    Header **link = &first_hole_;
    while (*link != nullptr && end_of(*link) < reinterpret_cast<std::byte *>(block)) link = &(*link)->next;
    Header *const hole = *link;
    if (hole == nullptr || end_of(hole) != reinterpret_cast<std::byte *>(block)) return contents;

    const Header moved = *block, gap = *hole;
    auto *const start = reinterpret_cast<std::byte *>(hole);
    std::memmove(start + header_size, contents, moved.size - header_size);
    Header *const down = new (start) Header{moved.size, nullptr};
    down->next = down;
    *link = gap.next;
    insert(start + moved.size, gap.size);
    return start + header_size;
}

FreeListHeap::Figures FreeListHeap::figures() const
{
    Figures result;
    for (Piece piece = first_piece(); piece.size != 0; piece = piece_after(piece)) {
        result.total += piece.size;
        if (piece.used) {
            ++result.blocks;
            result.used += piece.size;
        } else {
            ++result.holes;
            result.free += piece.size;
            if (piece.size > result.largest_hole) result.largest_hole = piece.size;
        }
    }
    return result;
}

const char *FreeListHeap::audit() const
{
    const Header *listed = first_hole_;
    const Header *next_fit = nullptr;
    bool after_hole = false;
    for (std::byte *at = start_; at != end_;) {
        const Piece piece = piece_at(at);
        if (piece.size < least_piece || piece.size % 16 != 0)
            return "a piece's size is not one a piece can have";
        if (piece.size > static_cast<std::size_t>(end_ - at)) return "a piece reaches beyond the room";
        if (!piece.used) {
            if (after_hole) return "two holes lie side by side";
            if (reinterpret_cast<std::byte *>(const_cast<Header *>(listed)) != at)
                return "the free list is not the holes by rising address";
            if (next_fit == nullptr && end_of(listed) > last_end_) next_fit = listed;
            listed = listed->next;
        }
        after_hole = !piece.used;
        at += piece.size;
    }
    if (listed != nullptr) return "the free list goes on behind the last hole";
    if (*next_fit_ != next_fit) return "next fit would begin at another hole";
    return nullptr;
}

} // namespace heap
