// init.c: the first process of the Linux that is measured. Loads the drivers of the virtio disk, mounts it,
// runs membench once per group as /arguments says, writes everything to the serial line and turns the machine
// off.
//
// The kernel makes words of its command line that it does not know variables of this process's environment:
// swap=DEVICE      a disk to swap to, formatted already
// page_cluster=N   how much to read at once when a page comes back, 2 to the power of N pages (Linux: 3)
//
// Lines of its own begin with `info`; `MB_USERLAND` comes first, `MB_END` last.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MaxWords = 32, Passes = 6 };

// Whether the module is in the kernel now.
static int load(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    int done = syscall(SYS_finit_module, fd, "", 0) == 0 || errno == EEXIST;
    close(fd);
    return done;
}

// Which needs which differs between kernels: all are tried until all are in.
static void load_modules(void)
{
    for (int pass = 0; pass < Passes; ++pass) {
        DIR *modules = opendir("/lib");
        if (!modules) return;
        int missing = 0;
        for (struct dirent *entry; (entry = readdir(modules));) {
            char path[300];
            snprintf(path, sizeof path, "/lib/%s", entry->d_name);
            if (entry->d_name[0] != '.' && !load(path)) ++missing;
        }
        closedir(modules);
        if (!missing) return;
    }
    printf("info not every module could be loaded\n");
}

static void print_file(const char *label, const char *path)
{
    char text[2000] = "";
    FILE *file = fopen(path, "r");
    if (!file) return;
    if (fgets(text, sizeof text, file)) {
        text[strcspn(text, "\n")] = 0;
        printf("info %s %s\n", label, text);
    }
    fclose(file);
}

static void run(char **words)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        execv(words[0], words);
        _exit(127);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    if (status) printf("info %s %s: status %x\n", words[0], words[1] ? words[1] : "", status);
}

// Each line of /arguments is one run: words with single blanks between them.
static void run_all(void)
{
    char line[1000];
    FILE *file = fopen("/arguments", "re");
    if (!file) {
        printf("info no /arguments\n");
        return;
    }
    while (fgets(line, sizeof line, file)) {
        char *words[MaxWords + 1] = {0}, *rest = line;
        int n = 0;
        for (char *word; n < MaxWords && (word = strsep(&rest, " \n"));)
            if (*word) words[n++] = word;
        if (n) run(words);
    }
    fclose(file);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file)) printf("info %s: %s\n", path, strerror(errno));
}

static void start_swapping(void)
{
    const char *disk = getenv("swap"), *cluster = getenv("page_cluster");
    if (cluster) write_file("/proc/sys/vm/page-cluster", cluster);
    if (disk && swapon(disk, 0)) printf("info no swap: %s\n", strerror(errno));
    if (disk) print_file("page_cluster", "/proc/sys/vm/page-cluster");
}

int main(void)
{
    mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
    int serial = open("/dev/ttyS0", O_RDWR | O_NOCTTY);
    for (int i = 0; i < 3; ++i) dup2(serial, i);
    printf("MB_USERLAND\n");
    fflush(stdout);
    mount("proc", "/proc", "proc", 0, NULL);
    mount("sysfs", "/sys", "sysfs", 0, NULL);
    struct utsname name;
    uname(&name);
    printf("info kernel %s\n", name.release);
    print_file("cmdline", "/proc/cmdline");
    print_file("clocksource", "/sys/devices/system/clocksource/clocksource0/current_clocksource");
    load_modules();
    if (mount("/dev/vda", "/mnt", "ext4", MS_NOATIME, NULL)) printf("info no ext4: %s\n", strerror(errno));
    start_swapping();
    run_all();
    printf("MB_END\n");
    fflush(stdout);
    reboot(RB_POWER_OFF);
    return 0;
}
