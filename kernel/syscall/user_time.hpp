// Times as programs write them: struct timespec and struct timeval.
#pragma once

#include <cstdint>

namespace kernel {

inline constexpr uint64_t NanosecondsPerSecond = 1'000'000'000;

struct UserTimespec {
    int64_t seconds = 0;
    int64_t nanoseconds = 0;

    static constexpr UserTimespec of(uint64_t nanoseconds)
    {
        return {static_cast<int64_t>(nanoseconds / NanosecondsPerSecond),
                static_cast<int64_t>(nanoseconds % NanosecondsPerSecond)};
    }
    constexpr bool is_valid() const
    {
        return seconds >= 0 && nanoseconds >= 0 && nanoseconds < static_cast<int64_t>(NanosecondsPerSecond);
    }
    // Only when valid. What does not fit is as long as can be said, some 584 years.
    constexpr uint64_t to_nanoseconds() const
    {
        uint64_t result;
        if (__builtin_mul_overflow(static_cast<uint64_t>(seconds), NanosecondsPerSecond, &result) ||
            __builtin_add_overflow(result, static_cast<uint64_t>(nanoseconds), &result))
            return UINT64_MAX;
        return result;
    }
};

struct UserTimeval {
    int64_t seconds = 0;
    int64_t microseconds = 0;

    static constexpr UserTimeval of(uint64_t nanoseconds)
    {
        return {static_cast<int64_t>(nanoseconds / NanosecondsPerSecond),
                static_cast<int64_t>(nanoseconds % NanosecondsPerSecond / 1000)};
    }
    // As select(2) reads it: more than a second of microseconds is as good as any time.
    constexpr bool is_valid() const { return seconds >= 0 && microseconds >= 0; }
    constexpr uint64_t to_nanoseconds() const
    {
        auto whole = static_cast<uint64_t>(microseconds) / 1'000'000;
        auto part = static_cast<int64_t>(static_cast<uint64_t>(microseconds) % 1'000'000 * 1000);
        UserTimespec time{static_cast<int64_t>(static_cast<uint64_t>(seconds) + whole), part};
        return time.seconds < seconds ? UINT64_MAX : time.to_nanoseconds();
    }
};

} // namespace kernel
