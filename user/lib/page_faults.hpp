// How many page faults this process has taken so far. Inline, and with a frame of its own that is small: it
// is asked from deep down a stack whose pages are being counted.
#pragma once

#include <cstddef>
#include <sys/resource.h>

namespace exhibit {

// Those that needed no reading from a disk ("minor", getrusage(2)): the only kind that touching memory gives.
inline std::size_t page_faults()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::size_t>(usage.ru_minflt);
}

} // namespace exhibit
