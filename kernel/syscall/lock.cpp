// Locks on files: what fcntl(2) knows of record locks, and flock.
#include "kernel/file/file_locks.hpp"
#include "kernel/file/file_table.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"

namespace kernel::syscalls {

namespace {

// struct flock, and its l_type.
struct UserLock {
    int16_t type;
    int16_t whence;
    int64_t start;
    int64_t length; // 0: to the end, wherever that will be; negative: what is before `start`
    int32_t process;
    int32_t padding = 0;
};
static_assert(sizeof(UserLock) == 32);
constexpr int16_t ReadLock = 0, WriteLock = 1, NoLock = 2;

// F_GETLK, F_SETLKW, and their F_OFD_… forms; what is between them sets a lock without waiting.
namespace command {
constexpr uint32_t Get = 5, SetWait = 7;
constexpr uint32_t DescriptionGet = 36, DescriptionSetWait = 38;
} // namespace command

namespace operation {
constexpr uint32_t Shared = 1, Exclusive = 2, NonBlocking = 4, Unlock = 8;
} // namespace operation

Result<int64_t> base_of(const File &file, int16_t whence)
{
    switch (static_cast<Whence>(whence)) {
    case Whence::Set:
        return int64_t{0};
    case Whence::Current:
        return static_cast<int64_t>(file.position());
    case Whence::End:
        return static_cast<int64_t>(file.inode().size());
    default:
        return Errno::Invalid;
    }
}

// As Linux's flock_to_posix_lock.
Result<LockRequest> request_of(const File &file, const UserLock &lock)
{
    constexpr int64_t Last = INT64_MAX;
    int64_t base = TRY(base_of(file, lock.whence));
    if (lock.start > Last - base) return Errno::Overflow;
    int64_t first = base + lock.start, last = Last;
    if (first < 0) return Errno::Invalid;
    if (lock.length > 0) {
        if (lock.length - 1 > Last - first) return Errno::Overflow;
        last = first + (lock.length - 1);
    } else if (lock.length < 0) {
        if (first + lock.length < 0) return Errno::Invalid;
        last = first - 1;
        first += lock.length;
    }
    LockRequest request{.first = static_cast<uint64_t>(first), .last = static_cast<uint64_t>(last)};
    switch (lock.type) {
    case ReadLock:
        request.mode = LockMode::Shared;
        return request;
    case WriteLock:
        request.mode = LockMode::Exclusive;
        return request;
    case NoLock:
        return request;
    default:
        return Errno::Invalid;
    }
}

void tell(UserLock &lock, const LockRequest &held)
{
    if (held.mode == LockMode::Unlock) {
        lock.type = NoLock;
        return;
    }
    lock.type = held.mode == LockMode::Exclusive ? WriteLock : ReadLock;
    lock.whence = static_cast<int16_t>(Whence::Set);
    lock.start = static_cast<int64_t>(held.first);
    lock.length = held.last == lib::RecordLocks::End ? 0 : static_cast<int64_t>(held.last - held.first + 1);
    lock.process = held.process;
}

} // namespace

Result<void> record_lock(int descriptor, File &file, uint32_t command, VirtAddr argument)
{
    auto lock = TRY(read_user<UserLock>(argument));
    bool of_description = command >= command::DescriptionGet;
    bool asks = command == command::Get || command == command::DescriptionGet;
    if (asks && lock.type != ReadLock && lock.type != WriteLock) return Errno::Invalid;
    LockRequest request = TRY(request_of(file, lock));
    if (!asks) {
        if (request.mode == LockMode::Shared && !file.is_readable()) return Errno::BadDescriptor;
        if (request.mode == LockMode::Exclusive && !file.is_writable()) return Errno::BadDescriptor;
    }
    if (of_description && lock.process != 0) return Errno::Invalid;

    const void *owner = of_description ? static_cast<const void *>(&file) : &current_process().files();
    request.process = of_description ? -1 : current_process().pid();
    if (asks) {
        tell(lock, find_record_lock(file, owner, request));
        return write_user(argument, lock);
    }
    bool waits = command == command::SetWait || command == command::DescriptionSetWait;
    TRY_VOID(set_record_lock(file, owner, request, waits));
    if (of_description || request.mode == LockMode::Unlock) return {};
    // Who shares the table may have closed the descriptor meanwhile, and nobody would release the lock
    // (fcntl_setlk).
    auto still = current_process().files().find_any(descriptor);
    if (still.ok() && &**still == &file) return {};
    request.mode = LockMode::Unlock;
    (void)set_record_lock(file, owner, request, false);
    return Errno::BadDescriptor;
}

Result<void> flock(uint32_t descriptor, uint32_t wanted)
{
    bool waits = !(wanted & operation::NonBlocking);
    LockMode mode;
    switch (wanted & ~operation::NonBlocking) {
    case operation::Shared:
        mode = LockMode::Shared;
        break;
    case operation::Exclusive:
        mode = LockMode::Exclusive;
        break;
    case operation::Unlock:
        mode = LockMode::Unlock;
        break;
    default:
        return Errno::Invalid;
    }
    TRY_LET(file, current_process().files().find(static_cast<int>(descriptor)));
    if (mode != LockMode::Unlock && !file->is_readable() && !file->is_writable()) return Errno::BadDescriptor;
    return set_file_lock(*file, mode, waits);
}

} // namespace kernel::syscalls
