// Numbers from the command line, and sizes as people write them.
#pragma once

#include <cstdint>

namespace exhibit {

// argv[index] as a number between `least` and `most`, or `otherwise` if it is not given. Anything else prints
// `usage`, translated, on standard error and ends the program with status 2.
std::uint64_t number_argument(int argc, char **argv, int index, std::uint64_t otherwise, std::uint64_t least,
                              std::uint64_t most, const char *usage);

// "132 KiB", "41.9 TiB": in the largest unit that leaves at least 1, with a decimal when it does not come out
// even.
struct NumberText {
    char text[32];
};
NumberText size_text(std::uint64_t bytes);

// "67,109,924".
NumberText grouped(std::uint64_t number);

} // namespace exhibit
