// Walking over the pieces of a program's buffer. See user_buffer.hpp.
#include "kernel/file/user_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace kernel {

void UserBuffer::next_segment()
{
    while (current_.size == 0 && !more_.empty()) {
        current_ = more_.front();
        more_ = more_.subspan(1);
    }
}

// copy(address, offset, count) returns how many bytes of `count` it could not move.
template <typename Copy> size_t UserBuffer::for_each_piece(size_t bytes, Copy &&copy)
{
    bytes = std::min(bytes, size_);
    size_t done = 0;
    while (done < bytes) {
        size_t count = std::min(bytes - done, current_.size);
        size_t moved = use(count - copy(current_.address, done, count));
        done += moved;
        if (moved < count) break;
    }
    return done;
}

// The next bytes, up to `bytes`, which becomes how many there are.
std::byte *UserBuffer::take_kernel_memory(size_t &bytes)
{
    bytes = std::min(bytes, size_);
    size_ -= bytes;
    return std::exchange(kernel_memory_, kernel_memory_ + bytes);
}

size_t UserBuffer::store_pieces(const void *from, size_t bytes)
{
    if (is_kernel_memory()) {
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

size_t UserBuffer::load_pieces(void *to, size_t bytes)
{
    if (is_kernel_memory()) {
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
    if (is_kernel_memory()) {
        take_kernel_memory(bytes);
        return;
    }
    for_each_piece(bytes, [](mm::VirtAddr, size_t, size_t) { return size_t{0}; });
}

bool UserBuffer::rest_is_in_user_half() const
{
    return std::all_of(more_.begin(), more_.end(),
                       [](const Segment &segment) { return is_user_range(segment.address, segment.size); });
}

bool UserBuffer::is_aligned(uint64_t mask) const
{
    auto aligned = [mask](const Segment &segment) {
        return ((segment.address.value() | segment.size) & mask) == 0;
    };
    return aligned(current_) && std::all_of(more_.begin(), more_.end(), aligned);
}

bool UserBuffer::can_store(size_t bytes) const
{
    if (is_kernel_memory()) return true;
    bytes = std::min(bytes, size_);
    Segment segment = current_;
    for (const Segment *next = more_.data();; segment = *next++) {
        size_t count = std::min(bytes, segment.size);
        mm::VirtAddr end = segment.address + count;
        for (mm::VirtAddr at = segment.address; at < end; at = at.page_down() + mm::PageSize) {
            if (!touch_user(at).ok()) return false;
        }
        bytes -= count;
        if (bytes == 0) return true;
    }
}

} // namespace kernel
