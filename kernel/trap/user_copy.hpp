// Copying between the kernel and user memory: the only functions that touch addresses given by a program.
//
// Every one checks the range (below mm::UserEnd, no overflow) and survives a fault at any byte: page_fault()
// first tries to make the page present, as for the program's own access; only when that fails does the copy
// stop. SMAP is opened (STAC) only inside. Kernel buffers may have any alignment.
//
// Each may sleep, when a page must come from disk or memory is short. So the caller holds no lock, and what
// it knew about anything that others can change or end must be looked up again afterwards
// (docs/architecture.md, "What may sleep").
#pragma once

#include "lib/result.hpp"
#include "mm/address.hpp"

#include <cstddef>
#include <type_traits>

namespace kernel {

// All or an error: BadAddress. What was copied before the fault stays copied.
lib::Result<void> copy_from_user(void *to, mm::VirtAddr from, size_t bytes);
lib::Result<void> copy_to_user(mm::VirtAddr to, const void *from, size_t bytes);
lib::Result<void> zero_user(mm::VirtAddr to, size_t bytes);

// The number of bytes NOT copied: 0 is success. For calls that report partial success (read, write). A range
// that leaves the user half is copied up to its end.
size_t copy_from_user_partial(void *to, mm::VirtAddr from, size_t bytes);
size_t copy_to_user_partial(mm::VirtAddr to, const void *from, size_t bytes);
size_t zero_user_partial(mm::VirtAddr to, size_t bytes);

// Whether the page can be written, and it is present, its own and dirty afterwards; what it contains stays,
// also when others write to it at the same time.
lib::Result<void> touch_user(mm::VirtAddr at);

// A string with its final zero into `to`, which has room for `limit` bytes. The length without the zero;
// NameTooLong when there is no zero within `limit` bytes, BadAddress when it cannot be read.
lib::Result<size_t> copy_string_from_user(char *to, mm::VirtAddr from, size_t limit);

// Whether [address, address + bytes) lies in the user half. Says nothing about what is mapped.
constexpr bool is_user_range(mm::VirtAddr address, size_t bytes)
{
    return bytes <= mm::UserEnd.value() && address.value() <= mm::UserEnd.value() - bytes;
}

template <typename T>
requires std::is_trivially_copyable_v<T> lib::Result<T> read_user(mm::VirtAddr from)
{
    T value{};
    if (auto copied = copy_from_user(&value, from, sizeof value); !copied.ok()) return copied.error();
    return value;
}

// By value: what others may change while this sleeps arrives as it was.
template <typename T>
requires std::is_trivially_copyable_v<T> lib::Result<void> write_user(mm::VirtAddr to, T value)
{
    return copy_to_user(to, &value, sizeof value);
}

// ---- What every read and write does, in line.

// user_copy.asm; behind a check of the range.
extern "C" size_t user_copy(void *to, const void *from, size_t bytes);
// Where the range leaves the user half.
size_t copy_up_to_user_end(void *to, mm::VirtAddr from, size_t bytes);
size_t copy_up_to_user_end(mm::VirtAddr to, const void *from, size_t bytes);

inline size_t copy_from_user_partial(void *to, mm::VirtAddr from, size_t bytes)
{
    if (!is_user_range(from, bytes)) [[unlikely]]
        return copy_up_to_user_end(to, from, bytes);
    return user_copy(to, reinterpret_cast<const void *>(from.value()), bytes);
}

inline size_t copy_to_user_partial(mm::VirtAddr to, const void *from, size_t bytes)
{
    if (!is_user_range(to, bytes)) [[unlikely]]
        return copy_up_to_user_end(to, from, bytes);
    return user_copy(reinterpret_cast<void *>(to.value()), from, bytes);
}

} // namespace kernel
