#include "kernel/trap/user_copy.hpp"

#include "kernel/trap/trap.hpp"

#include <algorithm>

namespace kernel {

// user_copy.asm
extern "C" size_t user_zero(void *to, size_t bytes);
extern "C" bool user_touch(void *at);
extern "C" int64_t user_string_copy(char *to, const char *from, size_t limit);

namespace {

// How many of the bytes lie in the user half.
size_t user_part(mm::VirtAddr address, size_t bytes)
{
    if (address >= mm::UserEnd) return 0;
    return std::min<size_t>(bytes, mm::UserEnd - address);
}

void *user_pointer(mm::VirtAddr address)
{
    return reinterpret_cast<void *>(address.value());
}

} // namespace

size_t copy_up_to_user_end(void *to, mm::VirtAddr from, size_t bytes)
{
    size_t allowed = user_part(from, bytes);
    if (allowed == 0) return bytes;
    return bytes - allowed + user_copy(to, user_pointer(from), allowed);
}

size_t copy_up_to_user_end(mm::VirtAddr to, const void *from, size_t bytes)
{
    size_t allowed = user_part(to, bytes);
    if (allowed == 0) return bytes;
    return bytes - allowed + user_copy(user_pointer(to), from, allowed);
}

size_t zero_user_partial(mm::VirtAddr to, size_t bytes)
{
    size_t allowed = user_part(to, bytes);
    if (allowed == 0) return bytes;
    return bytes - allowed + user_zero(user_pointer(to), allowed);
}

lib::Result<void> copy_from_user(void *to, mm::VirtAddr from, size_t bytes)
{
    if (!is_user_range(from, bytes) || user_copy(to, user_pointer(from), bytes) != 0)
        return lib::Errno::BadAddress;
    return {};
}

lib::Result<void> copy_to_user(mm::VirtAddr to, const void *from, size_t bytes)
{
    if (!is_user_range(to, bytes) || user_copy(user_pointer(to), from, bytes) != 0)
        return lib::Errno::BadAddress;
    return {};
}

lib::Result<void> zero_user(mm::VirtAddr to, size_t bytes)
{
    if (!is_user_range(to, bytes) || user_zero(user_pointer(to), bytes) != 0) return lib::Errno::BadAddress;
    return {};
}

lib::Result<void> touch_user(mm::VirtAddr at)
{
    if (!is_user_range(at, 1) || !user_touch(user_pointer(at))) return lib::Errno::BadAddress;
    return {};
}

lib::Result<size_t> copy_string_from_user(char *to, mm::VirtAddr from, size_t limit)
{
    size_t allowed = user_part(from, limit);
    int64_t length = user_string_copy(to, static_cast<const char *>(user_pointer(from)), allowed);
    if (length < 0) return lib::Errno::BadAddress;
    if (static_cast<size_t>(length) < allowed) return static_cast<size_t>(length);
    return allowed < limit ? lib::Errno::BadAddress : lib::Errno::NameTooLong;
}

} // namespace kernel
