// Measuring. See measurement.hpp.
#include "user/speed/measurement.hpp"

#include "user/lib/address.hpp"
#include "user/lib/page_faults.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <sys/syscall.h>
#include <unistd.h>

namespace exhibit {

namespace {

// More than the 128 bytes below the stack pointer that a function may use as they are (x86-64 ABI, 3.2.2).
constexpr std::size_t block_size = 256;

// The compiler must believe that `pointer` and what is there are used.
void use(const void *pointer)
{
    asm volatile("" : : "r"(pointer) : "memory");
}

long nanoseconds()
{
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

} // namespace

[[gnu::noinline]] void do_nothing(std::uintptr_t)
{
    use(nullptr);
}

[[gnu::noinline]] void take_stack(std::uintptr_t)
{
    char block[block_size];
    use(block);
}

[[gnu::noinline]] void take_heap(std::uintptr_t)
{
    void *block = std::malloc(block_size);
    use(block);
    std::free(block);
}

[[gnu::noinline]] void ask_kernel(std::uintptr_t)
{
    syscall(SYS_getppid);
}

[[gnu::noinline]] void map_page(std::uintptr_t)
{
    void *page = mmap(nullptr, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) std::abort();
    munmap(page, page_size);
}

[[gnu::noinline]] void touch(std::uintptr_t page)
{
    byte_at(page) = 1;
}

void Measurement::measure_round(std::uintptr_t page)
{
    const std::size_t faults_before = page_faults();
    const long start = nanoseconds();
    for (std::size_t done = 0; done < count_; ++done, page += page_size) operation_(page);
    const long end = nanoseconds();
    faults_ += page_faults() - faults_before;
    each_[rounds_++] = (static_cast<Tenths>(end - start) * 10 + count_ / 2) / count_;
}

void Measurement::forget()
{
    rounds_ = 0;
    faults_ = 0;
}

void Measurement::sort()
{
    std::sort(each_, each_ + rounds_);
}

Tenths clock_cost()
{
    long each[101];
    for (long &one : each) {
        const long start = nanoseconds();
        one = nanoseconds() - start;
    }
    std::ranges::sort(each);
    return static_cast<Tenths>(each[50]) * 10;
}

} // namespace exhibit
