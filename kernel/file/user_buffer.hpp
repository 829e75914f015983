// UserBuffer: the program's memory that a call reads into or writes from: one stretch, or several (readv(2)).
// It is used up from the front, and whoever uses it sees one row of bytes. Or memory of the kernel, when one
// file is copied to another (sendfile(2)).
#pragma once

#include "kernel/trap/user_copy.hpp"
#include "lib/result.hpp"

#include <cstddef>
#include <span>

namespace kernel {

class UserBuffer {
public:
    // struct iovec.
    struct Segment {
        mm::VirtAddr address;
        size_t size = 0;
    };

    UserBuffer(mm::VirtAddr address, size_t size) : own_{address, size}, segments_(&own_, 1), size_(size) {}
    // The segments must stay as long as the buffer; `size` is their sum, or less.
    UserBuffer(std::span<const Segment> segments, size_t size) : segments_(segments), size_(size)
    {
        skip_used_segments();
    }
    // Memory of the kernel.
    explicit UserBuffer(std::span<std::byte> memory)
        : own_{{}, memory.size()}, segments_(&own_, 1), size_(memory.size()), kernel_memory_(memory.data())
    {}
    UserBuffer(const UserBuffer &) = delete;
    UserBuffer &operator=(const UserBuffer &) = delete;

    // Bytes not used yet.
    size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    bool is_kernel_memory() const { return kernel_memory_ != nullptr; }
    // Where the next byte of a program's memory is, and how many follow each other from there. Not when
    // empty.
    mm::VirtAddr address() const { return segments_.front().address + used_; }
    size_t contiguous() const
    {
        size_t rest = segments_.front().size - used_;
        return rest < size_ ? rest : size_;
    }
    // Whether all stretches begin and end where none of the bits of `mask` is set.
    bool is_aligned(uint64_t mask) const;
    // Whether all of it can be a program's memory, mapped or not.
    bool is_in_user_half() const;
    // At most so many from now on.
    void limit(size_t bytes)
    {
        if (bytes < size_) size_ = bytes;
    }

    // Each moves up to `bytes` bytes, as many as are left here and the memory allows, and returns how many:
    // fewer than asked and left means that the memory could not be touched.
    size_t store(const void *from, size_t bytes);
    size_t store_zeros(size_t bytes);
    size_t load(void *to, size_t bytes);
    void skip(size_t bytes);

    // Whether the next `bytes` bytes can be stored. Each page is touched to find out.
    bool can_store(size_t bytes) const;

private:
    // While bytes are left, the first segment has one of them.
    void skip_used_segments()
    {
        while (size_ != 0 && used_ == segments_.front().size) {
            segments_ = segments_.subspan(1);
            used_ = 0;
        }
    }
    template <typename Copy> size_t for_each_piece(size_t bytes, Copy &&copy);
    std::byte *take_kernel_memory(size_t &bytes);

    Segment own_;
    std::span<const Segment> segments_;
    size_t used_ = 0; // of the first segment
    size_t size_;
    std::byte *kernel_memory_ = nullptr; // its beginning
};

// What a read or write answers that moved `done` bytes and then met memory that cannot be touched, or the
// end.
inline lib::Result<size_t> done_or_fault(size_t done, bool fault)
{
    if (done == 0 && fault) return lib::Errno::BadAddress;
    return done;
}

// Stores all of `bytes` that there is room for. BadAddress when not even one could be.
inline lib::Result<size_t> store_or_fault(UserBuffer &to, const void *from, size_t bytes)
{
    size_t wanted = bytes < to.size() ? bytes : to.size();
    return done_or_fault(to.store(from, wanted), wanted != 0);
}

} // namespace kernel
