// A stack made by hand: memory in which only the newest can be freed ("mark and release").
// It is the fastest allocator there is, one addition, and the least forgiving.
#pragma once

#include <cstddef>

namespace exhibit {

template <std::size_t size> class StackAllocator {
public:
    // Room above all that is in use, or nullptr where there is no more.
    char *allocate(std::size_t bytes)
    {
        if (bytes > size - top_) return nullptr;
        char *room = memory_ + top_;
        top_ += bytes;
        return room;
    }

    // The present top; releasing it frees everything allocated since. That is all there is: no call frees
    // something that lies below something newer.
    std::size_t mark() const { return top_; }
    void release(std::size_t mark) { top_ = mark; }

    // The bytes themselves, in use or not.
    const char *begin() const { return memory_; }
    static constexpr std::size_t capacity() { return size; }

private:
    char memory_[size] = {};
    std::size_t top_ = 0;
};

} // namespace exhibit
