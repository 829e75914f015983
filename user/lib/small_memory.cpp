// Locking memory. See small_memory.hpp.
#include "user/lib/small_memory.hpp"

#include "user/lib/number.hpp"
#include "user/lib/processes.hpp"
#include "user/lib/translation.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

namespace exhibit {

namespace text {
constexpr char no_swap[] = N_("There is no swap here. A machine that has some: make run EXHIBIT=%s\n");
constexpr char too_large[] = N_("Of the %s of memory here nearly all would have to be locked.\n"
                                "A small machine: make run EXHIBIT=%s\n");
constexpr char too_little[] = N_("%s of swap are free, and %zu times the memory are %s.\n"
                                 "Enough for that: make run EXHIBIT=%s SWAP=%zu\n");
constexpr char all_of_it[] = N_("The machine has %s of memory.\n");
constexpr char holds[] = N_("Process %d locks %s of the %s of memory (mlock): %s are left.\n");
constexpr char failed[] = N_("%s: mlock of %s: %s\n");
} // namespace text

namespace {

constexpr std::size_t largest_machine_kib = 1 << 20;

NumberText size_of(std::size_t kib)
{
    return size_text(kib * 1024);
}

void lock_memory(std::size_t kib, const char *exhibit)
{
    void *where = mmap(nullptr, kib * 1024, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (where != MAP_FAILED && mlock(where, kib * 1024) == 0) return;
    std::fprintf(stderr, translated(text::failed), exhibit, size_of(kib).text, std::strerror(errno));
    std::exit(1);
}

} // namespace

bool leave_little_memory(Block &block, const SmallMemory &wanted)
{
    const std::size_t all = meminfo_kib("MemTotal"), swap = meminfo_kib("SwapFree");
    const std::size_t left = std::min(wanted.left_kib, all), needed = wanted.times * left;
    if (meminfo_kib("SwapTotal") == 0) {
        block.add(text::no_swap, wanted.exhibit);
    } else if (all > largest_machine_kib) {
        block.add(text::too_large, size_of(all).text, wanted.exhibit);
    } else if (swap < needed) {
        block.add(text::too_little, size_of(swap).text, wanted.times, size_of(needed).text, wanted.exhibit,
                  needed / 1024 + 1);
    } else if (left == all) {
        block.add(text::all_of_it, size_of(all).text);
        return true;
    } else {
        lock_memory(all - left, wanted.exhibit);
        block.add(text::holds, getpid(), size_of(all - left).text, size_of(all).text, size_of(left).text);
        return true;
    }
    return false;
}

std::size_t memory_left_kib(pid_t holder)
{
    return meminfo_kib("MemTotal") - paging_of(holder).locked_kib;
}

} // namespace exhibit
