// Threads that need a frame and there is none: they stand in line, the most urgent first.
#pragma once

#include "lib/intrusive_list.hpp"
#include "mm/waiting.hpp"

namespace mm {

// The current thread's place in the line, while it exists.
class MemoryWait {
public:
    MemoryWait();
    // Whoever is first then is woken.
    ~MemoryWait();
    MemoryWait(const MemoryWait &) = delete;
    MemoryWait &operator=(const MemoryWait &) = delete;

    // Whether nobody in the line is more urgent, nor as urgent and longer there.
    bool is_first() const;
    // Sleeps until woken; then look again.
    void sleep();

private:
    friend struct MemoryLine;

    lib::ListNode node_;
    waiting::Thread thread_;
};

// Frames have become free, or may soon: the first in the line looks again.
void wake_memory_waiters();

// Host tests: forgets the line.
void reset_memory_waits();

} // namespace mm
