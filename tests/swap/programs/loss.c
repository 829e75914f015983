// loss MIB SLOT [wait]: memory that goes to swap and is read back, the page in that slot of the swap area
// last: it may be lost, which ends the program. Slot 0: all are read back. wait: for a line on standard input
// before that.
#include "pages.h"

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    size_t pages = strtoull(argv[1], 0, 0) * MIB / PAGE, lost = pages;
    uint64_t slot = strtoull(argv[2], 0, 0);
    char *at = memory(pages * PAGE);
    fill(at, pages, (uint64_t)getpid());
    put_out(at, pages);
    for (size_t i = 0; i < pages; i++) {
        if (slot != 0 && slot_of(at + i * PAGE) == slot && is_out(at + i * PAGE)) lost = i;
    }
    if (argc > 3) {
        say("out");
        wait_for_line();
    }
    for (size_t i = 0; i < pages; i++) {
        if (i != lost && !is_right(at + i * PAGE, (uint64_t)getpid(), i, 0))
            return printf("page %zu is wrong\n", i), 1;
    }
    if (lost == pages) return say("all right"), 0;
    say("others right");
    bool right = is_right(at + lost * PAGE, (uint64_t)getpid(), lost, 0);
    say(right ? "it came back" : "it came back, wrong");
    return 0;
}
