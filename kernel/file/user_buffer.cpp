// Walking over the pieces of a program's buffer. See user_buffer.hpp.
#include "kernel/file/user_buffer.hpp"

#include <algorithm>
#include <cstring>

namespace kernel {

// copy(address, offset, count) returns how many bytes of `count` it could not move.
template <typename Copy> size_t UserBuffer::for_each_piece(size_t bytes, Copy &&copy)
{
    bytes = std::min(bytes, size_);
    size_t done = 0;
    while (done < bytes) {
        const Segment &segment = segments_.front();
        size_t count = std::min(bytes - done, segment.size - used_);
        size_t moved = count - copy(segment.address + used_, done, count);
        done += moved;
        used_ += moved;
        size_ -= moved;
        if (moved < count) break;
        skip_used_segments();
    }
    return done;
}

// The next bytes, up to `bytes`, which becomes how many there are.
[[gnu::noinline]] std::byte *UserBuffer::take_kernel_memory(size_t &bytes)
{
    bytes = std::min(bytes, size_);
    std::byte *begin = kernel_memory_ + used_;
    used_ += bytes;
    size_ -= bytes;
    return begin;
}

size_t UserBuffer::store(const void *from, size_t bytes)
{
    if (is_kernel_memory()) [[unlikely]] {
        std::byte *to = take_kernel_memory(bytes);
        std::memcpy(to, from, bytes);
        return bytes;
    }
    return for_each_piece(bytes, [&](mm::VirtAddr address, size_t offset, size_t count) {
        return copy_to_user_partial(address, static_cast<const std::byte *>(from) + offset, count);
    });
}

size_t UserBuffer::store_zeros(size_t bytes)
{
    if (is_kernel_memory()) [[unlikely]] {
        std::byte *to = take_kernel_memory(bytes);
        std::memset(to, 0, bytes);
        return bytes;
    }
    return for_each_piece(
        bytes, [](mm::VirtAddr address, size_t, size_t count) { return zero_user_partial(address, count); });
}

size_t UserBuffer::load(void *to, size_t bytes)
{
    if (is_kernel_memory()) [[unlikely]] {
        const std::byte *from = take_kernel_memory(bytes);
        std::memcpy(to, from, bytes);
        return bytes;
    }
    return for_each_piece(bytes, [&](mm::VirtAddr address, size_t offset, size_t count) {
        return copy_from_user_partial(static_cast<std::byte *>(to) + offset, address, count);
    });
}

void UserBuffer::skip(size_t bytes)
{
    for_each_piece(bytes, [](mm::VirtAddr, size_t, size_t) { return size_t{0}; });
}

bool UserBuffer::is_in_user_half() const
{
    return std::all_of(segments_.begin(), segments_.end(),
                       [](const Segment &segment) { return is_user_range(segment.address, segment.size); });
}

bool UserBuffer::is_aligned(uint64_t mask) const
{
    return std::all_of(segments_.begin(), segments_.end(), [&](const Segment &segment) {
        return ((segment.address.value() | segment.size) & mask) == 0;
    });
}

bool UserBuffer::can_store(size_t bytes) const
{
    if (is_kernel_memory()) return true;
    bytes = std::min(bytes, size_);
    size_t used = used_;
    for (const Segment &segment : segments_) {
        size_t count = std::min(bytes, segment.size - used);
        mm::VirtAddr end = segment.address + used + count;
        for (mm::VirtAddr at = segment.address + used; at < end; at = at.page_down() + mm::PageSize) {
            if (!touch_user(at).ok()) return false;
        }
        bytes -= count;
        used = 0;
        if (bytes == 0) break;
    }
    return true;
}

} // namespace kernel
