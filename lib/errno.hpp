// The error numbers of the Linux system call interface (errno(3)), as a type that is not an integer.
#pragma once

namespace lib {

// Values are Linux's for x86-64 (include/uapi/asm-generic/errno-base.h, errno.h): user programs see them
// negated. The names are not the E… macros because <atomic> drags those in.
enum class Errno : int {
    NotPermitted = 1,        // EPERM
    NoEntry = 2,             // ENOENT
    NoProcess = 3,           // ESRCH
    Interrupted = 4,         // EINTR
    InputOutput = 5,         // EIO
    NoSuchDevice = 6,        // ENXIO
    ArgumentListTooLong = 7, // E2BIG
    ExecFormat = 8,          // ENOEXEC
    BadDescriptor = 9,       // EBADF
    TryAgain = 11,           // EAGAIN
    NoMemory = 12,           // ENOMEM
    AccessDenied = 13,       // EACCES
    BadAddress = 14,         // EFAULT
    Busy = 16,               // EBUSY
    Exists = 17,             // EEXIST
    NoDevice = 19,           // ENODEV
    NotDirectory = 20,       // ENOTDIR
    IsDirectory = 21,        // EISDIR
    Invalid = 22,            // EINVAL
    FileTableOverflow = 23,  // ENFILE
    TooManyFiles = 24,       // EMFILE
    NotTerminal = 25,        // ENOTTY
    FileTooBig = 27,         // EFBIG
    NoSpace = 28,            // ENOSPC
    IllegalSeek = 29,        // ESPIPE
    ReadOnlyFileSystem = 30, // EROFS
    BrokenPipe = 32,         // EPIPE
    Range = 34,              // ERANGE
    NameTooLong = 36,        // ENAMETOOLONG
    NoSystemCall = 38,       // ENOSYS
    TooManyLinks = 40,       // ELOOP
    Overflow = 75,           // EOVERFLOW
    NotSupported = 95,       // EOPNOTSUPP
    TimedOut = 110,          // ETIMEDOUT
};

} // namespace lib
