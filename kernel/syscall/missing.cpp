// The system calls of Linux 6.1 for x86-64 that Vitrine does not have: they answer ENOSYS, and their names
// are for logs and docs/abi-coverage.md.
#include "kernel/syscall/table.hpp"

namespace kernel {

namespace {

// clang-format off
constexpr MissingSyscall missing[] = {
    {29, "shmget"}, {30, "shmat"}, {31, "shmctl"}, {41, "socket"}, {42, "connect"}, {43, "accept"},
    {44, "sendto"}, {45, "recvfrom"}, {46, "sendmsg"}, {47, "recvmsg"}, {48, "shutdown"}, {49, "bind"},
    {50, "listen"}, {51, "getsockname"}, {52, "getpeername"}, {53, "socketpair"}, {54, "setsockopt"},
    {55, "getsockopt"}, {64, "semget"}, {65, "semop"}, {66, "semctl"}, {67, "shmdt"}, {68, "msgget"},
    {69, "msgsnd"}, {70, "msgrcv"}, {71, "msgctl"}, {78, "getdents"}, {101, "ptrace"}, {103, "syslog"},
    {125, "capget"}, {126, "capset"}, {134, "uselib"}, {135, "personality"}, {136, "ustat"}, {139, "sysfs"},
    {142, "sched_setparam"}, {143, "sched_getparam"}, {144, "sched_setscheduler"},
    {145, "sched_getscheduler"}, {146, "sched_get_priority_max"}, {147, "sched_get_priority_min"},
    {148, "sched_rr_get_interval"}, {153, "vhangup"}, {154, "modify_ldt"}, {155, "pivot_root"},
    {156, "_sysctl"}, {159, "adjtimex"}, {161, "chroot"}, {163, "acct"}, {164, "settimeofday"},
    {165, "mount"}, {166, "umount2"}, {170, "sethostname"}, {171, "setdomainname"}, {172, "iopl"},
    {173, "ioperm"}, {174, "create_module"}, {175, "init_module"}, {176, "delete_module"},
    {177, "get_kernel_syms"}, {178, "query_module"}, {179, "quotactl"}, {180, "nfsservctl"}, {181, "getpmsg"},
    {182, "putpmsg"}, {183, "afs_syscall"}, {184, "tuxcall"}, {185, "security"},
    {205, "set_thread_area"}, {206, "io_setup"}, {207, "io_destroy"}, {208, "io_getevents"},
    {209, "io_submit"}, {210, "io_cancel"}, {211, "get_thread_area"}, {212, "lookup_dcookie"},
    {213, "epoll_create"}, {214, "epoll_ctl_old"}, {215, "epoll_wait_old"}, {216, "remap_file_pages"},
    {220, "semtimedop"}, {227, "clock_settime"}, {232, "epoll_wait"}, {233, "epoll_ctl"}, {236, "vserver"},
    {237, "mbind"}, {238, "set_mempolicy"}, {239, "get_mempolicy"}, {240, "mq_open"}, {241, "mq_unlink"},
    {242, "mq_timedsend"}, {243, "mq_timedreceive"}, {244, "mq_notify"}, {245, "mq_getsetattr"},
    {246, "kexec_load"}, {248, "add_key"}, {249, "request_key"}, {250, "keyctl"}, {251, "ioprio_set"},
    {252, "ioprio_get"}, {253, "inotify_init"}, {254, "inotify_add_watch"}, {255, "inotify_rm_watch"},
    {256, "migrate_pages"}, {272, "unshare"}, {275, "splice"}, {276, "tee"}, {278, "vmsplice"},
    {279, "move_pages"}, {281, "epoll_pwait"}, {282, "signalfd"}, {283, "timerfd_create"}, {284, "eventfd"},
    {286, "timerfd_settime"}, {287, "timerfd_gettime"}, {288, "accept4"}, {289, "signalfd4"},
    {290, "eventfd2"}, {291, "epoll_create1"}, {294, "inotify_init1"}, {298, "perf_event_open"},
    {299, "recvmmsg"}, {300, "fanotify_init"}, {301, "fanotify_mark"}, {303, "name_to_handle_at"},
    {304, "open_by_handle_at"}, {305, "clock_adjtime"}, {307, "sendmmsg"}, {308, "setns"},
    {310, "process_vm_readv"}, {311, "process_vm_writev"}, {312, "kcmp"}, {313, "finit_module"},
    {314, "sched_setattr"}, {315, "sched_getattr"}, {317, "seccomp"}, {320, "kexec_file_load"}, {321, "bpf"},
    {323, "userfaultfd"}, {324, "membarrier"}, {329, "pkey_mprotect"}, {330, "pkey_alloc"},
    {331, "pkey_free"}, {333, "io_pgetevents"}, {424, "pidfd_send_signal"}, {425, "io_uring_setup"},
    {426, "io_uring_enter"}, {427, "io_uring_register"}, {428, "open_tree"}, {429, "move_mount"},
    {430, "fsopen"}, {431, "fsconfig"}, {432, "fsmount"}, {433, "fspick"}, {434, "pidfd_open"},
    {437, "openat2"}, {438, "pidfd_getfd"}, {440, "process_madvise"},
    {441, "epoll_pwait2"}, {442, "mount_setattr"}, {443, "quotactl_fd"}, {444, "landlock_create_ruleset"},
    {445, "landlock_add_rule"}, {446, "landlock_restrict_self"}, {447, "memfd_secret"},
    {448, "process_mrelease"}, {449, "futex_waitv"}, {450, "set_mempolicy_home_node"},
};
// clang-format on

} // namespace

std::span<const MissingSyscall> missing_syscalls()
{
    return missing;
}

} // namespace kernel
