// exit(2) and exit_group(2): the low eight bits of the number given are the status.
// libc: none
// cases: return_0 return_7 exit_42 exit_255 exit_256 exit_259 exit_negative exit_group_200 exit_group_1000
#include "check.h"

int main(int argc, char **argv)
{
    const char *test = argv[argc - 1];
    SAY("%s", test);
    if (same_text(test, "return_7")) return 7;
    if (same_text(test, "exit_42")) sys_exit(42);
    if (same_text(test, "exit_255")) sys_exit(255);
    if (same_text(test, "exit_256")) sys_exit(256);
    if (same_text(test, "exit_259")) sys_exit(259);
    if (same_text(test, "exit_negative")) sys_exit(-3);
    if (same_text(test, "exit_group_200")) sys_exit_group(200);
    if (same_text(test, "exit_group_1000")) sys_exit_group(1000);
    return 0;
}
