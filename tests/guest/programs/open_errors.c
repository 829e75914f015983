// open(2), openat(2): what is refused.
// libc: musl
// add: tests/guest/data/text.txt=/data/text.txt
#include "bad_pointers.h"

static char long_name[300], long_path[5000];

int main(void)
{
    SAY("not there");
    SHOW(sys_open("/data/none.txt", O_RDONLY, 0));
    SHOW(sys_open("/none/text.txt", O_RDONLY, 0));
    SHOW(sys_open("none.txt", O_RDONLY, 0));
    SHOW(sys_open("", O_RDONLY, 0));
    SHOW(sys_open("/data/text.txt2", O_RDONLY, 0));
    SHOW(sys_open("/dat", O_RDONLY, 0));
    SHOW(sys_open("/proc/self/none", O_RDONLY, 0));
    SHOW(sys_open("/dev/none", O_RDONLY, 0));
    SAY("a file is not a directory");
    SHOW(sys_open("/data/text.txt/more", O_RDONLY, 0));
    SHOW(sys_open("/data/text.txt/", O_RDONLY, 0));
    SHOW(sys_open("/data/text.txt/..", O_RDONLY, 0));
    SHOW(sys_open("/data/text.txt", O_RDONLY | O_DIRECTORY, 0));
    SHOW(sys_open("/dev/null/x", O_RDONLY, 0));
    SAY("a directory is not a file");
    SHOW(sys_open("/data", O_WRONLY, 0));
    SHOW(sys_open("/data", O_RDWR, 0));
    SHOW(sys_open("/data", O_RDONLY | O_CREAT, 0644));
    SAY("a file of the archive can be written, and others made");
    SHOW(sys_open("/data/text.txt", O_WRONLY, 0));
    SHOW(sys_open("/data/text.txt", O_RDWR, 0));
    SHOW(sys_open("/data/text.txt", O_RDONLY | O_TRUNC, 0));
    SHOW(sys_open("/data/new.txt", O_RDONLY | O_CREAT, 0644));
    SHOW(sys_open("/data/new.txt", O_WRONLY | O_CREAT | O_TRUNC, 0644));
    SHOW(sys_open("/data/text.txt", O_WRONLY | O_APPEND, 0));
    SAY("it is there already");
    SHOW(sys_open("/data/text.txt", O_RDONLY | O_CREAT | O_EXCL, 0644));
    SHOW(sys_open("/data", O_RDONLY | O_CREAT | O_EXCL, 0644));
    SHOW(sys_open("/dev/null", O_RDONLY | O_CREAT | O_EXCL, 0644));
    SAY("a link that shall not be followed");
    SHOW(sys_open("/proc/self/exe", O_RDONLY | O_NOFOLLOW, 0));
    SHOW_OK(sys_open("/proc/self/exe", O_RDONLY, 0));

    SAY("names too long");
    memset(long_name, 'x', 256);
    SHOW(sys_open(long_name, O_RDONLY, 0));
    long_name[255] = 0;
    SHOW(sys_open(long_name, O_RDONLY, 0));
    for (int i = 0; i < 4096; i += 2) long_path[i] = '.', long_path[i + 1] = '/';
    SHOW(sys_open(long_path, O_RDONLY, 0));
    long_path[4095] = 0;
    SHOW_OK(sys_open(long_path, O_RDONLY, 0));

    SAY("a starting point that is none");
    SHOW(sys_openat(99, "text.txt", O_RDONLY, 0));
    SHOW(sys_openat(-1, "text.txt", O_RDONLY, 0));
    SHOW(sys_openat(sys_open("/data/text.txt", O_RDONLY, 0), "text.txt", O_RDONLY, 0));
    SHOW(sys_openat(AT_FDCWD, "", O_RDONLY, 0));

    SAY("bad pointers");
    WITH_BAD_POINTERS(sys_open(bad, O_RDONLY, 0));
    WITH_BAD_POINTERS(sys_openat(AT_FDCWD, bad, O_RDONLY, 0));
    char *path = last_bytes(5);
    memcpy(path, "/data", 5);
    SAY("a path without an end, and one that ends with the page");
    SHOW(sys_open(path, O_RDONLY, 0));
    path = last_bytes(6);
    memcpy(path, "/data", 6);
    SHOW_OK(sys_open(path, O_RDONLY, 0));
    return 0;
}
