// Remembering calls. See calls.hpp.
#include "user/lib/calls.hpp"

#include "user/lib/address.hpp"
#include "user/lib/page_faults.hpp"

namespace exhibit {

Call calls[most_calls];

namespace {

// Inline, all of these: a call would push over what is to be seen.
// The word at the frame pointer is the caller's, the one above it the return address (System V psABI, 3.2.2).
[[gnu::always_inline]] inline void remember_places(std::uintptr_t *places, volatile long &variable)
{
    places[1] = address_of(__builtin_frame_address(0)); // its use makes the compiler keep a frame pointer
    places[0] = places[1] + sizeof(std::uintptr_t);
    places[2] = address_of(&variable);
}

[[gnu::always_inline]] inline void look(NestedCalls &seen, NestedCalls::Moment moment)
{
    for (std::size_t word = 0; word < seen.word_count; ++word)
        seen.words[moment][word] = *static_cast<volatile std::uintptr_t *>(pointer_to(seen.places[word]));
}

[[gnu::noinline]] void inner(long value, NestedCalls &seen, NestedCalls::Moment moment)
{
    volatile long variable = value;
    remember_places(seen.places + seen.words_of_each, variable);
    look(seen, moment);
}

[[gnu::noinline]] void remember_call(std::size_t index, const void *frame)
{
    calls[index] = {address_of(frame), page_faults()};
}

} // namespace

[[gnu::noinline]] void outer(long value, NestedCalls &seen)
{
    volatile long variable = value;
    remember_places(seen.places, variable);
    inner(value + 1, seen, NestedCalls::in_first);
    look(seen, NestedCalls::between);
    inner(value + 2, seen, NestedCalls::in_second);
}

[[gnu::noinline]] void recurse(std::size_t index, std::size_t count, std::size_t bytes, void (*innermost)())
{
    auto *room = static_cast<volatile char *>(__builtin_alloca(bytes));
    for (std::size_t byte = 0; byte < bytes; ++byte) room[byte] = 1;
    remember_call(index, __builtin_frame_address(0));
    if (index + 1 < count)
        recurse(index + 1, count, bytes, innermost);
    else
        innermost();
    room[0] = 0; // the room is in use until here: this is no tail call
}

} // namespace exhibit
