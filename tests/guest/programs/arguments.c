// The program's arguments and environment as given.
// libc: glibc musl
// args: plain "two words" "" "quote'd" "a,b;c=d%20" -x --long=1 "tab	end"
// env: FIRST=one
// env: SECOND=with spaces, and = signs
// env: EMPTY=
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

int main(int argc, char **argv)
{
    SAY("%d arguments", argc);
    for (int i = 1; i < argc; ++i) SAY("    %d: |%s|", i, argv[i]);
    IS(argv[argc] == NULL && argv[0][0] == '/');
    for (char **e = environ; *e; ++e) SAY("    %s", *e);
    SAY("FIRST is %s", getenv("FIRST"));
    return 0;
}
