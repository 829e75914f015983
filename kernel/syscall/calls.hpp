// The system calls as functions, by family; each family is a file of this directory. The manual pages
// (section 2) say what they do. table.cpp gives them their numbers.
#pragma once

#include "lib/result.hpp"
#include "mm/address.hpp"

#include <cstdint>

namespace kernel {
class File;
}

namespace kernel::syscalls {

using lib::Errno;
using lib::Result;
using mm::VirtAddr;

// read_write.cpp
Result<uint64_t> read(uint32_t descriptor, VirtAddr buffer, uint64_t size);
Result<uint64_t> write(uint32_t descriptor, VirtAddr buffer, uint64_t size);
Result<uint64_t> pread64(uint32_t descriptor, VirtAddr buffer, uint64_t size, int64_t offset);
Result<uint64_t> pwrite64(uint32_t descriptor, VirtAddr buffer, uint64_t size, int64_t offset);
Result<uint64_t> readv(uint32_t descriptor, VirtAddr vector, uint64_t count);
Result<uint64_t> writev(uint32_t descriptor, VirtAddr vector, uint64_t count);
Result<uint64_t> preadv(uint32_t descriptor, VirtAddr vector, uint64_t count, int64_t offset);
Result<uint64_t> pwritev(uint32_t descriptor, VirtAddr vector, uint64_t count, int64_t offset);
Result<uint64_t> preadv2(uint32_t descriptor, VirtAddr vector, uint64_t count, int64_t offset, uint64_t high,
                         uint32_t flags);
Result<uint64_t> pwritev2(uint32_t descriptor, VirtAddr vector, uint64_t count, int64_t offset, uint64_t high,
                          uint32_t flags);
Result<uint64_t> lseek(uint32_t descriptor, int64_t offset, uint32_t whence);

// open.cpp
Result<int> open(VirtAddr path, uint32_t flags, uint32_t mode);
Result<int> openat(int directory, VirtAddr path, uint32_t flags, uint32_t mode);
Result<int> creat(VirtAddr path, uint32_t mode);
Result<int> memfd_create(VirtAddr name, uint32_t flags);
Result<void> close(uint32_t descriptor);

// descriptor.cpp
Result<int> dup(uint32_t descriptor);
Result<int> dup2(uint32_t descriptor, uint32_t wanted);
Result<int> dup3(uint32_t descriptor, uint32_t wanted, uint32_t flags);
Result<void> close_range(uint32_t first, uint32_t last, uint32_t flags);
Result<int64_t> fcntl(uint32_t descriptor, uint32_t command, uint64_t argument);

// stat.cpp
Result<void> stat(VirtAddr path, VirtAddr status);
Result<void> lstat(VirtAddr path, VirtAddr status);
Result<void> fstat(uint32_t descriptor, VirtAddr status);
Result<void> newfstatat(int directory, VirtAddr path, VirtAddr status, uint32_t flags);
Result<void> statx(int directory, VirtAddr path, uint32_t flags, uint32_t mask, VirtAddr status);
Result<void> access(VirtAddr path, uint32_t mode);
Result<void> faccessat(int directory, VirtAddr path, uint32_t mode);
Result<void> faccessat2(int directory, VirtAddr path, uint32_t mode, uint32_t flags);
Result<uint64_t> readlink(VirtAddr path, VirtAddr buffer, int size);
Result<uint64_t> readlinkat(int directory, VirtAddr path, VirtAddr buffer, int size);

// directory.cpp
Result<uint64_t> getcwd(VirtAddr buffer, uint64_t size);
Result<void> chdir(VirtAddr path);
Result<void> fchdir(uint32_t descriptor);
Result<uint64_t> getdents64(uint32_t descriptor, VirtAddr buffer, uint32_t size);

// names.cpp
Result<void> mkdir(VirtAddr path, uint32_t mode);
Result<void> mkdirat(int directory, VirtAddr path, uint32_t mode);
Result<void> mknod(VirtAddr path, uint32_t mode, uint32_t device);
Result<void> mknodat(int directory, VirtAddr path, uint32_t mode, uint32_t device);
Result<void> symlink(VirtAddr target, VirtAddr path);
Result<void> symlinkat(VirtAddr target, int directory, VirtAddr path);
Result<void> link(VirtAddr old_path, VirtAddr new_path);
Result<void> linkat(int old_directory, VirtAddr old_path, int new_directory, VirtAddr new_path,
                    uint32_t flags);
Result<void> unlink(VirtAddr path);
Result<void> unlinkat(int directory, VirtAddr path, uint32_t flags);
Result<void> rmdir(VirtAddr path);
Result<void> rename(VirtAddr old_path, VirtAddr new_path);
Result<void> renameat(int old_directory, VirtAddr old_path, int new_directory, VirtAddr new_path);
Result<void> renameat2(int old_directory, VirtAddr old_path, int new_directory, VirtAddr new_path,
                       uint32_t flags);

// attributes.cpp
Result<void> chmod(VirtAddr path, uint32_t mode);
Result<void> fchmod(uint32_t descriptor, uint32_t mode);
Result<void> fchmodat(int directory, VirtAddr path, uint32_t mode);
Result<void> chown(VirtAddr path, uint32_t user, uint32_t group);
Result<void> lchown(VirtAddr path, uint32_t user, uint32_t group);
Result<void> fchown(uint32_t descriptor, uint32_t user, uint32_t group);
Result<void> fchownat(int directory, VirtAddr path, uint32_t user, uint32_t group, uint32_t flags);
Result<void> utime(VirtAddr path, VirtAddr times);
Result<void> utimes(VirtAddr path, VirtAddr times);
Result<void> futimesat(int directory, VirtAddr path, VirtAddr times);
Result<void> utimensat(int directory, VirtAddr path, VirtAddr times, uint32_t flags);
Result<void> setxattr(VirtAddr path);        // also getxattr, removexattr
Result<void> lsetxattr(VirtAddr path);       // also lgetxattr, lremovexattr
Result<void> fsetxattr(uint32_t descriptor); // also fgetxattr, fremovexattr
Result<uint64_t> listxattr(VirtAddr path);
Result<uint64_t> llistxattr(VirtAddr path);
Result<uint64_t> flistxattr(uint32_t descriptor);

// copy_file.cpp
Result<uint64_t> sendfile(uint32_t out, uint32_t in, VirtAddr offset, uint64_t bytes);
Result<uint64_t> copy_file_range(uint32_t in, VirtAddr in_offset, uint32_t out, VirtAddr out_offset,
                                 uint64_t bytes, uint32_t flags);

// statfs.cpp
Result<void> statfs(VirtAddr path, VirtAddr status);
Result<void> fstatfs(uint32_t descriptor, VirtAddr status);
Result<void> sync();
Result<void> syncfs(uint32_t descriptor);
Result<void> fadvise64(uint32_t descriptor, int64_t offset, int64_t length, int advice);
Result<void> readahead(uint32_t descriptor);
Result<void> sync_file_range(uint32_t descriptor, int64_t offset, int64_t length, uint32_t flags);

// truncate.cpp
Result<void> truncate(VirtAddr path, int64_t size);
Result<void> ftruncate(uint32_t descriptor, int64_t size);
Result<void> fallocate(uint32_t descriptor, uint32_t mode, int64_t offset, int64_t length);

// lock.cpp
Result<void> record_lock(int descriptor, File &file, uint32_t command, VirtAddr argument); // fcntl's
Result<void> flock(uint32_t descriptor, uint32_t operation);

// pipe.cpp
Result<void> pipe(VirtAddr descriptors);
Result<void> pipe2(VirtAddr descriptors, uint32_t flags);

// poll.cpp
Result<int64_t> poll(VirtAddr entries, uint32_t count, int timeout);
Result<int> ppoll(VirtAddr entries, uint32_t count, VirtAddr timeout, VirtAddr mask, uint64_t mask_size);

// select.cpp
Result<int> select(int count, VirtAddr read, VirtAddr write, VirtAddr except, VirtAddr timeout);
Result<int> pselect6(int count, VirtAddr read, VirtAddr write, VirtAddr except, VirtAddr timeout,
                     VirtAddr mask);

// synchronise.cpp
Result<void> fsync(uint32_t descriptor); // also fdatasync

// ioctl.cpp
Result<int64_t> ioctl(uint32_t descriptor, uint32_t command, uint64_t argument);

// memory.cpp
Result<VirtAddr> mmap(VirtAddr address, uint64_t length, uint64_t protection, uint64_t flags,
                      uint32_t descriptor, uint64_t offset);
Result<void> munmap(VirtAddr address, uint64_t length);
Result<void> mprotect(VirtAddr address, uint64_t length, uint64_t protection);
Result<VirtAddr> mremap(VirtAddr old_address, uint64_t old_size, uint64_t new_size, uint64_t flags,
                        VirtAddr new_address);
VirtAddr brk(VirtAddr wanted);

// memory_advice.cpp
Result<void> madvise(VirtAddr address, uint64_t length, int advice);
Result<void> mincore(VirtAddr address, uint64_t length, VirtAddr vector);
Result<void> msync(VirtAddr address, uint64_t length, uint32_t flags);
Result<void> mlock(VirtAddr address, uint64_t length);
Result<void> mlock2(VirtAddr address, uint64_t length, uint32_t flags);
Result<void> munlock(VirtAddr address, uint64_t length);
Result<void> mlockall(uint32_t flags);
Result<void> munlockall();

// process.cpp
int32_t getpid();
int32_t gettid();
int32_t getppid();
int32_t getuid(); // also geteuid, getgid, getegid: programs are root
Result<void> getresuid(VirtAddr real, VirtAddr effective, VirtAddr saved); // also getresgid
Result<uint32_t> getgroups(int size, VirtAddr list);
Result<void> setuid(uint32_t id); // also setgid, and so on
Result<void> setreuid(uint32_t real, uint32_t effective);
Result<void> setresuid(uint32_t real, uint32_t effective, uint32_t saved);
int32_t setfsuid(uint32_t id);
Result<void> setgroups(int size, VirtAddr list);
uint32_t umask(uint32_t mask);
Result<void> exit(uint32_t code);
Result<void> sched_yield();
Result<uint64_t> sched_getaffinity(int32_t pid, uint32_t size, VirtAddr mask);
Result<void> sched_setaffinity(int32_t pid, uint32_t size, VirtAddr mask);

// session.cpp
int32_t getpgrp();
Result<int32_t> getpgid(int32_t pid);
Result<void> setpgid(int32_t pid, int32_t group);
Result<int32_t> getsid(int32_t pid);
Result<int32_t> setsid();

// clone.cpp
Result<int32_t> fork();
Result<int32_t> vfork();
Result<int32_t> clone(uint64_t flags, VirtAddr stack, VirtAddr parent_tid, VirtAddr child_tid,
                      uint64_t thread_pointer);
Result<int32_t> clone3(VirtAddr arguments, uint64_t size);

// exec.cpp
Result<void> execve(VirtAddr path, VirtAddr arguments, VirtAddr environment);
Result<void> execveat(int directory, VirtAddr path, VirtAddr arguments, VirtAddr environment, uint32_t flags);

// wait.cpp
Result<int32_t> wait4(int32_t pid, VirtAddr status, uint32_t options, VirtAddr usage);
Result<void> waitid(int type, int32_t id, VirtAddr info, uint32_t options, VirtAddr usage);

// reboot.cpp
Result<void> reboot(uint32_t first_magic, uint32_t second_magic, uint32_t command, VirtAddr argument);

// priority.cpp
Result<int> getpriority(int which, int32_t who);
Result<void> setpriority(int which, int32_t who, int nice);

// swap.cpp
Result<void> swapon(VirtAddr path, uint32_t flags);
Result<void> swapoff(VirtAddr path);

// thread.cpp
Result<void> arch_prctl(uint32_t code, VirtAddr address);
Result<int64_t> prctl(uint32_t option, uint64_t a, uint64_t b, uint64_t c, uint64_t d);
int32_t set_tid_address(VirtAddr address);
Result<void> set_robust_list(VirtAddr head, uint64_t size);
Result<void> get_robust_list(int32_t pid, VirtAddr head, VirtAddr size);

// rseq.cpp
Result<void> rseq(VirtAddr area, uint32_t size, int flags, uint32_t signature);

// limits.cpp
Result<void> getrlimit(uint32_t resource, VirtAddr limit);
Result<void> setrlimit(uint32_t resource, VirtAddr limit);
Result<void> prlimit64(int32_t pid, uint32_t resource, VirtAddr new_limit, VirtAddr old_limit);
Result<void> getrusage(int who, VirtAddr usage);
Result<int64_t> times(VirtAddr buffer);

// time.cpp
Result<void> clock_gettime(int clock, VirtAddr time);
Result<void> clock_getres(int clock, VirtAddr resolution);
Result<void> gettimeofday(VirtAddr time, VirtAddr zone);
Result<int64_t> time(VirtAddr seconds);

// sleep.cpp
Result<void> nanosleep(VirtAddr requested, VirtAddr remaining);
Result<void> clock_nanosleep(int clock, uint32_t flags, VirtAddr requested, VirtAddr remaining);

// signal.cpp
Result<void> kill(int32_t pid, int signal);
Result<void> tkill(int32_t tid, int signal);
Result<void> tgkill(int32_t pid, int32_t tid, int signal);
Result<void> rt_sigaction(int signal, VirtAddr action, VirtAddr old_action, uint64_t set_size);
Result<void> rt_sigprocmask(int how, VirtAddr set, VirtAddr old_set, uint64_t set_size);
Result<void> rt_sigpending(VirtAddr set, uint64_t set_size);
Result<void> sigaltstack(VirtAddr stack, VirtAddr old_stack);
int64_t rt_sigreturn();

// signal_wait.cpp
Result<void> pause();
Result<void> rt_sigsuspend(VirtAddr mask, uint64_t set_size);
Result<int> rt_sigtimedwait(VirtAddr set, VirtAddr info, VirtAddr timeout, uint64_t set_size);
Result<int64_t> restart_syscall();

// interval_timer.cpp
uint32_t alarm(uint32_t seconds);
Result<void> getitimer(int which, VirtAddr setting);
Result<void> setitimer(int which, VirtAddr setting, VirtAddr old_setting);

// posix_timer.cpp
Result<void> timer_create(int clock, VirtAddr event, VirtAddr id);
Result<void> timer_settime(int32_t id, int flags, VirtAddr setting, VirtAddr old_setting);
Result<void> timer_gettime(int32_t id, VirtAddr setting);
Result<uint32_t> timer_getoverrun(int32_t id);
Result<void> timer_delete(int32_t id);

// signal_queue.cpp
Result<void> rt_sigqueueinfo(int32_t pid, int signal, VirtAddr info);
Result<void> rt_tgsigqueueinfo(int32_t pid, int32_t tid, int signal, VirtAddr info);

// futex.cpp
Result<int64_t> futex(VirtAddr word, uint32_t operation, uint32_t value, VirtAddr timeout,
                      VirtAddr second_word, uint32_t bits);

// system.cpp
Result<void> uname(VirtAddr name);
Result<void> sysinfo(VirtAddr information);
Result<uint64_t> getrandom(VirtAddr buffer, uint64_t size, uint32_t flags);
Result<void> getcpu(VirtAddr processor, VirtAddr node);

} // namespace kernel::syscalls
