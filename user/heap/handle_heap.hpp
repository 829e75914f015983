// Blocks known by handles, so that they may be moved: the heap can be tidied.
//
//     who uses a block          table                       room
//     Handle 3 ------------> 3: address ------------> | header | 3 | contents ... |
//
// A pointer into a block stops being right when the block moves. A handle is the number of an entry of a
// table, and the entry is what knows the address: compaction moves the block and corrects one entry. To find
// it, each block carries its handle in front of its contents.
#pragma once

#include "user/heap/free_list_heap.hpp"

#include <cstddef>
#include <span>

namespace heap {

enum class Handle : std::size_t { none = static_cast<std::size_t>(-1) };

class HandleHeap {
public:
    // An entry of the table: where the block's contents are, or nullptr for an unused handle.
    using Entry = std::byte *;

    // What a block costs besides its contents: the header and the handle (a multiple of 16, too).
    static constexpr std::size_t cost = FreeListHeap::header_size + 16;

    // As many blocks as `table` has entries. Room and table must outlive the heap.
    HandleHeap(Room &room, Policy policy, std::span<Entry> table);

    // A new block with the lowest unused handle; Handle::none if no handle or no memory is left.
    Handle allocate(std::size_t bytes);

    // False, and nothing changes, if there is no such block.
    bool free(Handle handle);

    // The contents, at a multiple of 16, until the next tidy(); nullptr if there is no such block.
    std::byte *at(Handle handle) const;

    // Compaction: all blocks move down, in the order they lie in, until no hole is below one of them. Returns
    // the bytes that had to be copied: the pieces that moved, with headers.
    std::size_t tidy();

    // To look at: the pieces, figures and rules are the free list's.
    const FreeListHeap &pieces() const { return heap_; }

    // The handle of a piece that is a block in use.
    static Handle handle_of(FreeListHeap::Piece piece);

    // The free list's rules, and that table and blocks agree; nullptr, or a sentence.
    const char *audit() const;

private:
    FreeListHeap heap_;
    std::span<Entry> table_;
};

} // namespace heap
