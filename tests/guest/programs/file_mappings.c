// mmap(2) of tmpfs files, shared and private: with read and write, children, truncation under a
// mapping, SIGBUS.
// libc: none
// room: 4
#include "areas.h"
#include "files.h"
#include "handlers.h"

static long fd;
static char bytes[8 * PAGE];

static long map(char *address, long size, long protection, long flags, long offset)
{
    return sys_mmap(address, (size_t)size, protection, flags | MAP_FIXED, fd, offset);
}

static volatile int faults;
static unsigned long resume;
static void bus(int signal, siginfo_t *info, void *context)
{
    SAY("    %s, code %d, at +0x%lx", signal_name(signal), info->si_code,
        (unsigned long)((char *)info->si_addr - BASE));
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] = (long)resume;
    ++faults;
}
#define TRY(instruction, address)                                                                            \
    __asm__ volatile("lea 9f(%%rip), %%rax; mov %%rax, %0\n" instruction "\n9:"                              \
                     : "=m"(resume)                                                                          \
                     : "r"(address)                                                                          \
                     : "rax", "memory")

static void shared(void)
{
    SAY("shared: one memory for all");
    SHOW_AT(BASE, map(BASE, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0));
    SHOW_AT(BASE, map(BASE + GIB, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, PAGE) - GIB);
    BASE[PAGE] = 'm';
    SAY("    %c", BASE[GIB]);
    SHOW(sys_pwrite64(fd, "write", 5, 100));
    SAY("    %c%c", BASE[100], BASE[104]);
    BASE[102] = 'Z';
    char text[8] = "";
    SHOW(sys_pread64(fd, text, 5, 100));
    SAY("    %s", text);
    IS(frame_of(BASE + PAGE) == frame_of(BASE + GIB));
    SAY("in a child as well");
    long child = sys_fork();
    if (child == 0) {
        BASE[2 * PAGE] = 'c';
        sys_pwrite64(fd, "C", 1, 3 * PAGE);
        leave(0);
    }
    show_end("    it", child);
    SAY("    %c%c", BASE[2 * PAGE], BASE[3 * PAGE]);
    SHOW(sys_msync(BASE, 4 * PAGE, MS_SYNC));
    SAY("and afterwards, through another name");
    SHOW(sys_link("file", "second"));
    long second = sys_open("second", O_RDWR, 0);
    SHOW(sys_pread64(second, text, 1, 2 * PAGE));
    SAY("    %c", text[0]);
    sys_close(second);
    SHOW(sys_unlink("second"));
}

static void private(void)
{
    SAY("private: a copy at the first write");
    SHOW_AT(BASE, map(BASE, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0));
    (void)peek(BASE);
    SHOW(sys_pwrite64(fd, "11111", 5, 0)); // not yet copied
    SAY("    %c", BASE[0]);
    BASE[1] = 'p';
    SHOW(sys_pwrite64(fd, "22222", 5, 0));
    SAY("    %c%c%c", BASE[0], BASE[1], BASE[2]);
    char text[8] = "";
    sys_pread64(fd, text, 5, 0);
    SAY("    %s", text);
    long child = sys_fork();
    if (child == 0) {
        BASE[2] = 'q';
        SAY("    child: %c%c%c", BASE[0], BASE[1], BASE[2]);
        leave(0);
    }
    show_end("    it", child);
    SAY("    %c%c%c", BASE[0], BASE[1], BASE[2]);
    SHOW(sys_madvise(BASE, PAGE, MADV_DONTNEED));
    SAY("    %c%c%c", BASE[0], BASE[1], BASE[2]);
}

static void truncated(void)
{
    SAY("past the end: SIGBUS");
    handle(SIGBUS, bus, SA_SIGINFO, 0);
    SHOW(sys_ftruncate(fd, 2 * PAGE + 100));
    SHOW_AT(BASE, map(BASE, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0));
    memset(bytes, 'f', sizeof bytes);
    sys_pwrite64(fd, bytes, 2 * PAGE + 100, 0);
    IS(BASE[2 * PAGE + 99] == 'f' && BASE[2 * PAGE + 100] == 0);
    TRY("movb $1, (%1)", BASE + 3 * PAGE);
    TRY("mov (%1), %%al", BASE + 3 * PAGE + 5);
    SHOW(sys_write(1, BASE + 3 * PAGE, 1));
    SAY("what is written behind the end in the last page does not count");
    BASE[2 * PAGE + 200] = 'x';
    SHOW(size_of(fd));
    SHOW(sys_ftruncate(fd, 2 * PAGE + 50));
    SHOW(sys_ftruncate(fd, 3 * PAGE));
    IS(all_are(BASE + 2 * PAGE + 50, 0, PAGE - 50));
    SAY("truncated under a mapping");
    BASE[PAGE] = 'y';
    SHOW(sys_ftruncate(fd, PAGE));
    TRY("mov (%1), %%al", BASE + PAGE);
    SHOW(sys_ftruncate(fd, 4 * PAGE));
    IS(all_are(BASE + PAGE, 0, 3 * PAGE));
    SAY("and under a private one with a copy of its own");
    SHOW_AT(BASE, map(BASE, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0));
    BASE[PAGE] = 'y';
    BASE[2 * PAGE] = 'y';
    SHOW(sys_ftruncate(fd, PAGE));
    TRY("mov (%1), %%al", BASE + PAGE);
    SHOW(sys_ftruncate(fd, 4 * PAGE));
    IS(BASE[PAGE] == 0 && BASE[2 * PAGE] == 0);
    SAY("a hole is read as zero and filled by a write");
    SHOW(sys_ftruncate(fd, 0));
    SHOW(sys_ftruncate(fd, 4 * PAGE));
    SHOW_AT(BASE, map(BASE, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0));
    IS(all_are(BASE, 0, 4 * PAGE));
    BASE[3 * PAGE] = 'h';
    char byte = 0;
    SHOW(sys_pread64(fd, &byte, 1, 3 * PAGE));
    SAY("    %c", byte);
}

int main(void)
{
    enter_place("/tmp/file_mappings");
    fd = sys_open("file", O_RDWR | O_CREAT, 0644);
    memset(bytes, 'o', sizeof bytes);
    SHOW(sys_write(fd, bytes, sizeof bytes));
    shared();
    private();
    truncated();
    SAY("what the descriptor allows");
    long kept = fd;
    fd = sys_open("file", O_RDONLY, 0);
    SHOW_AT(BASE, map(BASE, PAGE, PROT_READ, MAP_SHARED, 0));
    SHOW(sys_mprotect(BASE, PAGE, PROT_READ | PROT_WRITE));
    SHOW(map(BASE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0));
    SHOW_AT(BASE, map(BASE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0));
    sys_close(fd);
    fd = sys_open("file", O_WRONLY, 0);
    SHOW(map(BASE, PAGE, PROT_READ, MAP_PRIVATE, 0));
    SHOW(map(BASE, PAGE, PROT_WRITE, MAP_SHARED, 0));
    sys_close(fd);
    fd = kept;
    SAY("the mapping outlives descriptor and name");
    SHOW_AT(BASE, map(BASE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0));
    BASE[0] = 'k';
    SHOW(sys_unlink("file"));
    SHOW(sys_close(fd));
    SAY("    %c", BASE[0]);
    BASE[PAGE] = 'l';
    long child = sys_fork();
    if (child == 0) leave(BASE[0] == 'k' && BASE[PAGE] == 'l' ? 0 : 1);
    show_end("    it", child);
    SHOW(sys_munmap(BASE, 2 * PAGE));
    leave_place("/tmp/file_mappings");
    return 0;
}
