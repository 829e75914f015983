// Processes of one program that meet: each waits until the others have come as far as it has.
//
// They share no memory and no file. What each of them shows to all is its entry in /proc: exe tells who runs
// the same program, and comm, the name that prctl(PR_SET_NAME) sets, tells how far it is ("demand:2").
#pragma once

#include <cstddef>
#include <sys/types.h>
#include <vector>

namespace exhibit {

class Meeting {
public:
    // Among `expected` processes, this one included; 0: those that are there when the first place is reached.
    // Nobody is waited for longer than `seconds`.
    explicit Meeting(std::size_t expected, unsigned seconds = 10) : expected_(expected), seconds_(seconds) {}
    // Waits for those that bring_others() made.
    ~Meeting();
    Meeting(const Meeting &) = delete;
    Meeting &operator=(const Meeting &) = delete;

    // Where nobody else runs this program, forks until there are `count` of it, who go on behind this call as
    // this process does. Which of them this is: 0 for the one that was there first. Ends the program when
    // there can be no more processes.
    std::size_t bring_others(std::size_t count);

    // Says that this process has reached `place` (1, 2, 3 in turn), and waits until all others have, or have
    // ended. False: somebody has not come in time. At place 1 it is settled who the others are.
    bool reach(int place);

    // Whether a member has reached a place after the first, or has ended: for who has something to do until
    // then.
    bool has_come(pid_t member, int place) const;
    // Whether a member is still there: it may have ended on the way.
    bool is_here(pid_t member) const;

    // All that met at place 1, this process among them, by rising id.
    const std::vector<pid_t> &members() const { return members_; }
    std::size_t expected() const { return expected_; }
    bool alone() const { return members_.size() <= 1; }
    bool is_first() const;

private:
    std::size_t expected_;
    unsigned seconds_;
    std::size_t children_ = 0;
    std::vector<pid_t> members_;
};

} // namespace exhibit
