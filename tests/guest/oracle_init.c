// oracle_init.c: the first process of the Linux that records what the guest tests must do. It runs every
// test of the list in /oracle/tests as a child and writes what happened to the serial line as text:
//     begin NAME
//     out HEX             as many lines as needed
//     status N            the exit status, or 128 + the signal that killed it
//     done                after the last test
//
// The list has, for each test: `test NAME`, `run PATH`, `arg WORD`..., `env WORD`..., `stdin PATH`, `tty
// DIGITS`, `beside PATH`, `besidearg WORD`..., `end`; and at its beginning `fresh DIRECTORY` lines: what is
// in there is for each test as it was at first, whatever the tests before it have done to it.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { MaxWords = 64, SecondsPerTest = 60, MillisecondsBetweenLooks = 20, Columns = 100, Rows = 30 };

struct Test {
    char name[256], stdin_path[256], tty[8];
    char *argv[MaxWords], *env[MaxWords], *beside[MaxWords];
    int argc, envc, besidec;
};

static FILE *serial;

static void die(const char *what)
{
    fprintf(serial ? serial : stdout, "failed %s: %s\n", what, strerror(errno));
    fflush(NULL);
    reboot(RB_POWER_OFF);
}

// A pair of descriptors {ours, the child's} for one of 0, 1, 2; a terminal's are made once, in `terminal`.
static void make_ends(int ends[2], int number, const char *tty, int terminal[2])
{
    if (strchr(tty, '0' + number) && *tty) {
        ends[0] = terminal[0];
        ends[1] = terminal[1];
        return;
    }
    int p[2];
    if (pipe2(p, O_CLOEXEC)) die("pipe");
    ends[0] = number == 0 ? p[1] : p[0];
    ends[1] = number == 0 ? p[0] : p[1];
}

// Raw, so that the bytes of a test are the same through a terminal and through a pipe.
static void make_terminal(int terminal[2])
{
    terminal[0] = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal[0] < 0 || grantpt(terminal[0]) || unlockpt(terminal[0])) die("pty");
    terminal[1] = open(ptsname(terminal[0]), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal[1] < 0) die("pty slave");
    struct termios attributes;
    tcgetattr(terminal[1], &attributes);
    cfmakeraw(&attributes);
    tcsetattr(terminal[1], TCSANOW, &attributes);
    struct winsize size = {.ws_row = Rows, .ws_col = Columns};
    ioctl(terminal[1], TIOCSWINSZ, &size);
}

static pid_t start(char **argv, char **env, int in, int out, int err)
{
    pid_t pid = fork();
    if (pid) return pid;
    setsid();
    if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(96);
    for (int i = 0; i < 3; ++i) {
        if (isatty(i)) ioctl(i, TIOCSCTTY, 0);
    }
    if (close_range(3, ~0u, 0)) _exit(96);
    execve(argv[0], argv, env);
    _exit(95);
}

static void print_hex(const unsigned char *bytes, ssize_t n)
{
    for (ssize_t at = 0; at < n; at += 500) {
        fputs("out ", serial);
        for (ssize_t i = at; i < n && i < at + 500; ++i) fprintf(serial, "%02x", bytes[i]);
        fputs("\n", serial);
    }
}

// As the first process must, it waits for whoever has no other parent. The program's own status, or -1 before
// its end.
static int reap(pid_t pid)
{
    static int status;
    static pid_t ended;
    int one;
    for (pid_t child; (child = waitpid(-1, &one, WNOHANG)) > 0;) {
        if (child == pid) ended = pid, status = one;
    }
    return ended == pid ? status : -1;
}

// Everything from the program until both streams end; kills it when it takes too long.
static void collect(pid_t pid, int out, int err)
{
    time_t limit = time(NULL) + SecondsPerTest;
    struct pollfd streams[2] = {{out, POLLIN, 0}, {err, POLLIN, 0}};
    if (out == err) streams[1].fd = -1;
    while (streams[0].fd >= 0 || streams[1].fd >= 0) {
        if (time(NULL) >= limit) {
            fprintf(serial, "timeout\n");
            kill(pid, SIGKILL);
            return;
        }
        reap(pid);
        if (poll(streams, 2, MillisecondsBetweenLooks) <= 0) continue;
        for (int i = 0; i < 2; ++i) {
            if (streams[i].fd < 0 || !streams[i].revents) continue;
            static unsigned char bytes[1 << 16];
            ssize_t n = read(streams[i].fd, bytes, sizeof bytes);
            if (n <= 0)
                streams[i].fd = -1;
            else if (i == 0)
                print_hex(bytes, n);
        }
    }
}

static void feed(int fd, const char *path)
{
    if (!*path) return;
    int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0) die(path);
    fcntl(fd, F_SETPIPE_SZ, 1 << 20);
    static char bytes[1 << 20];
    ssize_t n = read(from, bytes, sizeof bytes);
    if (write(fd, bytes, (size_t)n) != n) die("stdin");
    close(from);
}

