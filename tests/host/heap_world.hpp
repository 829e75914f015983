// What the tests of user/heap/ share: a room that is an array, and a model of the free list to compare with.
#pragma once

#include "user/heap/free_list_heap.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace host {

// Grows by what is asked, rounded up to `granule`, until `limit` bytes.
class ArrayRoom final : public heap::Room {
public:
    explicit ArrayRoom(std::size_t limit, std::size_t granule = 16) : bytes_(limit), granule_(granule) {}

    std::span<std::byte> extend(std::size_t least) override
    {
        const std::size_t left = bytes_.size() - used_;
        if (least > left) return {};
        const std::size_t size = std::min(left, (least + granule_ - 1) / granule_ * granule_);
        used_ += size;
        return {bytes_.data() + used_ - size, size};
    }
    std::size_t used() const { return used_; }
    std::byte *start() { return bytes_.data(); }

private:
    std::vector<std::byte> bytes_; // operator new aligns it to 16
    std::size_t granule_;
    std::size_t used_ = 0;
};

// The rules of free_list_heap.hpp in the plainest form: a list of all pieces, searched from end to end.
class HeapModel {
public:
    struct Piece {
        std::size_t start, size;
        bool used;
        bool operator==(const Piece &) const = default;
    };

    HeapModel(heap::Policy policy, std::size_t limit, std::size_t granule)
        : policy_(policy), room_(limit, granule)
    {}

    // Where the block's piece starts.
    std::optional<std::size_t> allocate(std::size_t bytes)
    {
        const std::size_t size = std::max<std::size_t>(32, (16 + bytes + 15) / 16 * 16);
        std::optional<Piece> hole = choose(size);
        if (!hole && grow(size)) hole = choose(size);
        if (!hole) return std::nullopt;
        std::erase(pieces_, *hole);
        const std::size_t taken = hole->size - size < 32 ? hole->size : size;
        pieces_.push_back({hole->start, taken, true});
        if (taken < hole->size) pieces_.push_back({hole->start + taken, hole->size - taken, false});
        last_end_ = hole->start + taken;
        settle();
        return hole->start;
    }

    void free(std::size_t start)
    {
        at(start)->used = false;
        settle();
    }

    std::size_t slide_down(std::size_t start)
    {
        const auto piece = at(start);
        if (piece == pieces_.begin() || std::prev(piece)->used) return start;
        const auto hole = std::prev(piece);
        piece->start = hole->start;
        hole->start += piece->size;
        const std::size_t moved_to = piece->start;
        settle();
        return moved_to;
    }

    const std::vector<Piece> &pieces() const { return pieces_; }

private:
    std::vector<Piece>::iterator at(std::size_t start)
    {
        return std::ranges::find(pieces_, start, &Piece::start);
    }

    std::optional<Piece> choose(std::size_t size) const
    {
        std::vector<Piece> fitting, above;
        for (const Piece &piece : pieces_) {
            if (piece.used || piece.size < size) continue;
            fitting.push_back(piece);
            if (piece.start + piece.size > last_end_) above.push_back(piece);
        }
        if (fitting.empty()) return std::nullopt;
        if (policy_ == heap::Policy::best_fit) return *std::ranges::min_element(fitting, {}, &Piece::size);
        if (policy_ == heap::Policy::next_fit && !above.empty()) return above.front();
        return fitting.front();
    }

    bool grow(std::size_t size)
    {
        const bool hole_at_end = !pieces_.empty() && !pieces_.back().used;
        const std::size_t start = room_.used();
        const auto added = room_.extend(hole_at_end ? size - pieces_.back().size : size);
        if (!added.empty()) pieces_.push_back({start, added.size(), false});
        settle();
        return !added.empty();
    }

    // By rising address, and no two holes side by side.
    void settle()
    {
        std::ranges::sort(pieces_, {}, &Piece::start);
        for (std::size_t index = 1; index < pieces_.size();) {
            Piece &below = pieces_[index - 1];
            if (below.used || pieces_[index].used) {
                ++index;
                continue;
            }
            below.size += pieces_[index].size;
            pieces_.erase(pieces_.begin() + static_cast<std::ptrdiff_t>(index));
        }
    }

    heap::Policy policy_;
    ArrayRoom room_;
    std::vector<Piece> pieces_;
    std::size_t last_end_ = 0;
};

} // namespace host
