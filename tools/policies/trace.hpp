// A trace of page references: what a program used, in order. Read from text; docs/replacement.md says how it
// is written.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace policies {

struct Trace {
    // From this reference on it is so many nanoseconds after the start.
    struct Time {
        size_t reference;
        uint64_t nanoseconds;
    };

    // Pages, numbered from 0 in the order of their first use: what they are called in the file does not
    // matter to any policy.
    std::vector<uint32_t> references;
    uint32_t pages = 0;      // different ones
    std::vector<Time> times; // ascending; empty when the file does not say
};

inline constexpr size_t MostReferences = 100'000'000;
inline constexpr uint64_t LastPage = (uint64_t{1} << 52) - 1; // of a 64-bit address space

// A sentence without the file's name: "line 3: …".
struct TraceError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Throws TraceError when the text is no trace, or one without a reference.
Trace parse_trace(std::string_view text);
// The same for a file's contents, at most 1 GiB.
Trace read_trace(const std::string &path);

} // namespace policies
