// What a program may do with its pages: PROT_READ, PROT_WRITE, PROT_EXEC of mmap(2).
#pragma once

namespace mm {

struct Protection {
    bool read = false;
    bool write = false;
    bool execute = false;

    // x86 cannot write or execute without reading: any permission makes the page readable (mmap(2), NOTES).
    constexpr bool none() const { return !read && !write && !execute; }
    constexpr bool operator==(const Protection &) const = default;
};

inline constexpr Protection NoAccess{};
inline constexpr Protection ReadOnly{.read = true};
inline constexpr Protection ReadWrite{.read = true, .write = true};
inline constexpr Protection ReadExecute{.read = true, .execute = true};

} // namespace mm
