// sigaltstack(2): where handlers run that ask for it.
#pragma once

#include "lib/result.hpp"
#include "mm/address.hpp"

#include <cstdint>

namespace kernel {

// struct stack_t.
struct UserStack {
    uint64_t begin = 0;
    int32_t flags = 0;
    int32_t padding = 0;
    uint64_t size = 0;
};
static_assert(sizeof(UserStack) == 24);

class AlternateStack {
public:
    // Whether a stack pointer is on it. On one that disarms itself it never is: it is none's as soon as a
    // handler runs there.
    bool is_in_use(uint64_t pointer) const { return !disarms_itself() && contains(pointer); }
    bool contains(uint64_t pointer) const { return pointer > begin_ && pointer - begin_ <= size_; }
    bool exists() const { return size_ != 0; }
    uint64_t top() const { return begin_ + size_; }
    bool disarms_itself() const { return (flags_ & AutoDisarm) != 0; }

    // What sigaltstack(2) says of it to a program with this stack pointer; and what a signal frame keeps.
    UserStack told_at(uint64_t pointer) const
    {
        uint32_t state = !exists() ? Disabled : is_in_use(pointer) ? OnStack : 0;
        return {begin_, static_cast<int32_t>(state | (flags_ & AutoDisarm)), 0, size_};
    }
    UserStack kept() const { return {begin_, static_cast<int32_t>(flags_), 0, size_}; }

    // NotPermitted while it is in use, Invalid for unknown flags, NoMemory for a stack that is too small.
    lib::Result<void> set(const UserStack &wanted, uint64_t pointer)
    {
        if (is_in_use(pointer)) return lib::Errno::NotPermitted;
        auto flags = static_cast<uint32_t>(wanted.flags);
        uint32_t mode = flags & ~AutoDisarm;
        if (mode != 0 && mode != OnStack && mode != Disabled) return lib::Errno::Invalid;
        if (mode != Disabled && wanted.size < MinimumSize) return lib::Errno::NoMemory;
        begin_ = mode == Disabled ? 0 : wanted.begin;
        size_ = mode == Disabled ? 0 : wanted.size;
        flags_ = flags;
        return {};
    }

private:
    static constexpr uint32_t OnStack = 1, Disabled = 2, AutoDisarm = 1u << 31; // SS_…
    static constexpr uint64_t MinimumSize = 2048;                               // MINSIGSTKSZ

    uint64_t begin_ = 0;
    uint64_t size_ = 0;
    uint32_t flags_ = Disabled;
};

} // namespace kernel
