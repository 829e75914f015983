// A mapping below the stack: the stack keeps a gap of 256 pages to it and dies rather than run into it. An
// inaccessible mapping needs no gap.
// libc: none
// cases: at_gap in_gap next_to_mapping mmap_in_gap inaccessible
#include "areas.h"

#define GAP (256 * PAGE)

int main(int argc, char **argv)
{
    const char *test = argv[argc - 1];
    char *here = (char *)((unsigned long)__builtin_frame_address(0) & ~(unsigned long)(PAGE - 1));
    char *obstacle = here - 4 * MIB;
    int inaccessible = same_text(test, "inaccessible");
    map_at(obstacle, PAGE, inaccessible ? PROT_NONE : PROT_READ | PROT_WRITE);
    if (!inaccessible) touch(obstacle);
    SAY("a mapping 4 MiB below");
    if (same_text(test, "at_gap")) {
        touch(obstacle + PAGE + GAP);
        SAY("a page just above the gap can be touched");
        show_areas(obstacle, 2 * PAGE);
    }
    if (same_text(test, "in_gap")) {
        touch(obstacle + PAGE + GAP);
        SAY("the page below it");
        touch(obstacle + GAP);
    }
    if (same_text(test, "next_to_mapping")) {
        touch(obstacle + PAGE);
    }
    if (same_text(test, "mmap_in_gap")) { // a place given is taken, the stack suffers
        SHOW_AT(obstacle,
                sys_mmap(obstacle + MIB, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
        SAY("its own pages stay");
        IS(all_are(obstacle + MIB, 0, PAGE));
        touch(obstacle + MIB + 2 * PAGE);
    }
    if (inaccessible) {
        touch(obstacle + 2 * PAGE);
        SAY("two pages above an inaccessible mapping");
        touch(obstacle);
    }
    SAY("alive");
    return 0;
}
