// A pager in user space: it lets a program use more pages than it has in memory, by catching SIGSEGV.
//
// What a kernel does in a page fault is done here in a signal handler: which page is it, is there room, which
// one goes, bring the contents, allow the access, and let the instruction begin again. Everything that the
// handler calls may be called there (signal-safety(7)), and it allocates nothing.
#pragma once

#include <cstddef>
#include <cstdint>

namespace exhibit {

class Pager {
public:
    static constexpr std::size_t pages = 48; // that the program can use

    // Catches SIGSEGV from now on; at most `frames` of the pages are in memory at a time. Ends the program
    // when there is no memory. There is one at a time.
    explicit Pager(std::size_t frames);

    std::uintptr_t start() const { return start_; }
    std::uintptr_t page(std::size_t number) const;
    bool is_in_memory(std::size_t number) const { return in_memory_[number]; }

    struct Counts {
        std::size_t signals = 0;
        std::size_t written = 0; // to the store, because others needed the room
        std::size_t read = 0;    // from it
    };
    Counts counts() const { return counts_; }

    // What the last signal said (sigaction(2), siginfo_t; the error code is the processor's).
    struct Told {
        int code = 0;                     // si_code
        std::uintptr_t address = 0;       // si_addr
        std::uintptr_t instruction = 0;   // that will begin again
        unsigned long processor_code = 0; // SDM vol. 3A, 4.7: bit 0 present, 1 write, 2 user mode
    };
    Told told() const { return told_; }

private:
    friend struct PagerSignal;

    bool bring(std::uintptr_t address);
    void put_away(std::size_t number);

    std::uintptr_t start_, store_; // the pages, and the "disk" for those that are not there
    std::size_t frames_;
    bool in_memory_[pages] = {}, stored_[pages] = {};
    std::size_t queue_[pages] = {}; // those in memory: a ring, the oldest at oldest_
    std::size_t oldest_ = 0, used_ = 0;
    Counts counts_;
    Told told_;
};

} // namespace exhibit
