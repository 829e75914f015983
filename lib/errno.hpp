// The error numbers of the Linux system call interface (errno(3)), as a type that is not an integer.
#pragma once

namespace lib {

// Values are Linux's for x86-64 (include/uapi/asm-generic/errno-base.h, errno.h): user programs see them
// negated. The names are not the E… macros because <atomic> drags those in.
// As wide as a register, so that Result has no padding that the compiler would carry along.
enum class Errno : long {
    NotPermitted = 1,        // EPERM
    NoEntry = 2,             // ENOENT
    NoProcess = 3,           // ESRCH
    Interrupted = 4,         // EINTR
    InputOutput = 5,         // EIO
    NoSuchDevice = 6,        // ENXIO
    ArgumentListTooLong = 7, // E2BIG
    ExecFormat = 8,          // ENOEXEC
    BadDescriptor = 9,       // EBADF
    NoChild = 10,            // ECHILD
    TryAgain = 11,           // EAGAIN
    NoMemory = 12,           // ENOMEM
    AccessDenied = 13,       // EACCES
    BadAddress = 14,         // EFAULT
    NotBlockDevice = 15,     // ENOTBLK
    Busy = 16,               // EBUSY
    Exists = 17,             // EEXIST
    CrossDevice = 18,        // EXDEV
    NoDevice = 19,           // ENODEV
    NotDirectory = 20,       // ENOTDIR
    IsDirectory = 21,        // EISDIR
    Invalid = 22,            // EINVAL
    FileTableOverflow = 23,  // ENFILE
    TooManyFiles = 24,       // EMFILE
    NotTerminal = 25,        // ENOTTY
    TextBusy = 26,           // ETXTBSY
    FileTooBig = 27,         // EFBIG
    NoSpace = 28,            // ENOSPC
    IllegalSeek = 29,        // ESPIPE
    ReadOnlyFileSystem = 30, // EROFS
    TooManyNames = 31,       // EMLINK
    BrokenPipe = 32,         // EPIPE
    Range = 34,              // ERANGE
    Deadlock = 35,           // EDEADLK
    NameTooLong = 36,        // ENAMETOOLONG
    NoLocks = 37,            // ENOLCK
    NoSystemCall = 38,       // ENOSYS
    NotEmpty = 39,           // ENOTEMPTY
    TooManyLinks = 40,       // ELOOP
    NoData = 61,             // ENODATA
    Overflow = 75,           // EOVERFLOW
    NotSupported = 95,       // EOPNOTSUPP
    TimedOut = 110,          // ETIMEDOUT

    // Never seen by a program: a signal has interrupted the call, and what comes of that is decided on the
    // way back to user mode (kernel/signal/signal.hpp; numbers as in Linux, include/linux/errno.h).
    RestartSystem = 512,    // EINTR if a handler without SA_RESTART runs; otherwise it begins anew
    RestartNoHandler = 514, // EINTR if any handler runs; otherwise it begins anew
    RestartBlock = 516,     // the same, but it goes on by restart_syscall(2): what counts is the time left
};

} // namespace lib
