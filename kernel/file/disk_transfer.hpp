// Moving bytes between a disk and a program's memory, a piece at a time: straight, where both ends are whole
// blocks, or through frames of the kernel.
#pragma once

#include "kernel/device/block.hpp"
#include "kernel/file/user_buffer.hpp"

namespace kernel {

// Each moves the next bytes of `buffer`, at least one and not past the end of the disk, to or from `offset`,
// and uses them up; how many: fewer than there could have been when the memory or the disk failed in the
// middle. BadAddress, InputOutput, NoMemory when not even one could be moved.

// The disk reads or writes the program's own frames. offset, the buffer's address and size are multiples of
// the block size.
Result<size_t> transfer_straight(BlockDevice &disk, BlockOperation operation, uint64_t offset,
                                 UserBuffer &buffer);

Result<size_t> read_through_frames(BlockDevice &disk, uint64_t offset, UserBuffer &to);
// Blocks that are written in part are read first: nobody else may write to them meanwhile.
Result<size_t> write_through_frames(BlockDevice &disk, uint64_t offset, UserBuffer &from);

} // namespace kernel
