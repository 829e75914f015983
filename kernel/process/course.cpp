#include "kernel/process/course.hpp"

#include "kernel/device/console.hpp"
#include "kernel/panic.hpp"
#include "lib/format.hpp"
#include "mm/kernel_heap.hpp"

#include <span>

namespace kernel {

// The status that a shell gives to what it cannot start.
constexpr uint8_t CannotRun = 127;

Course::Course(size_t programs)
    : running_(static_cast<Running *>(mm::heap_allocate(programs * sizeof(Running))))
{
    if (running_ == nullptr) refuse("there is not enough memory to start programs");
}

Course::~Course()
{
    mm::heap_free(running_);
}

void Course::cannot_start(const ProgramOption &program)
{
    if (program.asks || program.expected_status) stop({ExitHow::Exited, CannotRun});
}

bool Course::ended(Pid pid, ExitStatus status)
{
    for (Running &running : std::span(running_, running_count_)) {
        if (running.pid != pid) continue;
        judge(*running.program, status);
        running = running_[--running_count_];
        return true;
    }
    return false;
}

void Course::judge(const ProgramOption &program, ExitStatus status)
{
    const bool exited = status.how == ExitHow::Exited;
    const int counted = exited ? status.value : 128 + status.value;
    if (program.asks) {
        if (counted > 1) stop(status);
        if (counted == 1) goes_on_ = false;
    } else if (program.expected_status) {
        if (counted == *program.expected_status) return;
        char text[MaxReason];
        console_lesson(lib::format_to(text,
                                      "{} ended with status {}, not {} as it should: nothing more is started",
                                      program.path(), counted, *program.expected_status));
        stop(counted == 0 ? ExitStatus{ExitHow::Exited, 1} : status);
    } else if (&program == options().run.data()) {
        status_ = status;
    }
}

// Of several that went wrong the first counts.
void Course::stop(ExitStatus status)
{
    if (goes_on_) status_ = status;
    goes_on_ = false;
}

} // namespace kernel
