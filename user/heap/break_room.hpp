// A room between the break and a given size above it, taken all at once with sbrk(2) when first asked for.
#pragma once

#include "user/heap/room.hpp"

#include <cstdint>
#include <unistd.h>

namespace heap {

class BreakRoom final : public Room {
public:
    explicit BreakRoom(std::size_t bytes) : bytes_(bytes) {}
    BreakRoom(const BreakRoom &) = delete;
    BreakRoom &operator=(const BreakRoom &) = delete;

    // Moves the break back, unless somebody else has moved it since.
    ~BreakRoom()
    {
        if (start_ != nullptr && sbrk(0) == start_ + bytes_) (void)brk(start_);
    }

    std::span<std::byte> extend(std::size_t least) override
    {
        if (start_ != nullptr || least > bytes_) return {};
        const std::uintptr_t present = reinterpret_cast<std::uintptr_t>(sbrk(0));
        const auto to_multiple_of_16 = static_cast<std::intptr_t>(-present % 16);
        void *const failed = reinterpret_cast<void *>(-1);
        if (sbrk(to_multiple_of_16) == failed) return {};
        void *const place = sbrk(static_cast<std::intptr_t>(bytes_));
        if (place == failed) return {};
        start_ = static_cast<std::byte *>(place);
        return {start_, bytes_};
    }

private:
    std::size_t bytes_;
    std::byte *start_ = nullptr;
};

} // namespace heap
