#include "kernel/process/job_queue.hpp"

namespace kernel {

namespace {
constinit JobQueue the_queue;
}

JobQueue &job_queue()
{
    return the_queue;
}

const ProgramOption *JobQueue::take()
{
    return waiting() != 0 ? &options().queue[taken_++] : nullptr;
}

} // namespace kernel
