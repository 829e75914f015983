// Two processes that wait for memory, as the event log tells it: who got it first when both stood in the line, and
// how much each had loaded from the disk when the first of them had all.
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

    // The next event of the log. One whose predecessor is missing begins anew: who stood in the line is not known.
    void add(const MemoryEvent &event);

    struct Outcome {
        std::size_t first = 0;    // of those times that both stood in the line, it got memory first
        std::size_t overtook = 0; // and in these it had come later than the other
        std::size_t loaded = 0;   // pages, until one of the two had loaded its last one
    };
    Outcome of(std::size_t which) const;

    // Lines of the log, from when one came into the line until both were out of it: a time when one overtook the
    // other, if there was one. Empty: they never met there.
    const std::vector<std::string> &example() const { return example_.lines; }

private:
    struct Side {
        std::size_t came = 0; // the event with which it came into the line; 0: it is not there
        std::size_t first = 0, overtook = 0;
    };
    struct Load {
        std::size_t which, pages;
    };
    struct Scene {
        std::vector<std::string> lines; // since somebody came into the empty line
        bool has_both = false, has_overtaking = false;
    };

    void came(std::size_t which, const MemoryEvent &event);
    void got(std::size_t which, const MemoryEvent &event);

    Two processes_;
    std::array<Side, 2> sides_;
    std::vector<Load> loads_;
    std::size_t last_ = 0;
    Scene scene_, example_;
};

} // namespace exhibit
