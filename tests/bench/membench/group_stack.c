// group_stack.c: the stack grows page by page, as recursion makes it. A stack never shrinks, so each
// repetition is a child's; a kernel without fork gets one shot in this process.
#include "child.h"
#include "groups.h"
#include "touch.h"

static NOINLINE u64 recurse(u64 n)
{
    volatile u8 b[PAGE - 64];
    b[0] = (u8)n;
    barrier();
    u64 low = n > 1 ? recurse(n - 1) : (u64)b;
    barrier();
    sink += b[0];
    return low;
}

// Ticks per 1000 pages of stack really covered.
static u64 grow(u64 n)
{
    u8 top;
    u64 t = rdtsc(), low = recurse(n);
    t = rdtsc() - t;
    return t * 1000 / (((u64)&top - low) / PAGE);
}

int group_stack(void)
{
    struct Samples s = {.count = 0};
    int error;
    REPEAT
    {
        u64 v = in_child(grow, 4 * MiB / PAGE, &error);
        if (!v) break;
        add_sample(&s, v);
    }
    if (!s.count) add_sample(&s, grow(4 * MiB / PAGE));
    report_ns("stack_fault", &s, 1000);
    return 0;
}
