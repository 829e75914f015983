// Handles and compaction. See handle_heap.hpp.
#include "user/heap/handle_heap.hpp"

#include <algorithm>
#include <cstdint>
#include <new>

namespace heap {

namespace {

constexpr std::size_t prefix_size = HandleHeap::cost - FreeListHeap::header_size;

} // namespace

HandleHeap::HandleHeap(Room &room, Policy policy, std::span<Entry> table) : heap_(room, policy), table_(table)
{
    std::ranges::fill(table_, nullptr);
}

Handle HandleHeap::allocate(std::size_t bytes)
{
    const auto unused = std::ranges::find(table_, nullptr);
    if (unused == table_.end() || bytes > SIZE_MAX - prefix_size) return Handle::none;
    auto *place = static_cast<std::byte *>(heap_.allocate(prefix_size + bytes));
    if (place == nullptr) return Handle::none;
    const auto handle = static_cast<Handle>(unused - table_.begin());
    new (place) Handle(handle);
    *unused = place + prefix_size;
    return handle;
}

bool HandleHeap::free(Handle handle)
{
    if (at(handle) == nullptr) return false;
    Entry &entry = table_[static_cast<std::size_t>(handle)];
    heap_.free(entry - prefix_size);
    entry = nullptr;
    return true;
}

std::byte *HandleHeap::at(Handle handle) const
{
    const auto index = static_cast<std::size_t>(handle);
    return index < table_.size() ? table_[index] : nullptr;
}

std::size_t HandleHeap::tidy()
{
    std::size_t copied = 0;
    for (auto piece = heap_.first_piece(); piece.size != 0; piece = heap_.piece_after(piece)) {
        if (!piece.used) continue;
        void *const moved = heap_.slide_down(piece.contents());
        if (moved == piece.contents()) continue;
        copied += piece.size;
        piece = heap_.piece_of(moved);
        table_[static_cast<std::size_t>(handle_of(piece))] = static_cast<std::byte *>(moved) + prefix_size;
    }
    return copied;
}

Handle HandleHeap::handle_of(FreeListHeap::Piece piece)
{
    return *static_cast<const Handle *>(piece.contents());
}

const char *HandleHeap::audit() const
{
    if (const char *broken = heap_.audit()) return broken;
    std::size_t blocks = 0;
    for (auto piece = heap_.first_piece(); piece.size != 0; piece = heap_.piece_after(piece)) {
        if (!piece.used) continue;
        ++blocks;
        if (at(handle_of(piece)) != static_cast<std::byte *>(piece.contents()) + prefix_size)
            return "a block's handle does not lead to it";
    }
    const auto in_use =
        std::ranges::count_if(table_, [](const std::byte *entry) { return entry != nullptr; });
    if (static_cast<std::size_t>(in_use) != blocks) return "a handle leads to no block";
    return nullptr;
}

} // namespace heap
