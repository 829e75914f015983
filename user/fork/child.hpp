// The other one of two processes: a child of fork(2) that does what its parent tells it, one thing at a time,
// and says what it took.
#pragma once

#include <cstddef>
#include <cstdint>
#include <sys/types.h>

namespace exhibit {

// Pages with contents by which they are known again (pattern.hpp), each with a seed of its own.
struct PageRange {
    std::uintptr_t start = 0;
    std::size_t pages = 0;

    void write(std::uint64_t seed) const;
    bool holds(std::uint64_t seed) const;
    PageRange first(std::size_t count) const { return {start, count}; }
};

class Child {
public:
    Child(); // fork(2); ends the program when there can be no child
    ~Child() { end(); }
    Child(const Child &) = delete;
    Child &operator=(const Child &) = delete;

    pid_t pid() const { return pid_; }
    double fork_microseconds() const { return microseconds_; }

    struct Answer {
        std::size_t faults = 0; // page faults it took
        bool right = false;     // what was to be there was there; false also when the child is there no more
    };
    Answer check(PageRange range, std::uint64_t seed);
    Answer write(PageRange range, std::uint64_t seed);
    // It ends, and has been waited for.
    void end();

private:
    struct Order {
        enum class What : std::uint64_t { check, write } what;
        PageRange range;
        std::uint64_t seed;
    };
    [[noreturn]] void obey() const;
    Answer ask(const Order &order) const;

    pid_t pid_ = 0;
    int orders_[2], answers_[2]; // pipes: read here, write there
    double microseconds_ = 0;
};

// The same in this process.
Child::Answer write_here(PageRange range, std::uint64_t seed);

} // namespace exhibit
