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

    UserBuffer(mm::VirtAddr address, size_t size) : current_{address, size}, size_(size) {}
    // The segments must stay as long as the buffer; `size` is their sum, or less.
    UserBuffer(std::span<const Segment> segments, size_t size) : more_(segments), size_(size)
    {
        if (size_ != 0) next_segment();
    }
    // Memory of the kernel. No stretch of a program's memory: whatever moves bytes goes the longer way.
    explicit UserBuffer(std::span<std::byte> memory) : size_(memory.size()), kernel_memory_(memory.data()) {}
    UserBuffer(const UserBuffer &) = delete;
    UserBuffer &operator=(const UserBuffer &) = delete;

    // Bytes not used yet.
    size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    bool is_kernel_memory() const { return kernel_memory_ != nullptr; }
    // Where the next byte of a program's memory is, and how many follow each other from there. Not when
    // empty.
    mm::VirtAddr address() const { return current_.address; }
    size_t contiguous() const { return current_.size < size_ ? current_.size : size_; }
    // Whether all stretches that are left begin and end where none of the bits of `mask` is set.
    bool is_aligned(uint64_t mask) const;
    // Whether all of it can be a program's memory, mapped or not.
    bool is_in_user_half() const
    {
        if (!is_user_range(current_.address, current_.size)) return false;
        return more_.empty() || rest_is_in_user_half();
    }
    // At most so many from now on.
    void limit(size_t bytes)
    {
        if (bytes < size_) [[unlikely]]
            size_ = bytes;
    }

    // Each moves up to `bytes` bytes, as many as are left here and the memory allows, and returns how many:
    // fewer than asked and left means that the memory could not be touched.
    size_t store(const void *from, size_t bytes)
    {
        if (bytes > size_ || bytes > current_.size) [[unlikely]]
            return store_pieces(from, bytes);
        return use(bytes - copy_to_user_partial(current_.address, from, bytes));
    }
    size_t load(void *to, size_t bytes)
    {
        if (bytes > size_ || bytes > current_.size) [[unlikely]]
            return load_pieces(to, bytes);
        return use(bytes - copy_from_user_partial(to, current_.address, bytes));
    }
    size_t store_zeros(size_t bytes);
    void skip(size_t bytes);

    // Whether the next `bytes` bytes can be stored. Each page is touched to find out.
    bool can_store(size_t bytes) const;

private:
    // While bytes are left, there is one of them in the current stretch.
    size_t use(size_t bytes)
    {
        current_.address = current_.address + bytes;
        current_.size -= bytes;
        size_ -= bytes;
        if (current_.size == 0 && size_ != 0) next_segment();
        return bytes;
    }
    void next_segment();
    bool rest_is_in_user_half() const;
    size_t store_pieces(const void *from, size_t bytes);
    size_t load_pieces(void *to, size_t bytes);
    template <typename Copy> size_t for_each_piece(size_t bytes, Copy &&copy);
    std::byte *take_kernel_memory(size_t &bytes);

    Segment current_; // what is left of the stretch that is being used
    std::span<const Segment> more_;
    size_t size_;
    std::byte *kernel_memory_ = nullptr; // what is left of it
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
