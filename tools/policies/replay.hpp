// Replay: a machine with room for some pages, and a program whose references are known. What is given up is
// chosen by the kernel's own code (mm/replacement); hardware is what tests/host/machine simulates.
#pragma once

#include "mm/replacement.hpp"
#include "tools/policies/trace.hpp"

#include <vector>

namespace policies {

struct Rules {
    mm::PolicyName policy = mm::PolicyName::Clock;
    uint32_t frames = 1;
    // Lru and Aging sample after so many references. 0: as in the kernel, whenever an eighth of the pages has
    // been given up.
    uint64_t sample_every = 0;
    // How many pages are given up when memory is full: one, or more, ahead of need, as a kernel with
    // watermarks does. At most `frames`.
    uint32_t at_once = 1;
    uint64_t seed = 1; // of Random
};

// Its frames come from the simulated machine's. Random chooses from all pages of that machine, so that it
// must have no others.
class Replay final : public mm::PageUse {
public:
    // `pages`: one more than the highest page that is referenced.
    Replay(uint32_t pages, const Rules &rules);
    ~Replay();
    Replay(const Replay &) = delete;
    Replay &operator=(const Replay &) = delete;

    // The program uses a page. True: it was a fault.
    bool reference(uint32_t page);
    bool holds(uint32_t page) const { return frame_of_[page] != mm::NoFrame; }
    // What went last in the last fault; NoPage when there was room.
    uint32_t victim() const { return victim_; }

    static constexpr uint32_t NoPage = UINT32_MAX;

private:
    bool test_and_clear(uint32_t frame) override;
    void load(uint32_t page);
    void give_up_one();

    Rules rules_;
    mm::PageRing ring_;
    mm::Replacement replacement_;
    mm::PhysAddr head_;
    std::vector<uint32_t> frame_of_; // by page
    std::vector<uint32_t> page_of_;  // by frame
    std::vector<uint8_t> used_;      // by frame: the Accessed bit
    uint32_t resident_ = 0;
    uint32_t victim_ = NoPage;
    uint64_t until_sampling_;
};

// How many faults the whole trace has, on a machine of its own.
uint64_t count_faults(const Trace &trace, const Rules &rules);

} // namespace policies
