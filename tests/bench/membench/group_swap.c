// group_swap.c: a working set larger than the machine: written once, read twice in order and then at random,
// every word of every page checked. Opt-in; whoever starts it has turned swapping on.
#include "groups.h"

static inline u64 mix(u64 x)
{
    x += 0x9E3779B97F4A7C15UL;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9UL;
    x = (x ^ x >> 27) * 0x94D049BB133111EBUL;
    return x ^ x >> 31;
}

// 512 different words per page, different for each page.
static void fill(u64 *p, u64 i)
{
    u64 w = mix(i), step = w << 1 | 1;
    for (int k = 0; k < 512; k++, w += step) p[k] = w;
}

static int is_intact(u64 *p, u64 i)
{
    u64 w = mix(i), step = w << 1 | 1, bad = 0;
    for (int k = 0; k < 512; k++, w += step) bad |= p[k] ^ w;
    return !bad;
}

static u64 processor_time(void) // in ns; 0 if unsupported
{
    u64 time[2] = {0, 0};
    return is_error(sc2(SYS_clock_gettime, CLOCK_PROCESS_CPUTIME_ID, time))
               ? 0
               : time[0] * 1000000000UL + time[1];
}

static void report_processor(const char *name, u64 since, u64 pages)
{
    if (since) report(name, (double)(processor_time() - since) / pages, "ns");
}

int group_swap(void)
{
    const u64 len = options.swap_megabytes * MiB, n = len / PAGE;
    u64 good = 0, want = 0, t, c;
    struct Samples s;
    // A kernel that cannot swap would end this program for its size: it is asked before (swapon(2), no path).
    if (sc2(SYS_swapon, 0, 0) == -E_NOSYS) return -E_NOSYS;
    s64 a = map(len, P_RW, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1);
    if (is_error(a)) return a;
    no_huge_pages(a, len);
    // How much of the time is the pattern itself, with memory that is already there.
    s.count = 0, t = rdtsc();
    for (u64 i = 0; i < 4096; i++) fill((u64 *)(a + (i & 15) * PAGE), i);
    add_sample(&s, rdtsc() - t);
    report_ns("swap_fill_cost_page", &s, 4096);

    s.count = 0, c = processor_time(), t = rdtsc();
    for (u64 i = 0; i < n; i++) fill((u64 *)(a + i * PAGE), i);
    add_sample(&s, rdtsc() - t);
    report_rate("swap_write_seq", &s, len);
    report_processor("swap_write_seq_cpu_page", c, n);
    for (int pass = 1; pass <= 2; pass++) {
        s.count = 0, c = processor_time(), t = rdtsc();
        for (u64 i = 0; i < n; i++) good += is_intact((u64 *)(a + i * PAGE), i);
        add_sample(&s, rdtsc() - t);
        want += n;
        report_rate(pass == 1 ? "swap_read_seq1" : "swap_read_seq2", &s, len);
        report_processor(pass == 1 ? "swap_read_seq1_cpu_page" : "swap_read_seq2_cpu_page", c, n);
    }
    s.count = 0, c = processor_time(), t = rdtsc();
    u64 x = 12345;
    for (u64 k = 0; k < options.swap_random; k++) {
        x = mix(x);
        u64 i = (x >> 16) % n;
        good += is_intact((u64 *)(a + i * PAGE), i);
    }
    add_sample(&s, rdtsc() - t);
    want += options.swap_random;
    report("swap_read_random", (double)options.swap_random / (nanoseconds((double)typical(&s)) / 1e9),
           "reads/s");
    report_processor("swap_read_random_cpu_page", c, options.swap_random);
    report("swap_pages_correct", (double)good, "pages");
    report("swap_pages_checked", (double)want, "pages");
    unmap(a, len);
    return good == want ? 0 : -E_FAULT;
}
