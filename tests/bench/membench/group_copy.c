// group_copy.c: what the (emulated) processor can do with memory that is already there: copying, and zeroing
// pages.
#include "groups.h"
#include "touch.h"

typedef long long Vector __attribute__((vector_size(16)));

static inline void copy_movsq(u64 d, u64 s, u64 n)
{
    n /= 8;
    __asm__ volatile("rep movsq" : "+D"(d), "+S"(s), "+c"(n)::"memory");
}
static inline void copy_movsb(u64 d, u64 s, u64 n)
{
    __asm__ volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(n)::"memory");
}
static inline void copy_mov(u64 d, u64 s, u64 n)
{
    for (u64 i = 0; i < n; i += 64) {
        u64 *D = (u64 *)(d + i), *S = (u64 *)(s + i);
        u64 a = S[0], b = S[1], c = S[2], e = S[3];
        D[0] = a, D[1] = b, D[2] = c, D[3] = e;
        a = S[4], b = S[5], c = S[6], e = S[7];
        D[4] = a, D[5] = b, D[6] = c, D[7] = e;
        barrier();
    }
}
static inline void copy_sse(u64 d, u64 s, u64 n)
{
    for (u64 i = 0; i < n; i += 64) {
        Vector *D = (Vector *)(d + i), *S = (Vector *)(s + i);
        Vector a = S[0], b = S[1], c = S[2], e = S[3];
        D[0] = a, D[1] = b, D[2] = c, D[3] = e;
        barrier();
    }
}

static inline void zero_stosq(u64 d, u64 n)
{
    n /= 8;
    __asm__ volatile("rep stosq" : "+D"(d), "+c"(n) : "a"(0UL) : "memory");
}
static inline void zero_stosb(u64 d, u64 n)
{
    __asm__ volatile("rep stosb" : "+D"(d), "+c"(n) : "a"(0UL) : "memory");
}
static inline void zero_mov(u64 d, u64 n) // 32 stores per iteration
{
#define Z4(o) "movq %2," #o "(%0)\nmovq %2," #o "+8(%0)\nmovq %2," #o "+16(%0)\nmovq %2," #o "+24(%0)\n"
    u64 e = d + n;
    __asm__ volatile("1:\n" Z4(0) Z4(32) Z4(64) Z4(96) Z4(128) Z4(160) Z4(192)
                         Z4(224) "addq $256,%0\ncmpq %1,%0\njne 1b"
                     : "+r"(d)
                     : "r"(e), "r"(0UL)
                     : "memory", "cc");
}
static inline void zero_sse(u64 d, u64 n) // 16 stores per iteration
{
#define X4(o)                                                                                                \
    "movaps %%xmm0," #o "(%0)\nmovaps %%xmm0," #o "+16(%0)\nmovaps %%xmm0," #o "+32(%0)\n"                   \
    "movaps %%xmm0," #o "+48(%0)\n"
    u64 e = d + n;
    __asm__ volatile("xorps %%xmm0,%%xmm0\n1:\n" X4(0) X4(64) X4(128)
                         X4(192) "addq $256,%0\ncmpq %1,%0\njne 1b"
                     : "+r"(d)
                     : "r"(e)
                     : "memory", "cc", "xmm0");
}

// Macros, so that each loop is compiled with its own instructions inside, without a call.
#define MEASURE_COPY(name, copy)                                                                             \
    do {                                                                                                     \
        struct Samples samples = {.count = 0};                                                               \
        REPEAT                                                                                               \
        {                                                                                                    \
            u64 t = rdtsc();                                                                                 \
            copy(d, s, len);                                                                                 \
            add_sample(&samples, rdtsc() - t);                                                               \
        }                                                                                                    \
        report_rate(name, &samples, len);                                                                    \
    } while (0)

#define MEASURE_ZERO(name, zero)                                                                             \
    do {                                                                                                     \
        struct Samples samples = {.count = 0};                                                               \
        REPEAT                                                                                               \
        {                                                                                                    \
            u64 t = rdtsc();                                                                                 \
            for (u64 p = a; p < a + len; p += PAGE) {                                                        \
                zero(p, PAGE);                                                                               \
                barrier();                                                                                   \
            }                                                                                                \
            add_sample(&samples, rdtsc() - t);                                                               \
        }                                                                                                    \
        report_ns(name, &samples, len / PAGE);                                                               \
    } while (0)

int group_memcpy(void)
{
    // The odd distance keeps source and destination from sharing slots of QEMU's direct-mapped TLB (at
    // exactly 16 MiB the wall-clock rates halve or worse).
    const u64 len = 16 * MiB, skew = 37 * PAGE;
    s64 a = map_anonymous(2 * len + skew);
    if (is_error(a)) return a;
    no_huge_pages(a, 2 * len + skew);
    touch_write(a, 2 * len + skew);
    u64 d = a, s = a + len + skew;
    MEASURE_COPY("memcpy_16m_sse", copy_sse);
    MEASURE_COPY("memcpy_16m_mov", copy_mov);
    MEASURE_COPY("memcpy_16m_movsq", copy_movsq);
    MEASURE_COPY("memcpy_16m_movsb", copy_movsb);
    unmap(a, 2 * len + skew);
    return 0;
}

int group_floor(void)
{
    const u64 len = 4 * MiB;
    s64 a = map_anonymous(len);
    if (is_error(a)) return a;
    no_huge_pages(a, len);
    touch_write(a, len);
    MEASURE_ZERO("zero_page_stosq", zero_stosq);
    MEASURE_ZERO("zero_page_stosb", zero_stosb);
    MEASURE_ZERO("zero_page_mov", zero_mov);
    MEASURE_ZERO("zero_page_sse", zero_sse);
    struct Samples clock = {.count = 0};
    REPEAT
    {
        u64 t = rdtsc();
        for (int i = 0; i < 1000; i++) rdtsc();
        add_sample(&clock, rdtsc() - t);
    }
    report_ns("rdtsc", &clock, 1000);
    unmap(a, len);
    return 0;
}
