// Contents by which a page is known again, byte by byte.
#pragma once

#include "user/lib/address.hpp"

#include <cstdint>

namespace exhibit {

// Eight bytes of it. Two seeds have no word in common at the same place, and no two places have the same
// word.
constexpr std::uint64_t pattern_word(std::uint64_t seed, std::size_t index)
{
    return seed * 0x9e3779b97f4a7c15 + index * 0xd1342543de82ef95;
}

inline constexpr std::size_t words_per_page = page_size / sizeof(std::uint64_t);

inline void fill_page(std::uintptr_t page, std::uint64_t seed)
{
    auto *words = static_cast<std::uint64_t *>(pointer_to(page));
    for (std::size_t index = 0; index < words_per_page; ++index) words[index] = pattern_word(seed, index);
}

// Whether each of its bytes is what fill_page() wrote.
inline bool page_holds(std::uintptr_t page, std::uint64_t seed)
{
    const auto *words = static_cast<const std::uint64_t *>(pointer_to(page));
    std::uint64_t difference = 0;
    for (std::size_t index = 0; index < words_per_page; ++index)
        difference |= words[index] ^ pattern_word(seed, index);
    return difference == 0;
}

} // namespace exhibit
