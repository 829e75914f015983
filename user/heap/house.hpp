// A room whose blocks are known by letters, A to M, sized in columns and each filled with its letter.
#pragma once

#include "user/heap/handle_heap.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace heap {

class House {
public:
    House(Room &room, Policy policy, std::size_t bytes_in_a_column)
        : heap_(room, policy, table_), column_(bytes_in_a_column)
    {}

    const FreeListHeap &pieces() const { return heap_.pieces(); }
    std::size_t column() const { return column_; }

    // The contents of a block whose piece has that many columns: they pay for header and handle.
    std::size_t bytes_of(std::size_t columns) const { return columns * column_ - HandleHeap::cost; }

    Handle handle(char letter) const { return of(letter).handle; }
    std::uintptr_t place(char letter) const
    {
        return reinterpret_cast<std::uintptr_t>(heap_.at(handle(letter)));
    }
    char letter_of(FreeListHeap::Piece piece) const
    {
        const auto found = std::ranges::find(blocks_, HandleHeap::handle_of(piece), &Furniture::handle);
        return static_cast<char>('A' + (found - blocks_.begin()));
    }

    // False: refused.
    bool move_in(char letter, std::size_t columns)
    {
        const Handle handle = heap_.allocate(bytes_of(columns));
        if (handle == Handle::none) return false;
        std::memset(heap_.at(handle), letter, bytes_of(columns));
        of(letter) = {handle, bytes_of(columns)};
        return true;
    }
    void move_out(char letter)
    {
        heap_.free(handle(letter));
        of(letter) = {};
    }

    struct Tidied {
        std::size_t moved = 0;  // blocks
        std::size_t copied = 0; // bytes
    };
    Tidied tidy()
    {
        const auto before = table_;
        const std::size_t copied = heap_.tidy();
        std::size_t moved = 0;
        for (std::size_t entry = 0; entry < before.size(); ++entry) moved += table_[entry] != before[entry];
        return {moved, copied};
    }

    // How many bytes of all blocks are no longer what they were.
    std::size_t damaged() const
    {
        std::size_t count = 0;
        for (char letter = 'A'; letter <= 'M'; ++letter) {
            const std::byte *contents = heap_.at(handle(letter));
            for (std::size_t at = 0; at < of(letter).bytes; ++at) count += contents[at] != std::byte(letter);
        }
        return count;
    }

private:
    struct Furniture {
        Handle handle = Handle::none;
        std::size_t bytes = 0;
    };
    const Furniture &of(char letter) const { return blocks_[static_cast<std::size_t>(letter - 'A')]; }
    Furniture &of(char letter) { return blocks_[static_cast<std::size_t>(letter - 'A')]; }

    std::array<HandleHeap::Entry, 16> table_;
    HandleHeap heap_;
    std::size_t column_;
    std::array<Furniture, 13> blocks_{};
};

} // namespace heap
