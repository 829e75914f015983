// Where the pages of several processes are, and who waits: looked up in /proc, drawn now and then.
#pragma once

#include "user/lib/block.hpp"
#include "user/lib/processes.hpp"

#include <chrono>
#include <vector>

namespace exhibit {

class Observer {
public:
    // Time counts from here on. `pages`: what each of the processes has to write to.
    Observer(const std::vector<pid_t> &members, std::size_t pages);

    // Looks who waits at this moment.
    void look();
    // A picture of this moment; looks are counted since the last one.
    void draw(Block &block, const char *title);

private:
    void draw_line(Block &block, std::size_t member);

    struct Looks {
        std::size_t all = 0, waiting = 0;
    };
    std::vector<pid_t> members_;
    std::size_t pages_;
    std::vector<Looks> looks_;
    PagesMoved before_;
    std::chrono::steady_clock::time_point start_;
};

} // namespace exhibit
