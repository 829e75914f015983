// The C library's ways to die.
// libc: glibc musl
// cases: abort assert raise_term raise_segv null_string free_garbage
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "check.h"

int main(int argc, char **argv)
{
    const char *test = argv[argc - 1];
    SAY("%s", test);
    if (same_text(test, "abort")) abort();
    if (same_text(test, "assert")) assert(argc == 99);
    if (same_text(test, "raise_term")) raise(SIGTERM);
    if (same_text(test, "raise_segv")) raise(SIGSEGV);
    if (same_text(test, "null_string")) {
        const char *volatile nothing = NULL;
        return (int)strlen(nothing);
    }
    if (same_text(test, "free_garbage")) {
        char *volatile block = malloc(100);
        free((void *)((unsigned long)block + 16));
    }
    SAY("alive");
    return 0;
}
