// group_anonymous.c: first touches of anonymous memory: mapped, by the break, read before written, and far
// apart.
#include "groups.h"
#include "touch.h"

int group_anon(void)
{
    struct Samples f = {.count = 0}, u = {.count = 0};
    u64 len = options.megabytes * MiB;
    REPEAT
    {
        s64 a = map_anonymous(len);
        if (is_error(a)) return a;
        no_huge_pages(a, len);
        u64 t = rdtsc();
        touch_write(a, len);
        add_sample(&f, rdtsc() - t);
        t = rdtsc();
        s64 r = unmap(a, len);
        add_sample(&u, rdtsc() - t);
        if (is_error(r)) return r;
    }
    report_ns("anon_fault", &f, len / PAGE);
    report_ns("anon_unmap_page", &u, len / PAGE);
    return 0;
}

int group_brk(void)
{
    struct Samples f = {.count = 0}, u = {.count = 0};
    u64 len = options.megabytes * MiB, current = sc1(SYS_brk, 0), base = (current + PAGE - 1) & -PAGE;
    if (!current || is_error(current)) return -E_INVAL;
    REPEAT
    {
        if ((u64)sc1(SYS_brk, base + len) != base + len) return -12;
        no_huge_pages(base, len);
        u64 t = rdtsc();
        touch_write(base, len);
        add_sample(&f, rdtsc() - t);
        t = rdtsc();
        u64 e = sc1(SYS_brk, current);
        add_sample(&u, rdtsc() - t);
        if (e != current) return -E_INVAL;
    }
    report_ns("brk_fault", &f, len / PAGE);
    report_ns("brk_unmap_page", &u, len / PAGE);
    return 0;
}

int group_zero(void)
{
    struct Samples s = {.count = 0}, w = {.count = 0};
    u64 len = options.megabytes * MiB;
    REPEAT
    {
        s64 a = map_anonymous(len);
        if (is_error(a)) return a;
        no_huge_pages(a, len);
        u64 t = rdtsc();
        touch_read(a, len, PAGE);
        add_sample(&s, rdtsc() - t);
        u64 k = len < 16 * MiB ? len : 16 * MiB;
        t = rdtsc();
        touch_write(a, k);
        add_sample(&w, (rdtsc() - t) * (len / k));
        unmap(a, len);
    }
    report_ns("zero_read_fault", &s, len / PAGE);
    report_ns("zero_then_write_fault", &w, len / PAGE);
    return 0;
}

// 64 GiB of address space, one page touched in each GiB: every touch needs page tables of its own.
int group_sparse(void)
{
    struct Samples m = {.count = 0}, f = {.count = 0}, u = {.count = 0}, all = {.count = 0};
    const u64 G = 1UL << 30, len = 64 * G;
    REPEAT
    {
        u64 t0 = rdtsc();
        s64 a = map(len, P_RW, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1);
        u64 t1 = rdtsc();
        if (is_error(a)) return a;
        no_huge_pages(a, len);
        u64 t2 = rdtsc();
        for (u64 i = 0; i < 64; i++) *(volatile u8 *)(a + i * G) = 1;
        u64 t3 = rdtsc();
        s64 r = unmap(a, len);
        u64 t4 = rdtsc();
        if (is_error(r)) return r;
        add_sample(&m, t1 - t0), add_sample(&f, t3 - t2), add_sample(&u, t4 - t3);
        add_sample(&all, t1 - t0 + t4 - t2);
    }
    report_ns("sparse_64g_total", &all, 1);
    report_ns("sparse_64g_mmap", &m, 1);
    report_ns("sparse_64g_fault", &f, 64);
    report_ns("sparse_64g_munmap", &u, 1);
    return 0;
}
