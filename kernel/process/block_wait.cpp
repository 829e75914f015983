#include "kernel/process/block_wait.hpp"

#include "kernel/process/scheduler.hpp"

namespace kernel {

BlockWait::BlockWait() : thread_(current_thread()) {}

Result<void> BlockWait::submit(BlockDevice &disk, BlockRequest &request)
{
    request.completed = completed;
    request.context = this;
    under_way_.fetch_add(1, std::memory_order_relaxed);
    Result<void> submitted = disk.submit(request);
    if (!submitted.ok()) under_way_.fetch_sub(1, std::memory_order_relaxed);
    return submitted;
}

void BlockWait::completed(BlockRequest &request)
{
    auto &self = *static_cast<BlockWait *>(request.context);
    Thread &thread = self.thread_; // with the last one, `self` may be gone as soon as the thread is told
    if (self.under_way_.fetch_sub(1, std::memory_order_acq_rel) == 1) wake(thread);
}

void BlockWait::all()
{
    while (under_way_.load(std::memory_order_acquire) != 0) {
        prepare_sleep();
        if (under_way_.load(std::memory_order_acquire) == 0) break;
        sleep_uninterruptibly();
    }
}

Result<void> perform(BlockDevice &disk, BlockRequest &request)
{
    BlockWait wait;
    TRY_VOID(wait.submit(disk, request));
    wait.all();
    return request.result;
}

} // namespace kernel