static void run(struct Test *test)
{
    int terminal[2] = {-1, -1}, in[2], out[2], err[2];
    if (*test->tty) make_terminal(terminal);
    make_ends(in, 0, test->tty, terminal);
    make_ends(out, 1, test->tty, terminal);
    make_ends(err, 2, test->tty, terminal);
    feed(in[0], test->stdin_path);

    pid_t beside = -1;
    if (test->besidec) {
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        char *nothing[] = {NULL};
        beside = start(test->beside, nothing, null, null, null);
        close(null);
    }
    fprintf(serial, "begin %s\n", test->name);
    pid_t pid = start(test->argv, test->env, in[1], out[1], err[1]);
    close(in[1]), close(out[1]), close(err[1]);
    if (in[0] != terminal[0]) close(in[0]);
    collect(pid, out[0], err[0]);
    int status;
    while ((status = reap(pid)) < 0) usleep(1000);
    fprintf(serial, "status %d\n", WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
    close(in[0]), close(out[0]), close(err[0]);
    if (beside > 0) {
        kill(beside, SIGKILL);
        waitpid(beside, NULL, 0);
    }
}

static void mount_all(void)
{
    mkdir("/proc", 0755), mkdir("/dev", 0755);
    if (mount("proc", "/proc", "proc", 0, NULL)) die("mount proc");
    mount("dev", "/dev", "devtmpfs", 0, NULL);
    mkdir("/dev/pts", 0755);
    if (mount("pts", "/dev/pts", "devpts", 0, NULL)) die("mount devpts");
    mkdir("/dev/shm", 01777), mkdir("/tmp", 01777);
    if (mount("shm", "/dev/shm", "tmpfs", 0, "mode=1777")) die("mount /dev/shm");
    if (mount("tmp", "/tmp", "tmpfs", 0, "mode=1777")) die("mount /tmp");
}

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from);
}

enum { MaxFresh = 16, MaxPath = 512 };
static char fresh[MaxFresh][256];
static int fresh_count;

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status, (void)kind, (void)at;
    return remove(path);
}

static void copy_contents(const char *from, const char *to, mode_t mode)
{
    static char bytes[1 << 16];
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (in < 0 || out < 0) die(to);
    for (ssize_t n; (n = read(in, bytes, sizeof bytes)) > 0;) {
        if (write(out, bytes, (size_t)n) != n) die(to);
    }
    close(in), close(out);
}

// A file or directory below /oracle/fresh, to where it belongs: the same path without that.
static int copy_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)at;
    const char *to = path + strlen("/oracle/fresh");
    if (kind == FTW_D) {
        if (mkdir(to, status->st_mode & 07777)) die(to);
        return 0;
    }
    copy_contents(path, to, status->st_mode & 07777);
    struct timespec times[2] = {status->st_mtim, status->st_mtim};
    return utimensat(AT_FDCWD, to, times, 0);
}

static void keep_fresh(const char *directory)
{
    if (fresh_count == MaxFresh) die("too many directories");
    copy(fresh[fresh_count], sizeof fresh[0], directory);
    char kept[MaxPath];
    snprintf(kept, sizeof kept, "/oracle/fresh%.256s", fresh[fresh_count++]);
    mkdir("/oracle/fresh", 0755);
    if (rename(directory, kept)) die(directory);
}

static void make_fresh(void)
{
    for (int i = 0; i < fresh_count; ++i) {
        char kept[MaxPath];
        snprintf(kept, sizeof kept, "/oracle/fresh%.256s", fresh[i]);
        nftw(fresh[i], remove_one, 16, FTW_DEPTH | FTW_PHYS);
        if (nftw(kept, copy_one, 16, FTW_PHYS)) die(fresh[i]);
    }
}

int main(void)
{
    mount_all();
    serial = fopen("/dev/ttyS0", "w");
    if (!serial) die("serial line");
    struct termios attributes;
    tcgetattr(fileno(serial), &attributes);
    cfmakeraw(&attributes);
    tcsetattr(fileno(serial), TCSANOW, &attributes);
    setvbuf(serial, NULL, _IOLBF, 0);
    fcntl(fileno(serial), F_SETFD, FD_CLOEXEC);

    struct utsname name;
    uname(&name);
    fprintf(serial, "kernel %s\n", name.release);
    FILE *list = fopen("/oracle/tests", "re");
    if (!list) die("/oracle/tests");

    static struct Test test;
    static char line[8192];
    while (fgets(line, sizeof line, list)) {
        line[strcspn(line, "\n")] = 0;
        char *value = strchr(line, ' ');
        if (value)
            *value++ = 0;
        else
            value = line + strlen(line);
        if (!strcmp(line, "fresh")) keep_fresh(value);
        if (!strcmp(line, "test")) {
            memset(&test, 0, sizeof test);
            copy(test.name, sizeof test.name, value);
        }
        if (!strcmp(line, "run") || !strcmp(line, "arg")) test.argv[test.argc++] = strdup(value);
        if (!strcmp(line, "env")) test.env[test.envc++] = strdup(value);
        if (!strcmp(line, "beside") || !strcmp(line, "besidearg"))
            test.beside[test.besidec++] = strdup(value);
        if (!strcmp(line, "stdin")) copy(test.stdin_path, sizeof test.stdin_path, value);
        if (!strcmp(line, "tty")) copy(test.tty, sizeof test.tty, value);
        if (!strcmp(line, "end")) make_fresh(), run(&test);
    }
    fprintf(serial, "done\n");
    fflush(serial);
    tcdrain(fileno(serial));
    reboot(RB_POWER_OFF);
}
