// linkat(2) of files that have no name: O_TMPFILE, once; with O_EXCL never; nor one that has lost its name.
// libc: none
#include "children.h"
#include "files.h"

#ifndef O_TMPFILE
#define O_TMPFILE 020200000
#endif

static long name_it(long file)
{
    return sys_linkat(file, "", AT_FDCWD, "name", AT_EMPTY_PATH);
}

int main(void)
{
    enter_place("/tmp/unnamed");
    long file = sys_open(".", O_TMPFILE | O_RDWR, 0600);
    SHOW(name_it(file));
    show_file("name");
    SHOW(name_it(file));
    SHOW(sys_unlink("name"));
    SHOW(name_it(file));
    sys_close(file);

    SAY("with O_EXCL");
    file = sys_open(".", O_TMPFILE | O_RDWR | O_EXCL, 0600);
    SHOW(name_it(file));
    sys_close(file);

    SAY("a file that had a name, whatever it was");
    file = sys_open("#5", O_CREAT | O_RDWR, 0600);
    SHOW(sys_unlink("#5"));
    SHOW(name_it(file));
    sys_close(file);
    leave_place("/tmp/unnamed");
    return 0;
}
