// Two processes that wait for memory, as the event log tells it: who got it first when both stood in the
// line.
#pragma once

#include "user/priority/event_log.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <sys/types.h>
#include <vector>

namespace exhibit {

class Contest {
public:
    using Two = std::array<pid_t, 2>;
    explicit Contest(const Two &processes) : processes_(processes) {}

    // The next event of the log. After a gap it is not known who stands in the line: both are taken for gone.
    void add(const MemoryEvent &event);

    struct Outcome {
        std::size_t first = 0;    // of those times that both stood in the line, it got memory first
        std::size_t overtook = 0; // and in these it had come later than the other
        std::size_t loaded = 0;   // and in these it loaded pages from the disk with that memory
    };
    Outcome of(std::size_t which) const { return sides_[which].outcome; }
    // How often both stood in the line when one got memory.
    std::size_t both_waited() const { return sides_[0].outcome.first + sides_[1].outcome.first; }
    // Events that the kernel had forgotten before they were read.
    std::size_t missed() const { return missed_; }

    // Lines of the log about the two, from when one came into the line until both were out of it: rather a
    // time when one overtook the other, and loaded pages. Empty: they never met there.
    const std::vector<std::string> &example() const { return example_.lines; }

private:
    struct Side {
        std::size_t came = 0; // the event with which it came into the line; 0: it is not there
        bool was_first = false, got_memory = false; // with its last event
        Outcome outcome;
    };
    struct Scene {
        std::vector<std::string> lines; // since somebody came into the empty line
        bool has_both = false, has_overtaking = false, has_loading = false;

        int worth() const { return 2 * has_overtaking + has_loading; }
    };

    void came(std::size_t which, const MemoryEvent &event);
    void got(std::size_t which, const MemoryEvent &event);
    void loads(std::size_t which, const MemoryEvent &event);
    void end_scene();

    Two processes_;
    std::array<Side, 2> sides_;
    std::size_t last_ = 0, missed_ = 0;
    Scene scene_, example_;
};

} // namespace exhibit
