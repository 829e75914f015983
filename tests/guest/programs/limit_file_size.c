// RLIMIT_FSIZE: a file grows up to it; then EFBIG and SIGXFSZ. Pipes and devices have no such limit.
// libc: none
#include "files.h"
#include "handlers.h"

static volatile int got;
static void note(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    got = signal;
}
static char bytes[10000];

static void show_signal(void)
{
    SAY("    %s", got ? signal_name(got) : "no signal");
    got = 0;
}
static int killed(void)
{
    by_default(SIGXFSZ);
    long fd = sys_open("file", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    SHOW(sys_write(fd, bytes, 6000));
    sys_write(fd, bytes, 1);
    return 0;
}

int main(void)
{
    enter_place("/tmp/limit_file_size");
    struct rlimit limit = {5000, RLIM_INFINITY};
    SHOW(sys_setrlimit(RLIMIT_FSIZE, &limit));
    handle(SIGXFSZ, note, 0, 0);
    long fd = SHOW(sys_open("file", O_RDWR | O_CREAT, 0644));
    SAY("up to it");
    SHOW(sys_write(fd, bytes, 4000));
    show_signal();
    SHOW(sys_write(fd, bytes, 4000));
    show_signal();
    SHOW(sys_write(fd, bytes, 1));
    show_signal();
    SHOW(sys_write(fd, bytes, 0));
    show_signal();
    SHOW(size_of(fd));
    SAY("at an offset");
    SHOW(sys_pwrite64(fd, bytes, 10, 4995));
    show_signal();
    SHOW(sys_pwrite64(fd, bytes, 10, 5000));
    show_signal();
    SHOW(sys_pwrite64(fd, bytes, 10, 100000));
    show_signal();
    SAY("truncate");
    SHOW(sys_ftruncate(fd, 5000));
    SHOW(sys_ftruncate(fd, 5001));
    show_signal();
    SHOW(sys_truncate("file", 6000));
    show_signal();
    SHOW(sys_fallocate(fd, 0, 0, 6000));
    show_signal();
    SHOW(size_of(fd));
    SAY("not of pipes and devices");
    int ends[2];
    make_pipe(ends);
    SHOW(sys_write(ends[1], bytes, 6000));
    long null = sys_open("/dev/null", O_WRONLY, 0);
    SHOW(sys_write(null, bytes, 10000));
    SAY("ignored: only the error");
    ignore(SIGXFSZ);
    SHOW(sys_pwrite64(fd, bytes, 1, 5000));
    SAY("by default it kills");
    show_end("    it", start(killed));
    SHOW(stat_of("file").size);
    SAY("a limit of nothing, and none");
    limit.rlim_cur = 0;
    SHOW(sys_setrlimit(RLIMIT_FSIZE, &limit));
    SHOW(sys_pwrite64(fd, bytes, 1, 0));
    limit.rlim_cur = RLIM_INFINITY;
    SHOW(sys_setrlimit(RLIMIT_FSIZE, &limit));
    SHOW(sys_pwrite64(fd, bytes, 10000, 5000));
    SHOW(size_of(fd));
    SHOW(sys_unlink("file"));
    leave_place("/tmp/limit_file_size");
    return 0;
}
