// UserBuffer: a stretch of a program's memory that a file is read into or written from.
#pragma once

#include "kernel/trap/user_copy.hpp"
#include "lib/result.hpp"

#include <cstddef>

namespace kernel {

class UserBuffer {
public:
    UserBuffer() = default;
    UserBuffer(mm::VirtAddr address, size_t size) : address_(address), size_(size) {}

    mm::VirtAddr address() const { return address_; }
    size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    // The part that begins `bytes` further on.
    UserBuffer after(size_t bytes) const { return {address_ + bytes, size_ - bytes}; }

    // Copies as much as both sides have and the memory allows. BadAddress when that is nothing.
    lib::Result<size_t> store(const void *from, size_t bytes) const
    {
        if (bytes > size_) bytes = size_;
        size_t missing = copy_to_user_partial(address_, from, bytes);
        if (missing == bytes && bytes != 0) return lib::Errno::BadAddress;
        return bytes - missing;
    }

private:
    mm::VirtAddr address_;
    size_t size_ = 0;
};

} // namespace kernel
