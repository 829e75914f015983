// A ring of bytes with room for Capacity (a power of two) of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace kernel {

template <size_t Capacity> class ByteRing {
    static_assert((Capacity & (Capacity - 1)) == 0);

public:
    size_t used() const { return static_cast<size_t>(end_ - begin_); }
    size_t room() const { return Capacity - used(); }

    // As many as there is room for; returns how many.
    size_t put(std::span<const std::byte> bytes)
    {
        size_t count = std::min(bytes.size(), room());
        if (count == 0) return 0; // an empty span may point nowhere
        size_t at = end_ % Capacity, before_end = std::min(count, Capacity - at);
        std::memcpy(storage_ + at, bytes.data(), before_end);
        std::memcpy(storage_, bytes.data() + before_end, count - before_end);
        end_ += count;
        return count;
    }

    // As many as there are and fit; returns how many.
    size_t take(std::span<std::byte> to)
    {
        size_t count = std::min(to.size(), used());
        if (count == 0) return 0;
        size_t at = begin_ % Capacity, before_end = std::min(count, Capacity - at);
        std::memcpy(to.data(), storage_ + at, before_end);
        std::memcpy(to.data() + before_end, storage_, count - before_end);
        begin_ += count;
        return count;
    }

private:
    std::byte storage_[Capacity]{};
    uint64_t begin_ = 0; // positions count up for ever
    uint64_t end_ = 0;
};

} // namespace kernel
