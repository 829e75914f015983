// group_areas.c: mmap, munmap and mprotect in a process with few areas.
#include "groups.h"
#include "touch.h"

int group_mmap1(void)
{
    struct Samples s = {.count = 0};
    const u64 n = 4000;
    REPEAT
    {
        u64 t = rdtsc();
        for (u64 i = 0; i < n; i++) {
            s64 a = map_anonymous(PAGE);
            if (is_error(a)) return a;
            s64 r = unmap(a, PAGE);
            if (is_error(r)) return r;
        }
        add_sample(&s, rdtsc() - t);
    }
    report_ns("mmap_munmap_1", &s, n);
    return 0;
}

int group_mmap64(void)
{
    struct Samples s = {.count = 0};
    const u64 n = 100, len = 64 * PAGE;
    REPEAT
    {
        u64 t = rdtsc();
        for (u64 i = 0; i < n; i++) {
            s64 a = map_anonymous(len);
            if (is_error(a)) return a;
            touch_write(a, len);
            s64 r = unmap(a, len);
            if (is_error(r)) return r;
        }
        add_sample(&s, rdtsc() - t);
    }
    report_ns("mmap_touch_munmap_64", &s, n);
    return 0;
}

int group_mprotect(void)
{
    struct Samples s = {.count = 0}, w = {.count = 0};
    const u64 n = 4000;
    // The middle page of a PROT_NONE area, so that areas never merge.
    s64 a0 = map(3 * PAGE, P_NONE, MAP_PRIVATE | MAP_ANON, -1), r;
    if (is_error(a0)) return a0;
    u64 a = a0 + PAGE;
    if (is_error(r = sc3(SYS_mprotect, a, PAGE, P_RW))) return r;
    *(volatile u8 *)a = 1;
    REPEAT
    {
        u64 t = rdtsc();
        for (u64 i = 0; i < n; i++)
            if (is_error(r = sc3(SYS_mprotect, a, PAGE, i & 1 ? P_RW : P_R))) return r;
        add_sample(&s, rdtsc() - t);
        t = rdtsc();
        for (u64 i = 0; i < n; i++) {
            if (is_error(r = sc3(SYS_mprotect, a, PAGE, P_R))) return r;
            if (is_error(r = sc3(SYS_mprotect, a, PAGE, P_RW))) return r;
            ++*(volatile u8 *)a;
        }
        add_sample(&w, rdtsc() - t);
    }
    report_ns("mprotect_toggle", &s, n);
    report_ns("mprotect_ro_rw_write", &w, n);
    unmap(a0, 3 * PAGE);
    return 0;
}
