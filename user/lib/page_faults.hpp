// How many page faults this process has taken so far. Inline, and with a frame of its own that is small: it
// is asked from deep down a stack whose pages are being counted.
#pragma once

#include <cstddef>
#include <sys/resource.h>

namespace exhibit {

// Minor and major ones (getrusage(2)). Touching memory gives minor ones; but Linux counts a fault that had to
// wait for a page of the program's file, read or written at that moment, as a major one.
inline std::size_t page_faults()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::size_t>(usage.ru_minflt + usage.ru_majflt);
}

} // namespace exhibit
