// group_swap.c: a working set larger than the machine: written once, read twice in order and then at random,
// every word of every page checked. Opt-in; whoever starts it has turned swapping on.
#include "counters.h"
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

// What a pass began with, and what it cost besides time.
struct Pass {
    u64 processor, ticks;
    struct PageCounts counts;
};

static struct Pass begin_pass(void)
{
    struct Pass pass = {.counts = page_counts(), .processor = processor_time()};
    pass.ticks = rdtsc();
    return pass;
}

static void report_costs(const char *name, const struct Pass *pass, u64 processor, u64 pages)
{
    if (pass->processor) {
        char whole[64];
        *put(put(whole, name), "_cpu_page") = 0;
        report(whole, (double)(processor - pass->processor) / pages, "ns");
    }
    report_page_counts(name, &pass->counts);
}

static void end_pass(const char *name, const struct Pass *pass, u64 len)
{
    struct Samples s = {.count = 0};
    add_sample(&s, rdtsc() - pass->ticks);
    u64 processor = processor_time();
    report_rate(name, &s, len);
    report_costs(name, pass, processor, len / PAGE);
}

// A kernel that has no place to swap to would end this program for its size: it is asked before. ENOSYS: it
// cannot swap at all (swapon(2), no path); ENOENT: it has no swap area (sysinfo(2)).
static int find_swap(void)
{
    u64 information[14] = {0}; // struct sysinfo: the uptime, three loads, four kinds of RAM, then all swap
    if (sc2(SYS_swapon, 0, 0) == -E_NOSYS) return -E_NOSYS;
    if (is_error(sc1(SYS_sysinfo, information)) || !information[8]) return -E_NOENT;
    return 0;
}

int group_swap(void)
{
    const u64 len = options.swap_megabytes * MiB, n = len / PAGE;
    u64 good = 0, want = 0;
    int missing = find_swap();
    if (missing) return missing;
    s64 a = map(len, P_RW, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1);
    if (is_error(a)) return a;
    no_huge_pages(a, len);
    // How much of the time is the pattern itself, with memory that is already there.
    struct Samples s = {.count = 0};
    u64 t = rdtsc();
    for (u64 i = 0; i < 4096; i++) fill((u64 *)(a + (i & 15) * PAGE), i);
    add_sample(&s, rdtsc() - t);
    report_ns("swap_fill_cost_page", &s, 4096);

    struct Pass pass = begin_pass();
    for (u64 i = 0; i < n; i++) fill((u64 *)(a + i * PAGE), i);
    end_pass("swap_write_seq", &pass, len);
    for (int time = 1; time <= 2; time++) {
        pass = begin_pass();
        for (u64 i = 0; i < n; i++) good += is_intact((u64 *)(a + i * PAGE), i);
        end_pass(time == 1 ? "swap_read_seq1" : "swap_read_seq2", &pass, len);
        want += n;
    }
    pass = begin_pass();
    u64 x = 12345;
    for (u64 k = 0; k < options.swap_random; k++) {
        x = mix(x);
        u64 i = (x >> 16) % n;
        good += is_intact((u64 *)(a + i * PAGE), i);
    }
    double seconds = nanoseconds((double)(rdtsc() - pass.ticks)) / 1e9;
    u64 processor = processor_time();
    want += options.swap_random;
    report("swap_read_random", (double)options.swap_random / seconds, "reads/s");
    report_costs("swap_read_random", &pass, processor, options.swap_random);
    report("swap_pages_correct", (double)good, "pages");
    report("swap_pages_checked", (double)want, "pages");
    unmap(a, len);
    return good == want ? 0 : -E_FAULT;
}
