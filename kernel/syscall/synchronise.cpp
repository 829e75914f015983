// fsync, fdatasync.
#include "kernel/file/file_table.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"

namespace kernel::syscalls {

Result<void> fsync(uint32_t descriptor)
{
    TRY_LET(file, current_process().files().find(static_cast<int>(descriptor)));
    return file->inode().synchronise();
}

} // namespace kernel::syscalls
