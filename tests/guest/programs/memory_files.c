// memfd_create(2): files without names, shared with children, found in /proc, with seals.
// libc: none
// room: 4
#include "bad_pointers.h"
#include "children.h"
#include "files.h"

#ifndef MFD_CLOEXEC
#define MFD_CLOEXEC 1
#define MFD_ALLOW_SEALING 2
#endif
#ifndef F_ADD_SEALS
#define F_ADD_SEALS 1033
#define F_GET_SEALS 1034
#define F_SEAL_SEAL 1
#define F_SEAL_SHRINK 2
#define F_SEAL_GROW 4
#define F_SEAL_WRITE 8
#endif

static void show_link(long fd)
{
    char path[] = "/proc/self/fd/0", text[64];
    path[14] = (char)('0' + fd);
    long n = sys_readlink(path, text, sizeof text - 1);
    text[n > 0 ? n : 0] = 0;
    SAY("    %s", text);
}

int main(void)
{
    char text[16] = "";
    SAY("a file without a name");
    long fd = SHOW(sys_memfd_create("a name", 0));
    show_link(fd);
    struct KernelStat found;
    SHOW(sys_fstat(fd, &found));
    SAY("    mode %x, %lu links, %ld bytes", found.mode, found.links, found.size);
    SHOW(sys_write(fd, "hello", 5));
    SHOW(sys_ftruncate(fd, 2 * PAGE));
    SHOW(sys_lseek(fd, 0, SEEK_SET));
    SHOW(sys_read(fd, text, 5));
    SAY("    %s", text);
    SHOW(sys_fcntl(fd, F_GETFL, 0) & O_ACCMODE);
    SHOW(sys_fcntl(fd, F_GETFD, 0));
    SAY("mapped, shared with a child");
    SHOW_AT(BASE, sys_mmap(BASE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0));
    long child = sys_fork();
    if (child == 0) {
        BASE[PAGE] = 'c';
        leave(0);
    }
    show_end("    it", child);
    SAY("    %c%c", BASE[0], BASE[PAGE]);
    SAY("opened anew through /proc");
    char path[] = "/proc/self/fd/0";
    path[14] = (char)('0' + fd);
    long second = sys_open(path, O_RDONLY, 0);
    SHOW(sys_pread64(second, text, 1, PAGE));
    SAY("    %c", text[0]);
    sys_close(second);
    SHOW(sys_fcntl(fd, F_GET_SEALS, 0));
    SHOW(sys_fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
    SHOW(sys_close(fd));
    SAY("    %c", BASE[PAGE]);
    sys_munmap(BASE, 2 * PAGE);

    SAY("seals");
    fd = sys_memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    SHOW(sys_fcntl(fd, F_GETFD, 0));
    SHOW(sys_fcntl(fd, F_GET_SEALS, 0));
    SHOW(sys_ftruncate(fd, PAGE));
    SHOW(sys_fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
    SHOW(sys_ftruncate(fd, 100));
    SHOW(sys_ftruncate(fd, 2 * PAGE));
    SHOW(sys_fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
    SHOW(sys_ftruncate(fd, 3 * PAGE));
    SHOW(sys_pwrite64(fd, "x", 1, 2 * PAGE));
    SHOW(sys_pwrite64(fd, "x", 1, 0));
    SHOW_AT(BASE, sys_mmap(BASE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0));
    SHOW(sys_fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    SHOW(sys_munmap(BASE, PAGE));
    SHOW(sys_fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    SHOW(sys_pwrite64(fd, "x", 1, 0));
    SHOW(sys_mmap(BASE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0));
    SHOW_AT(BASE, sys_mmap(BASE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 0));
    SHOW(sys_fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));
    SHOW(sys_fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
    SHOW(sys_fcntl(fd, F_GET_SEALS, 0));
    SHOW(sys_close(fd));
    SAY("refused");
    SHOW(sys_memfd_create("x", 0x100));
    char name[300];
    memset(name, 'n', sizeof name);
    name[249] = 0;
    SHOW(sys_close(sys_memfd_create(name, 0)));
    name[249] = 'n', name[250] = 0;
    SHOW(sys_memfd_create(name, 0));
    WITH_BAD_POINTERS(sys_memfd_create(bad, 0));
    SHOW(sys_fcntl(0, F_GET_SEALS, 0));
    return 0;
}
