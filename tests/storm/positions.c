// Positions that no honest program seeks to, in the files whose text is made while it is read and in
// directories.
#include "machine.h"

PROGRAM_START

int run(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    static const char *const paths[] = {"/proc/self/maps",
                                        "/proc/self/smaps",
                                        "/proc/self/status",
                                        "/proc",
                                        "/proc/self",
                                        "/proc/self/fd",
                                        "/",
                                        "/dev",
                                        "/proc/self/pagemap",
                                        "/proc/self/exe",
                                        "/proc/meminfo",
                                        "/proc/self/cmdline",
                                        "/dev/zero"};
    static const u64 positions[] = {0,
                                    1,
                                    2,
                                    3,
                                    4,
                                    5,
                                    100,
                                    0x7ffffffe,
                                    0x7fffffff,
                                    0x80000000,
                                    0x80000001,
                                    0x80000003,
                                    0xfffffffe,
                                    0xffffffff,
                                    0x100000000,
                                    0x100000003,
                                    0x7ffffffffffffff8,
                                    0x7ffffffffffffffe,
                                    0x7fffffffffffffff};
    static char buffer[8192];
    for (unsigned p = 0; p < sizeof paths / sizeof *paths; p++) {
        long file = call3(SysOpen, paths[p], 0, 0);
        if (file < 0) return 1;
        for (unsigned i = 0; i < sizeof positions / sizeof *positions; i++) {
            for (unsigned j = 0; j < sizeof positions / sizeof *positions; j++) {
                call3(8 /* lseek */, file, positions[i], 0);
                call3(8, file, positions[j], 1);
            }
            call3(8, file, positions[i], 0);
            call3(217 /* getdents64 */, file, buffer, sizeof buffer);
            call3(SysRead, file, buffer, sizeof buffer);
            call6(17 /* pread64 */, (u64)file, (u64)buffer, sizeof buffer, positions[i], 0, 0);
        }
        call1(SysClose, file);
    }
    return 0;
}
