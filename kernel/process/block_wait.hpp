// Waiting for disks: the part of a request's life that may sleep.
//
//     BlockWait wait;
//     TRY_VOID(wait.submit(disk, first));
//     Result<void> second_result = wait.submit(disk, second);   // both are under way
//     wait.all();                                               // both are done; first.result …
//
// The sleep is not interrupted by signals: the disk has the memory until the request is done.
#pragma once

#include "kernel/device/block.hpp"

#include <atomic>

namespace kernel {

class Thread;

class BlockWait {
public:
    BlockWait();
    ~BlockWait() { all(); }
    BlockWait(const BlockWait &) = delete;
    BlockWait &operator=(const BlockWait &) = delete;

    // As disk.submit(); `completed` and `context` of the request are this one's.
    Result<void> submit(BlockDevice &disk, BlockRequest &request);
    // Sleeps until all that was submitted has completed.
    void all();

private:
    static void completed(BlockRequest &request);

    Thread &thread_;
    std::atomic<unsigned> under_way_{0};
};

// One request from beginning to end: its result, or why it was refused.
Result<void> perform(BlockDevice &disk, BlockRequest &request);

} // namespace kernel
