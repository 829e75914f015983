// How the whole run goes: whether the programs that the options name end as they should, whether the next of
// them is started, and which status the launcher is told.
#pragma once

#include "kernel/options.hpp"
#include "kernel/process/process.hpp"

namespace kernel {

class Course {
public:
    // Room to remember that many programs running at the same time.
    explicit Course(size_t programs);
    ~Course();
    Course(const Course &) = delete;
    Course &operator=(const Course &) = delete;

    void started(const ProgramOption &program, Pid pid) { running_[running_count_++] = {&program, pid}; }
    void cannot_start(const ProgramOption &program);
    // True when it was one of them, and not a child that one of them has left behind.
    bool ended(Pid pid, ExitStatus status);
    // Whether some program that an option names has not ended yet.
    bool is_one_running() const { return running_count_ != 0; }

    // False when what comes then= is not to be started.
    bool goes_on() const { return goes_on_; }
    // How the first program ended, or the first of those that did not end as ends= says.
    ExitStatus status() const { return status_; }

private:
    struct Running {
        const ProgramOption *program;
        Pid pid;
    };

    void judge(const ProgramOption &program, ExitStatus status);
    void stop(ExitStatus status);

    Running *running_;
    size_t running_count_ = 0;
    ExitStatus status_{};
    bool goes_on_ = true;
};

} // namespace kernel
