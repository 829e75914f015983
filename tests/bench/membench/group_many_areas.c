// group_many_areas.c: a process with 1,000 or 10,000 areas: making them, mapping beside them, faulting in
// them, finding a hole among them, removing them.
#include "groups.h"

enum { Most = 10000, Probes = 1000 };
static u64 areas[Most];

struct Figures {
    struct Samples create, beside, fault, gap, remove;
};

// Alternate protections: nothing merges; the last is PROT_READ.
static s64 create(u64 n, u64 *made)
{
    s64 r = 0;
    for (; *made < n; (*made)++) {
        r = map(PAGE, (n - *made) & 1 ? P_R : P_RW, MAP_PRIVATE | MAP_ANON, -1);
        if (is_error(r)) return r;
        areas[*made] = r;
    }
    return r;
}

static s64 map_and_unmap(u64 len)
{
    for (u64 i = 0; i < Probes; i++) {
        s64 a = map_anonymous(len);
        if (is_error(a)) return a;
        unmap(a, len);
    }
    return 0;
}

static s64 once(u64 n, struct Figures *figures)
{
    u64 made = 0, t = rdtsc();
    s64 r = create(n, &made), bad = 0;
    add_sample(&figures->create, rdtsc() - t);
    if (!is_error(r)) {
        t = rdtsc();
        bad = map_and_unmap(PAGE);
        add_sample(&figures->beside, rdtsc() - t);
        t = rdtsc();
        for (u64 i = 0; i < n; i += 2) *(volatile u8 *)areas[i] = 1; // those that may be written
        add_sample(&figures->fault, rdtsc() - t);
        // Turned into a comb of one-page holes, none of which has room for two pages.
        for (u64 i = 1; i < n; i += 2) unmap(areas[i], PAGE);
        t = rdtsc();
        r = map_and_unmap(2 * PAGE);
        add_sample(&figures->gap, rdtsc() - t);
        t = rdtsc();
        for (u64 i = 0; i < n; i += 2) unmap(areas[i], PAGE);
        add_sample(&figures->remove, rdtsc() - t);
        if (is_error(bad)) r = bad;
    }
    if (is_error(r))
        for (u64 i = 0; i < made; i++) unmap(areas[i], PAGE);
    return is_error(r) ? r : 0;
}

static const char *with_number(char *buffer, const char *base, u64 n)
{
    *put_number(put(buffer, base), n) = 0;
    return buffer;
}

static int run(u64 n)
{
    struct Figures figures = {.create.count = 0};
    char b[64];
    REPEAT
    {
        s64 r = once(n, &figures);
        if (r) return r;
    }
    report_ns(with_number(b, "vma_create_upto_", n), &figures.create, n);
    report_ns(with_number(b, "vma_mmap_munmap_1_at_", n), &figures.beside, Probes);
    report_ns(with_number(b, "vma_fault_at_", n), &figures.fault, n / 2);
    report_ns(with_number(b, "vma_gap_mmap_munmap_2_at_", n / 2), &figures.gap, Probes);
    report_ns(with_number(b, "vma_munmap_touched_at_", n / 2), &figures.remove, n / 2);
    return 0;
}

int group_vma1k(void)
{
    return run(1000);
}

int group_vma10k(void)
{
    return run(10000);
}
