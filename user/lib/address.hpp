// Addresses as numbers, and the few things an exhibit does to what is there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <sys/mman.h>

namespace exhibit {

inline constexpr std::uintptr_t page_size = 4096;

constexpr std::uintptr_t page_round_up(std::uintptr_t bytes)
{
    return (bytes + page_size - 1) & -page_size;
}

inline std::uintptr_t address_of(const volatile void *pointer)
{
    return reinterpret_cast<std::uintptr_t>(pointer);
}

inline void *pointer_to(std::uintptr_t address)
{
    return reinterpret_cast<void *>(address);
}

// Volatile: a byte is read or written to see what the kernel does, not for its value.
inline volatile char &byte_at(std::uintptr_t address)
{
    return *static_cast<volatile char *>(pointer_to(address));
}

// Linux may hand out 2 MiB at once where it can; an exhibit counts pages of 4 KiB. A kernel without huge
// pages may refuse this advice, and that is as good.
inline void use_small_pages(std::uintptr_t start, std::size_t bytes)
{
    madvise(pointer_to(start), bytes, MADV_NOHUGEPAGE);
}

} // namespace exhibit
