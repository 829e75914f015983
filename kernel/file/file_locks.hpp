// Locks on files: record locks of processes and of open file descriptions (fcntl(2)), and flock(2). All are
// advisory: they bind only those who ask for one.
//
// A process's record locks belong to its table of descriptors, and go when it closes any descriptor of the
// file; the others belong to the open file description, and go with it.
#pragma once

#include "kernel/file/file.hpp"
#include "lib/record_locks.hpp"

namespace kernel {

class FileTable;

enum class LockMode : uint8_t { Shared, Exclusive, Unlock };

struct LockRequest {
    LockMode mode = LockMode::Unlock;
    uint64_t first = 0, last = lib::RecordLocks::End; // bytes, both included
    int32_t process = 0; // told to who asks for the holder; -1: none in particular
};

// Record locks of `owner`, a table of descriptors or an open file description. TryAgain: another holds what
// forbids it; with `waits` it is waited for instead. Deadlock, RestartSystem, NoLocks.
Result<void> set_record_lock(File &file, const void *owner, const LockRequest &request, bool waits);
// Who would forbid it; with mode Unlock: nobody.
LockRequest find_record_lock(File &file, const void *owner, const LockRequest &request);
// flock(2), for the description. TryAgain, RestartSystem, NoLocks.
Result<void> set_file_lock(File &file, LockMode mode, bool waits);

// The table has closed a descriptor of the file; the description is gone. Nothing to do for nearly all files.
inline void release_locks_of(const FileTable &owner, Inode &inode);
inline void release_locks_of(const File &owner, Inode &inode);

// All locks on one file; made with the first, and gone with the last or with the inode.
struct FileLocks;
void free_file_locks(FileLocks *locks);
void release_locks(Inode &inode, const void *owner); // of which there are some

inline void release_locks_of(const FileTable &owner, Inode &inode)
{
    if (inode.locks()) [[unlikely]]
        release_locks(inode, &owner);
}
inline void release_locks_of(const File &owner, Inode &inode)
{
    if (inode.locks()) [[unlikely]]
        release_locks(inode, &owner);
}

} // namespace kernel
