// execve(2): many and long arguments and environments arrive whole; how much is too much; none at all.
// libc: none
// room: 10
#include "bad_pointers.h"
#include "children.h"

#define MANY 30000

static char *words[MANY + 2];
static char *const nothing[] = {NULL};

// What arrived: how many, how long, and a sum over all of it.
static int report(int argc, char **argv)
{
    char **environment = argv + argc + 1;
    unsigned long bytes = 0, sum = 0, count = 0;
    for (int i = 0; i < argc; ++i) {
        for (const char *c = argv[i]; *c; ++c) sum = sum * 31 + (unsigned char)*c, ++bytes;
    }
    SAY("    %d arguments, %lu bytes, sum %lx", argc, bytes, sum);
    bytes = sum = 0;
    for (; environment[count]; ++count) {
        for (const char *c = environment[count]; *c; ++c) sum = sum * 31 + (unsigned char)*c, ++bytes;
    }
    SAY("    environment of %lu, %lu bytes, sum %lx", count, bytes, sum);
    return 0;
}

static void run(const char *what, char **arguments, char *const *environment)
{
    SAY("%s", what);
    long child = sys_fork();
    if (child == 0) {
        long result = sys_execve("/proc/self/exe", arguments, environment);
        SAY("    execve: %s", errno_name(-result));
        leave(1);
    }
    show_end("    it", child);
}

// `count` arguments behind the program's name, each of `length` letters (the last byte is the string's end).
static void fill(long count, long length)
{
    static char *text;
    if (!text) text = map_at(BASE, 4 * MIB, PROT_READ | PROT_WRITE);
    words[0] = "report";
    for (long i = 0; i < length; ++i) text[i] = (char)('a' + i % 26);
    text[length] = 0;
    for (long i = 1; i <= count; ++i) words[i] = text;
    words[count + 1] = NULL;
}

static void limit_stack(unsigned long bytes)
{
    struct rlimit limit = {bytes, RLIM_INFINITY};
    SHOW(sys_setrlimit(RLIMIT_STACK, &limit));
}

int main(int argc, char **argv)
{
    if (argc != 1 || same_text(argv[0], "report")) return report(argc, argv);
    if (!*argv[0]) return SAY("    one argument, empty"), report(argc, argv);
    fill(1, 3);
    run("one", words, nothing);
    fill(1000, 26);
    run("1000 of 26", words, nothing);
    run("1000 of 26 as environment", (char *[]){"report", NULL}, words);
    fill(MANY, 1);
    run("30000 of 1", words, nothing);
    fill(12, 128 * 1024 - 1);
    run("12 of 128 KiB", words, nothing);
    run("12 of 128 KiB as environment", (char *[]){"report", NULL}, words);
    fill(1, 128 * 1024);
    run("one of 128 KiB and a byte", words, nothing);
    run("an environment of 128 KiB and a byte", (char *[]){"report", NULL}, words);
    fill(20, 128 * 1024 - 1);
    run("20 of 128 KiB: more than a quarter of the stack", words, nothing);

    SAY("a smaller stack");
    limit_stack(1 << 20);
    fill(1, 128 * 1024 - 1);
    run("one of 128 KiB", words, nothing);
    fill(3, 128 * 1024 - 1);
    run("3 of 128 KiB", words, nothing);
    SAY("never less than 128 KiB together");
    limit_stack(256 * 1024);
    fill(7, 16 * 1024 - 1);
    run("7 of 16 KiB", words, nothing);
    limit_stack(8 << 20);

    SAY("no arguments");
    words[0] = NULL;
    long child = sys_fork();
    if (child == 0) sys_execve("/proc/self/exe", (char *[]){NULL}, (char *[]){"A=b", NULL}), leave(1);
    show_end("an empty list", child);
    child = sys_fork();
    if (child == 0) sys_execve("/proc/self/exe", NULL, NULL), leave(1);
    show_end("no list", child);
    return 0;
}
