// garbage GOOD COUNT SEED: COUNT children each execute a damaged copy of the program GOOD, or bytes without
// meaning, or a damaged `#!` line. They end in any way that they like, or are refused; this process sees each
// of their ends.
#include <sys/stat.h>

#include "children.h"

static uint64_t random_state;
static uint64_t below(uint64_t bound)
{
    random_state = mix(random_state);
    return (random_state >> 11) % bound;
}

static const uint64_t odd[] = {0,
                               1,
                               3,
                               0xfff,
                               0x1000,
                               0xffff,
                               0x400000,
                               0x7fffffff,
                               0x80000000,
                               0xffffffff,
                               0x7ffffffff000,
                               0x800000000000,
                               0xffff800000000000,
                               0xffffffff80000000,
                               0x7fffffffffffffff,
                               0x8000000000000000,
                               0xfffffffffffff000,
                               0xffffffffffffffff};

static void damage(unsigned char *bytes, size_t *size)
{
    switch (below(8)) {
    case 0: { // a line for another program
        static const char *const lines[] = {"#!",
                                            "#! \n",
                                            "#!/tmp/garbage\n",
                                            "#!/\n",
                                            "#!/dev/zero x\n",
                                            "#!/proc/self/exe a b\n",
                                            "#!/proc/self/mem\n",
                                            "\x7f"
                                            "ELF"};
        const char *line = lines[below(sizeof lines / sizeof *lines)];
        memcpy(bytes, line, strlen(line));
        return;
    }
    case 1:
        *size = below(*size);
        return;
    case 2:
        for (size_t i = 0; i < *size; i++) bytes[i] = (unsigned char)below(256);
        if (below(2))
            memcpy(bytes,
                   "\x7f"
                   "ELF",
                   4);
        return;
    default:
        // Words of the headers, and some of what follows.
        for (uint64_t n = 1 + below(4); n > 0; n--) {
            size_t at = below(10) ? below(64 + 6 * 56) : below(*size - 8);
            uint64_t value = below(3) ? odd[below(sizeof odd / sizeof *odd)] : below(~0ul >> 12);
            memcpy(bytes + at, &value, 1ul << below(4));
        }
    }
}

int main(int argc, char **argv)
{
    if (argc < 4) return 2;
    setvbuf(stdout, NULL, _IONBF, 0);
    static unsigned char good[1 << 16], bad[1 << 16];
    int fd = open(argv[1], O_RDONLY);
    ssize_t good_size = read(fd, good, sizeof good);
    if (good_size < 1024) fail(argv[1]);
    close(fd);
    int count = atoi(argv[2]), refused = 0;
    random_state = strtoull(argv[3], 0, 0);
    struct Ends all = {0};
    for (int i = 0; i < count; i++) {
        size_t size = (size_t)good_size;
        memcpy(bad, good, size);
        damage(bad, &size);
        unlink("/tmp/garbage");
        fd = open("/tmp/garbage", O_WRONLY | O_CREAT | O_EXCL, 0700);
        if (fd < 0 || write(fd, bad, size) != (ssize_t)size) fail("/tmp/garbage");
        close(fd);
        pid_t child = fork();
        if (child == 0) {
            limit(RLIMIT_CPU, 1); // what runs for ever does so for a second
            limit(RLIMIT_AS, 64 * MIB);
            limit(RLIMIT_FSIZE, MIB);
            close(0), close(1), close(2);
            execl("/tmp/garbage", "garbage", "x", NULL);
            _exit(111);
        }
        int status;
        if (waitpid(child, &status, 0) != child) fail("waitpid");
        count_end(&all, status);
        refused += WIFEXITED(status) && WEXITSTATUS(status) == 111;
    }
    unlink("/tmp/garbage");
    printf("%d ends, some refused: %s\n", all.exited + all.failed + all.killed,
           refused > count / 10 ? "yes" : "no");
    return 0;
}
