// Calls that remember where the processor put what belongs to them: for looking at the stack from outside.
// None of this allocates.
#pragma once

#include <cstddef>
#include <cstdint>

namespace exhibit {

// outer(v) calls inner(v + 1), which returns, then inner(v + 2). Each call leaves three words on the stack:
// the address to return to, its caller's rbp, and its own variable; first outer()'s three, then inner()'s.
struct NestedCalls {
    static constexpr std::size_t words_of_each = 3, word_count = 2 * words_of_each;
    enum Moment { in_first, between, in_second, moment_count };

    std::uintptr_t places[word_count];
    std::uintptr_t words[moment_count][word_count]; // what was at those places then
};
void outer(long value, NestedCalls &seen);

// What the calls of recurse() have told: where their frames are, and the page faults of the process by then.
struct Call {
    std::uintptr_t frame;
    std::size_t faults;
};
inline constexpr std::size_t most_calls = 1000;
extern Call calls[most_calls];

// Call number `index` (from 0) up to number `count` - 1, one inside the other. Each has `bytes` bytes of its
// own and writes to them all; the innermost one calls `innermost`.
void recurse(std::size_t index, std::size_t count, std::size_t bytes, void (*innermost)());

} // namespace exhibit
