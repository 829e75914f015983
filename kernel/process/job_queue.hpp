// The job queue, as in the days of one memory cut into pieces: programs wait in the order in which they were
// handed in (queue=), and whenever a program has ended the next one has its turn.
#pragma once

#include "kernel/options.hpp"

namespace kernel {

class JobQueue {
public:
    // Takes the next one out; null when nobody waits.
    const ProgramOption *take();
    void note_start() { started_++; }

    size_t waiting() const { return options().queue.size() - taken_; }
    size_t started() const { return started_; }

private:
    size_t taken_ = 0;
    size_t started_ = 0; // of those taken; the others could not be
};

// The machine's; of the kernel's own thread.
JobQueue &job_queue();

} // namespace kernel
