// Locking memory. See small_memory.hpp.
#include "user/lib/small_memory.hpp"

#include "user/lib/number.hpp"
#include "user/lib/processes.hpp"
#include "user/lib/translation.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

namespace exhibit {

std::size_t memory_left_kib(int holder)
{
    return meminfo_kib("MemTotal") - paging_of(holder).locked_kib;
}

std::size_t leave_memory(std::size_t left_kib, const char *name)
{
    const std::size_t all_kib = meminfo_kib("MemTotal");
    if (all_kib <= left_kib) return 0;
    const std::size_t bytes = (all_kib - left_kib) * 1024;
    void *where = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (where == MAP_FAILED || mlock(where, bytes) != 0) {
        std::fprintf(stderr, translated(N_("%s: mlock of %s: %s\n")), name, size_text(bytes).text,
                     std::strerror(errno));
        std::exit(1);
    }
    return bytes / 1024;
}

} // namespace exhibit
