// Where a heap's memory comes from: the one thing a heap cannot do by itself.
#pragma once

#include <cstddef>
#include <span>

namespace heap {

class Room {
public:
    // Makes the room larger at its end by at least `least` bytes. The answer is what was added: the first
    // time anywhere, but at a multiple of 16, from then on directly behind what was added before. Its size is
    // a multiple of 16. Empty: the room cannot be made that much larger, and it stays as it is.
    virtual std::span<std::byte> extend(std::size_t least) = 0;

protected:
    ~Room() = default;
};

} // namespace heap
