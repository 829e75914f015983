// execve(2) and execveat(2) that fail: why, and that the old program goes on with all it had.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
#include "bad_pointers.h"
#include "files.h"
#include "handlers.h"

static char *const arguments[] = {"again", "end", NULL};
static char *const nothing[] = {NULL};
static char large[200000];

static long run(const char *path)
{
    return sys_execve(path, arguments, nothing);
}

static void make_file(const char *path, const char *bytes, long size, long mode)
{
    long fd = sys_open(path, O_CREAT | O_TRUNC | O_WRONLY, mode);
    if (fd < 0 || sys_write(fd, bytes, (size_t)size) != size) SAY("cannot write %s", path);
    sys_close(fd);
}

static void nobody(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        SAY("another program: %s", argv[1]);
        return 21;
    }
    map_at(BASE + 8 * GIB, PAGE, PROT_READ | PROT_WRITE);
    BASE[8 * GIB] = 'm';
    handle(SIGUSR1, nobody, 0, 0);
    SHOW(sys_open("/dev/null", O_RDONLY | O_CLOEXEC, 0));
    SAY("paths");
    SHOW(run("/no/such/program"));
    SHOW(run(""));
    SHOW(run("/"));
    SHOW(run("/dev/null"));
    SHOW(run("/data/text.txt"));
    SHOW(run("/data/text.txt/x"));
    SHOW(run("/proc/self/maps"));
    memset(large, 'a', 5000);
    large[0] = '/';
    SHOW(run(large));
    large[256] = 0;
    SHOW(run(large));
    large[257] = 0, large[256] = 'a';
    SHOW(run(large));
    SHOW(sys_symlink("/tmp/loop", "/tmp/loop"));
    SHOW(run("/tmp/loop"));
    SAY("not executable, or no program");
    make_file("/tmp/plain",
              "\x7f"
              "ELF",
              4, 0644);
    SHOW(run("/tmp/plain"));
    make_file("/tmp/empty", "", 0, 0755);
    SHOW(run("/tmp/empty"));
    make_file("/tmp/short",
              "\x7f"
              "ELF",
              4, 0755);
    SHOW(run("/tmp/short"));
    memset(large, 'x', sizeof large);
    make_file("/tmp/letters", large, 100000, 0755);
    SHOW(run("/tmp/letters"));
    memset(large, 0, sizeof large);
    make_file("/tmp/zeros", large, 100000, 0755);
    SHOW(run("/tmp/zeros"));
    SAY("pointers");
    WITH_BAD_POINTERS(sys_execve(bad, arguments, nothing));
    WITH_BAD_POINTERS(bad ? sys_execve("/proc/self/exe", (char *const *)bad, nothing) : -EFAULT);
    WITH_BAD_POINTERS(bad ? sys_execve("/proc/self/exe", arguments, (char *const *)bad) : -EFAULT);
    char *with_bad[] = {"again", (char *)0x1000, NULL};
    SHOW(sys_execve("/proc/self/exe", with_bad, nothing));
    SHOW(sys_execve("/proc/self/exe", arguments, with_bad));
    char **unterminated = (char **)last_bytes(8);
    *unterminated = "again";
    SHOW(sys_execve("/proc/self/exe", unterminated, nothing));
    SAY("execveat");
    long root = sys_open("/", O_RDONLY | O_DIRECTORY, 0), self = sys_open("/proc/self/exe", O_RDONLY, 0);
    SHOW(sys_execveat(99, "x", arguments, nothing, 0));
    SHOW(sys_execveat(self, "x", arguments, nothing, 0));
    SHOW(sys_execveat(root, "no/such", arguments, nothing, 0));
    SHOW(sys_execveat(self, "", arguments, nothing, 0));
    SHOW(sys_execveat(root, "no/such", arguments, nothing, 0x10));
    SHOW(sys_execveat(root, "", arguments, nothing, AT_EMPTY_PATH));
    SHOW(sys_execveat(root, "tmp/loop", arguments, nothing, AT_SYMLINK_NOFOLLOW));
    SHOW(sys_execveat(-1, "", arguments, nothing, AT_EMPTY_PATH));

    SAY("nothing has changed");
    struct KernelAction action;
    IS(BASE[8 * GIB] == 'm');
    sys_rt_sigaction(SIGUSR1, NULL, &action, 8);
    IS(action.handler == (unsigned long)nobody);
    SHOW(sys_fcntl(3, F_GETFD, 0));
    SAY("a program that is there");
    static const char *const removed[] = {"loop", "plain", "empty", "short", "letters", "zeros"};
    sys_chdir("/tmp");
    for (size_t i = 0; i < sizeof removed / sizeof *removed; ++i) sys_unlink(removed[i]);
    sys_execveat(self, "", arguments, nothing, AT_EMPTY_PATH);
    SAY("not reached");
    return 1;
}
