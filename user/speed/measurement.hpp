// Operations, and how long each of them takes: rounds of many operations between two readings of the clock.
#pragma once

#include <cstddef>
#include <cstdint>

namespace exhibit {

// What is measured. None is inlined, so that all are called alike; `page` is another one at each call.
void do_nothing(std::uintptr_t page);
void take_stack(std::uintptr_t page); // 256 bytes
void take_heap(std::uintptr_t page);  // malloc(256) and free
void ask_kernel(std::uintptr_t page); // getppid(2)
void map_page(std::uintptr_t page);   // mmap(2) and munmap(2) of one page
void touch(std::uintptr_t page);      // writes to it

using Tenths = std::uint64_t; // of a nanosecond

class Measurement {
public:
    static constexpr std::size_t most_rounds = 1000;

    // `count` operations in a round; those that want pages get so many different ones.
    constexpr Measurement(void (*operation)(std::uintptr_t page), std::size_t count)
        : operation_(operation), count_(count)
    {}
    void measure_round(std::uintptr_t page);
    void forget();

    // The time of one operation in the rounds measured, once they are sorted.
    void sort();
    Tenths lowest() const { return each_[0]; }
    Tenths median() const { return each_[rounds_ / 2]; }
    Tenths highest() const { return each_[rounds_ - 1]; }

    std::size_t count() const { return count_; }
    std::size_t operations() const { return count_ * rounds_; }
    std::size_t faults() const { return faults_; }

private:
    void (*operation_)(std::uintptr_t page);
    std::size_t count_;
    std::size_t faults_ = 0, rounds_ = 0;
    Tenths each_[most_rounds] = {};
};

// What reading the clock takes: the median of 101 times between two readings without anything between.
Tenths clock_cost();

} // namespace exhibit
