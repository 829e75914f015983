// The system calls that Vitrine has, by number.
#include "kernel/syscall/table.hpp"

#include "kernel/log.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/adaptor.hpp"
#include "kernel/syscall/calls.hpp"

#include <array>
#include <atomic>

namespace kernel {

namespace {

template <auto Function>
constexpr SyscallInfo row(uint16_t number, std::string_view name, Coverage coverage,
                          std::string_view remark = {})
{
    return {number, name, Adaptor<Function>::handle, coverage, remark};
}

constexpr SyscallInfo infos[] = {
    row<syscalls::read>(0, "read", Coverage::Complete),
    row<syscalls::write>(1, "write", Coverage::Complete),
    row<syscalls::open>(2, "open", Coverage::Complete),
    row<syscalls::close>(3, "close", Coverage::Complete),
    row<syscalls::stat>(4, "stat", Coverage::Complete),
    row<syscalls::fstat>(5, "fstat", Coverage::Complete),
    row<syscalls::lstat>(6, "lstat", Coverage::Complete),
    row<syscalls::poll>(7, "poll", Coverage::Complete),
    row<syscalls::lseek>(8, "lseek", Coverage::Complete),
    row<syscalls::mmap>(9, "mmap", Coverage::Partial, "no huge pages (ENOMEM); MAP_32BIT is ignored"),
    row<syscalls::mprotect>(10, "mprotect", Coverage::Complete),
    row<syscalls::munmap>(11, "munmap", Coverage::Complete),
    row<syscalls::brk>(12, "brk", Coverage::Complete),
    row<syscalls::rt_sigaction>(13, "rt_sigaction", Coverage::Complete),
    row<syscalls::rt_sigprocmask>(14, "rt_sigprocmask", Coverage::Complete),
    row<syscalls::rt_sigreturn>(15, "rt_sigreturn", Coverage::Complete),
    row<syscalls::ioctl>(16, "ioctl", Coverage::Partial,
                         "TCGETS TCSETS TIOCGWINSZ TIOCSWINSZ TIOCGPGRP TIOCSPGRP TIOCGSID TIOCSCTTY "
                         "TIOCNOTTY FIONREAD FIONBIO FIOCLEX "
                         "FIONCLEX; of disks BLKGETSIZE BLKGETSIZE64 BLKSSZGET BLKPBSZGET BLKROGET "
                         "BLKFLSBUF; "
                         "settings of a terminal are kept but its line discipline is the launcher's"),
    row<syscalls::pread64>(17, "pread64", Coverage::Complete),
    row<syscalls::pwrite64>(18, "pwrite64", Coverage::Complete),
    row<syscalls::readv>(19, "readv", Coverage::Complete),
    row<syscalls::writev>(20, "writev", Coverage::Complete),
    row<syscalls::access>(21, "access", Coverage::Complete),
    row<syscalls::pipe>(22, "pipe", Coverage::Complete),
    row<syscalls::select>(23, "select", Coverage::Complete),
    row<syscalls::sched_yield>(24, "sched_yield", Coverage::Complete),
    row<syscalls::mremap>(25, "mremap", Coverage::Complete),
    row<syscalls::msync>(26, "msync", Coverage::Complete),
    row<syscalls::mincore>(27, "mincore", Coverage::Complete),
    row<syscalls::madvise>(
        28, "madvise", Coverage::Partial,
        "advice about merging, dumps and huge pages is accepted and changes nothing; MADV_REMOVE "
        "and memory failures: EINVAL"),
    row<syscalls::dup>(32, "dup", Coverage::Complete),
    row<syscalls::dup2>(33, "dup2", Coverage::Complete),
    row<syscalls::pause>(34, "pause", Coverage::Complete),
    row<syscalls::nanosleep>(35, "nanosleep", Coverage::Complete),
    row<syscalls::getitimer>(36, "getitimer", Coverage::Complete),
    row<syscalls::alarm>(37, "alarm", Coverage::Complete),
    row<syscalls::setitimer>(38, "setitimer", Coverage::Complete),
    row<syscalls::getpid>(39, "getpid", Coverage::Complete),
    row<syscalls::sendfile>(40, "sendfile", Coverage::Complete),
    row<syscalls::clone>(56, "clone", Coverage::Partial,
                         "processes; CLONE_THREAD: ENOSYS; namespaces, CLONE_PIDFD: EINVAL"),
    row<syscalls::fork>(57, "fork", Coverage::Complete),
    row<syscalls::vfork>(58, "vfork", Coverage::Complete),
    row<syscalls::execve>(59, "execve", Coverage::Complete, "static programs and scripts"),
    row<syscalls::exit>(60, "exit", Coverage::Complete),
    row<syscalls::wait4>(61, "wait4", Coverage::Complete),
    row<syscalls::kill>(62, "kill", Coverage::Complete, "to process 1: what busybox's init does"),
    row<syscalls::uname>(63, "uname", Coverage::Complete),
    row<syscalls::fcntl>(
        72, "fcntl", Coverage::Partial,
        "descriptors, status flags, sizes of pipes, locks of records and of descriptions, seals; "
        "no leases or owners (EINVAL)"),
    row<syscalls::flock>(73, "flock", Coverage::Complete),
    row<syscalls::fsync>(74, "fsync", Coverage::Complete),
    row<syscalls::fsync>(75, "fdatasync", Coverage::Complete),
    row<syscalls::truncate>(76, "truncate", Coverage::Complete),
    row<syscalls::ftruncate>(77, "ftruncate", Coverage::Complete),
    row<syscalls::getcwd>(79, "getcwd", Coverage::Complete),
    row<syscalls::chdir>(80, "chdir", Coverage::Complete),
    row<syscalls::fchdir>(81, "fchdir", Coverage::Complete),
    row<syscalls::rename>(82, "rename", Coverage::Complete),
    row<syscalls::mkdir>(83, "mkdir", Coverage::Complete),
    row<syscalls::rmdir>(84, "rmdir", Coverage::Complete),
    row<syscalls::creat>(85, "creat", Coverage::Complete),
    row<syscalls::link>(86, "link", Coverage::Complete),
    row<syscalls::unlink>(87, "unlink", Coverage::Complete),
    row<syscalls::symlink>(88, "symlink", Coverage::Complete),
    row<syscalls::readlink>(89, "readlink", Coverage::Complete),
    row<syscalls::chmod>(90, "chmod", Coverage::Complete),
    row<syscalls::fchmod>(91, "fchmod", Coverage::Complete),
    row<syscalls::chown>(92, "chown", Coverage::Complete),
    row<syscalls::fchown>(93, "fchown", Coverage::Complete),
    row<syscalls::lchown>(94, "lchown", Coverage::Complete),
    row<syscalls::umask>(95, "umask", Coverage::Complete),
    row<syscalls::gettimeofday>(96, "gettimeofday", Coverage::Complete),
    row<syscalls::getrlimit>(97, "getrlimit", Coverage::Complete),
    row<syscalls::getrusage>(
        98, "getrusage", Coverage::Partial,
        "times, faults, peak of resident memory, context switches; no blocks, messages, signals"),
    row<syscalls::sysinfo>(99, "sysinfo", Coverage::Complete),
    row<syscalls::times>(100, "times", Coverage::Complete),
    row<syscalls::getuid>(102, "getuid", Coverage::Complete, "programs are root"),
    row<syscalls::getuid>(104, "getgid", Coverage::Complete, "programs are root"),
    row<syscalls::setuid>(105, "setuid", Coverage::Complete, "0 is the only user and group; others: EINVAL"),
    row<syscalls::setuid>(106, "setgid", Coverage::Complete, "0 is the only user and group; others: EINVAL"),
    row<syscalls::getuid>(107, "geteuid", Coverage::Complete, "programs are root"),
    row<syscalls::getuid>(108, "getegid", Coverage::Complete, "programs are root"),
    row<syscalls::setpgid>(109, "setpgid", Coverage::Complete),
    row<syscalls::getppid>(110, "getppid", Coverage::Complete),
    row<syscalls::getpgrp>(111, "getpgrp", Coverage::Complete),
    row<syscalls::setsid>(112, "setsid", Coverage::Complete),
    row<syscalls::setreuid>(113, "setreuid", Coverage::Complete,
                            "0 is the only user and group; others: EINVAL"),
    row<syscalls::setreuid>(114, "setregid", Coverage::Complete,
                            "0 is the only user and group; others: EINVAL"),
    row<syscalls::getgroups>(115, "getgroups", Coverage::Complete, "programs are root"),
    row<syscalls::setgroups>(116, "setgroups", Coverage::Complete,
                             "root belongs to no other groups; others: EINVAL"),
    row<syscalls::setresuid>(117, "setresuid", Coverage::Complete,
                             "0 is the only user and group; others: EINVAL"),
    row<syscalls::getresuid>(118, "getresuid", Coverage::Complete, "programs are root"),
    row<syscalls::setresuid>(119, "setresgid", Coverage::Complete,
                             "0 is the only user and group; others: EINVAL"),
    row<syscalls::getresuid>(120, "getresgid", Coverage::Complete, "programs are root"),
    row<syscalls::getpgid>(121, "getpgid", Coverage::Complete),
    row<syscalls::setfsuid>(122, "setfsuid", Coverage::Complete, "programs are root"),
    row<syscalls::setfsuid>(123, "setfsgid", Coverage::Complete, "programs are root"),
    row<syscalls::getsid>(124, "getsid", Coverage::Complete),
    row<syscalls::rt_sigpending>(127, "rt_sigpending", Coverage::Complete),
    row<syscalls::rt_sigtimedwait>(128, "rt_sigtimedwait", Coverage::Complete),
    row<syscalls::rt_sigqueueinfo>(129, "rt_sigqueueinfo", Coverage::Complete),
    row<syscalls::rt_sigsuspend>(130, "rt_sigsuspend", Coverage::Complete),
    row<syscalls::sigaltstack>(131, "sigaltstack", Coverage::Complete),
    row<syscalls::utime>(132, "utime", Coverage::Complete),
    row<syscalls::mknod>(133, "mknod", Coverage::Complete),
    row<syscalls::statfs>(137, "statfs", Coverage::Complete),
    row<syscalls::fstatfs>(138, "fstatfs", Coverage::Complete),
    row<syscalls::getpriority>(140, "getpriority", Coverage::Complete),
    row<syscalls::setpriority>(141, "setpriority", Coverage::Complete,
                               "decides who gets memory first, and how long a turn of the processor lasts"),
    row<syscalls::mlock>(149, "mlock", Coverage::Complete),
    row<syscalls::munlock>(150, "munlock", Coverage::Complete),
    row<syscalls::mlockall>(151, "mlockall", Coverage::Complete),
    row<syscalls::munlockall>(152, "munlockall", Coverage::Complete),
    row<syscalls::prctl>(157, "prctl", Coverage::Partial,
                         "PR_SET_NAME PR_GET_NAME PR_SET_THP_DISABLE PR_GET_THP_DISABLE; others: EINVAL"),
    row<syscalls::arch_prctl>(158, "arch_prctl", Coverage::Partial, "FS and GS bases"),
    row<syscalls::setrlimit>(
        160, "setrlimit", Coverage::Partial,
        "enforced: AS, CPU, DATA, FSIZE, NOFILE, NPROC (for root too), SIGPENDING, STACK; the others are "
        "kept"),
    row<syscalls::sync>(162, "sync", Coverage::Complete),
    row<syscalls::swapon>(
        167, "swapon", Coverage::Partial,
        "disks only: files are memory themselves (EINVAL); the discard flags change nothing"),
    row<syscalls::swapoff>(168, "swapoff", Coverage::Complete),
    row<syscalls::reboot>(169, "reboot", Coverage::Partial,
                          "each way ends the run; no kexec, no sleep (EINVAL)"),
    row<syscalls::gettid>(186, "gettid", Coverage::Complete),
    row<syscalls::readahead>(187, "readahead", Coverage::Complete),
    row<syscalls::setxattr>(188, "setxattr", Coverage::Partial,
                            "files have no extended attributes: EOPNOTSUPP"),
    row<syscalls::lsetxattr>(189, "lsetxattr", Coverage::Partial,
                             "files have no extended attributes: EOPNOTSUPP"),
    row<syscalls::fsetxattr>(190, "fsetxattr", Coverage::Partial,
                             "files have no extended attributes: EOPNOTSUPP"),
    row<syscalls::setxattr>(191, "getxattr", Coverage::Partial,
                            "files have no extended attributes: EOPNOTSUPP"),
    row<syscalls::lsetxattr>(192, "lgetxattr", Coverage::Partial,
                             "files have no extended attributes: EOPNOTSUPP"),
    row<syscalls::fsetxattr>(193, "fgetxattr", Coverage::Partial,
                             "files have no extended attributes: EOPNOTSUPP"),
    row<syscalls::listxattr>(194, "listxattr", Coverage::Partial,
                             "files have no extended attributes: an empty list"),
    row<syscalls::llistxattr>(195, "llistxattr", Coverage::Partial,
                              "files have no extended attributes: an empty list"),
    row<syscalls::flistxattr>(196, "flistxattr", Coverage::Partial,
                              "files have no extended attributes: an empty list"),
    row<syscalls::setxattr>(197, "removexattr", Coverage::Partial,
                            "files have no extended attributes: EOPNOTSUPP"),
    row<syscalls::lsetxattr>(198, "lremovexattr", Coverage::Partial,
                             "files have no extended attributes: EOPNOTSUPP"),
    row<syscalls::fsetxattr>(199, "fremovexattr", Coverage::Partial,
                             "files have no extended attributes: EOPNOTSUPP"),
    row<syscalls::tkill>(200, "tkill", Coverage::Complete),
    row<syscalls::time>(201, "time", Coverage::Complete),
    row<syscalls::futex>(202, "futex", Coverage::Partial,
                         "WAIT WAKE WAIT_BITSET WAKE_BITSET REQUEUE CMP_REQUEUE; others: ENOSYS"),
    row<syscalls::sched_setaffinity>(203, "sched_setaffinity", Coverage::Complete, "one processor"),
    row<syscalls::sched_getaffinity>(204, "sched_getaffinity", Coverage::Complete, "one processor"),
    row<syscalls::getdents64>(217, "getdents64", Coverage::Complete),
    row<syscalls::set_tid_address>(218, "set_tid_address", Coverage::Partial,
                                   "kept; cleared at exit and exec where the memory is shared (clone)"),
    row<syscalls::restart_syscall>(219, "restart_syscall", Coverage::Complete),
    row<syscalls::fadvise64>(221, "fadvise64", Coverage::Complete, "advice that nothing follows"),
    row<syscalls::timer_create>(222, "timer_create", Coverage::Partial, "no processor-time clocks of others"),
    row<syscalls::timer_settime>(223, "timer_settime", Coverage::Complete),
    row<syscalls::timer_gettime>(224, "timer_gettime", Coverage::Complete),
    row<syscalls::timer_getoverrun>(225, "timer_getoverrun", Coverage::Complete),
    row<syscalls::timer_delete>(226, "timer_delete", Coverage::Complete),
    row<syscalls::clock_gettime>(228, "clock_gettime", Coverage::Complete),
    row<syscalls::clock_getres>(229, "clock_getres", Coverage::Complete),
    row<syscalls::clock_nanosleep>(230, "clock_nanosleep", Coverage::Complete),
    row<syscalls::exit>(231, "exit_group", Coverage::Complete),
    row<syscalls::tgkill>(234, "tgkill", Coverage::Complete),
    row<syscalls::utimes>(235, "utimes", Coverage::Complete),
    row<syscalls::waitid>(247, "waitid", Coverage::Complete),
    row<syscalls::openat>(257, "openat", Coverage::Complete),
    row<syscalls::mkdirat>(258, "mkdirat", Coverage::Complete),
    row<syscalls::mknodat>(259, "mknodat", Coverage::Complete),
    row<syscalls::fchownat>(260, "fchownat", Coverage::Complete),
    row<syscalls::futimesat>(261, "futimesat", Coverage::Complete),
    row<syscalls::newfstatat>(262, "newfstatat", Coverage::Complete),
    row<syscalls::unlinkat>(263, "unlinkat", Coverage::Complete),
    row<syscalls::renameat>(264, "renameat", Coverage::Complete),
    row<syscalls::linkat>(265, "linkat", Coverage::Complete),
    row<syscalls::symlinkat>(266, "symlinkat", Coverage::Complete),
    row<syscalls::readlinkat>(267, "readlinkat", Coverage::Complete),
    row<syscalls::fchmodat>(268, "fchmodat", Coverage::Complete),
    row<syscalls::faccessat>(269, "faccessat", Coverage::Complete),
    row<syscalls::pselect6>(270, "pselect6", Coverage::Complete),
    row<syscalls::ppoll>(271, "ppoll", Coverage::Complete),
    row<syscalls::set_robust_list>(273, "set_robust_list", Coverage::Partial,
                                   "kept; nothing is walked at exit while a process has one thread"),
    row<syscalls::get_robust_list>(274, "get_robust_list", Coverage::Complete),
    row<syscalls::sync_file_range>(277, "sync_file_range", Coverage::Complete),
    row<syscalls::utimensat>(280, "utimensat", Coverage::Complete),
    row<syscalls::fallocate>(285, "fallocate", Coverage::Complete),
    row<syscalls::dup3>(292, "dup3", Coverage::Complete),
    row<syscalls::pipe2>(293, "pipe2", Coverage::Complete),
    row<syscalls::preadv>(295, "preadv", Coverage::Complete),
    row<syscalls::pwritev>(296, "pwritev", Coverage::Complete),
    row<syscalls::rt_tgsigqueueinfo>(297, "rt_tgsigqueueinfo", Coverage::Complete),
    row<syscalls::prlimit64>(302, "prlimit64", Coverage::Partial, "as setrlimit"),
    row<syscalls::syncfs>(306, "syncfs", Coverage::Complete),
    row<syscalls::getcpu>(309, "getcpu", Coverage::Complete, "one processor"),
    row<syscalls::renameat2>(316, "renameat2", Coverage::Complete),
    row<syscalls::getrandom>(318, "getrandom", Coverage::Complete),
    row<syscalls::memfd_create>(319, "memfd_create", Coverage::Complete, "no huge pages (ENOMEM)"),
    row<syscalls::execveat>(322, "execveat", Coverage::Complete, "as execve"),
    row<syscalls::mlock2>(325, "mlock2", Coverage::Complete),
    row<syscalls::copy_file_range>(326, "copy_file_range", Coverage::Complete),
    row<syscalls::preadv2>(327, "preadv2", Coverage::Complete),
    row<syscalls::pwritev2>(328, "pwritev2", Coverage::Complete),
    row<syscalls::statx>(332, "statx", Coverage::Complete),
    row<syscalls::rseq>(334, "rseq", Coverage::Partial,
                        "a section is aborted by a handler, not by a switch: a process has one thread"),
    row<syscalls::clone3>(435, "clone3", Coverage::Partial, "as clone; no chosen numbers (EINVAL)"),
    row<syscalls::close_range>(436, "close_range", Coverage::Complete),
    row<syscalls::faccessat2>(439, "faccessat2", Coverage::Complete),
};

constexpr size_t TableSize = 451; // the last call of Linux 6.1 is 450

constexpr std::array<SyscallHandler, TableSize> make_table()
{
    std::array<SyscallHandler, TableSize> table;
    table.fill(syscall_unknown);
    for (const SyscallInfo &info : infos) table[info.number] = info.handler;
    return table;
}

// Which numbers have been logged: a bit each; those beyond the table share the last one.
constinit std::atomic<uint64_t> logged[TableSize / 64 + 1];

bool is_first(uint64_t number)
{
    uint64_t index = number < TableSize ? number : TableSize;
    uint64_t bit = uint64_t{1} << index % 64;
    return !(logged[index / 64].fetch_or(bit, std::memory_order_relaxed) & bit);
}

} // namespace

// An array under the names that the entry stub knows: dispatch is one indexed call.
extern const std::array<SyscallHandler, TableSize> handlers asm("syscall_table");
constinit const std::array<SyscallHandler, TableSize> handlers = make_table();
extern "C" {
constinit const uint64_t syscall_count = TableSize;
}

extern "C" int64_t syscall_unknown(TrapFrame &frame)
{
    uint64_t number = frame.syscall_number();
    if (is_first(number)) {
        std::string_view name = syscall_name(number);
        log_info("{}[{}]: system call {} ({}) is not there: ENOSYS", current_process().name(),
                 current_process().pid(), number, name.empty() ? "no such number" : name);
    }
    return syscall_error(lib::Errno::NoSystemCall);
}

std::span<const SyscallInfo> syscall_infos()
{
    return infos;
}

std::string_view syscall_name(uint64_t number)
{
    for (const SyscallInfo &info : infos) {
        if (info.number == number) return info.name;
    }
    for (const MissingSyscall &missing : missing_syscalls()) {
        if (missing.number == number) return missing.name;
    }
    return {};
}

} // namespace kernel
