// Nothing given: one argument, an empty environment.
// libc: none
#include "check.h"

int main(int argc, char **argv, char **environment)
{
    SAY("%d, %s", argc, base_name(argv[0]));
    IS(argv[1] == NULL && environment[0] == NULL);
    return 0;
}
