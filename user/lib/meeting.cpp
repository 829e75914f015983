// Meeting through /proc. See meeting.hpp.
#include "user/lib/meeting.hpp"

#include "user/lib/processes.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sched.h>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace exhibit {

namespace {

// How far a process is: 0 if it has not said so yet, or has ended.
int place_of(pid_t pid)
{
    const std::string name = name_of(pid);
    const std::size_t colon = name.find(':');
    return colon == std::string::npos ? 0 : std::atoi(name.c_str() + colon + 1);
}

void say_place(int place)
{
    char name[16]; // Linux cuts longer ones (TASK_COMM_LEN)
    std::snprintf(name, sizeof name, "%.12s:%d", program_invocation_short_name, place);
    prctl(PR_SET_NAME, name);
}

} // namespace

Meeting::~Meeting()
{
    while (children_ > 0 && wait(nullptr) > 0) --children_;
}

std::size_t Meeting::bring_others(std::size_t count)
{
    const std::vector<pid_t> all = processes();
    const auto ours = std::ranges::count_if(all, [&](pid_t pid) { return is_here(pid); });
    if (ours > 1) return 0;
    expected_ = count;
    while (children_ + 1 < count) {
        const pid_t child = fork();
        if (child < 0) {
            std::perror("fork");
            std::exit(1);
        }
        ++children_;
        if (child == 0) return std::exchange(children_, 0);
    }
    return 0;
}

bool Meeting::is_first() const
{
    return members_.empty() || members_.front() == getpid();
}

bool Meeting::is_here(pid_t member) const
{
    static const std::string ours = program_of(getpid());
    return program_of(member) == ours;
}

bool Meeting::has_come(pid_t member, int place) const
{
    return place_of(member) >= place || !is_here(member);
}

bool Meeting::reach(int place)
{
    say_place(place);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds_);
    for (;;) {
        if (place == 1) {
            members_ = processes();
            std::erase_if(members_, [&](pid_t pid) { return !is_here(pid); });
            const bool all_came = std::ranges::all_of(members_, [](pid_t pid) { return place_of(pid) >= 1; });
            if (all_came && members_.size() >= expected_) return true;
        } else if (std::ranges::all_of(members_, [&](pid_t pid) { return has_come(pid, place); })) {
            return true;
        }
        if (std::chrono::steady_clock::now() >= end) {
            if (place == 1) std::erase_if(members_, [](pid_t pid) { return place_of(pid) < 1; });
            return false;
        }
        sched_yield();
    }
}

} // namespace exhibit
