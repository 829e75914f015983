// report.c: samples become one figure each, and figures lines.
#include "report.h"
#include "options.h"

u64 length_of(const char *s)
{
    u64 n = 0;
    while (s[n]) n++;
    return n;
}

int same_text(const char *a, const char *b)
{
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

char *put(char *p, const char *s)
{
    while (*s) *p++ = *s++;
    return p;
}

char *put_number(char *p, u64 v)
{
    char digits[24];
    int n = 0;
    do digits[n++] = '0' + v % 10;
    while (v /= 10);
    while (n) *p++ = digits[--n];
    return p;
}

void print(char *begin, char *end)
{
    for (char *p = begin; p < end;) {
        s64 r = sc3(SYS_write, 1, (u64)p, end - p);
        if (r <= 0) break;
        p += r;
    }
}

// Two decimals, by hand: printf is the C library's.
void report(const char *name, double value, const char *unit)
{
    char line[160], *p = put(line, name);
    u64 hundredths = (u64)(value * 100 + 0.5);
    *p++ = ' ';
    p = put_number(p, hundredths / 100);
    *p++ = '.';
    *p++ = '0' + hundredths / 10 % 10;
    *p++ = '0' + hundredths % 10;
    *p++ = ' ';
    p = put(p, unit);
    *p++ = '\n';
    print(line, p);
}

void report_failure(const char *name, u64 error)
{
    char line[160], *p = put(line, name);
    p = put(p, " FAIL ");
    p = put_number(p, error);
    *p++ = '\n';
    print(line, p);
}

// The median, or with stat=min the fastest.
u64 typical(struct Samples *s)
{
    for (int i = 1; i < s->count; i++) {
        u64 x = s->ticks[i];
        int j = i;
        for (; j && s->ticks[j - 1] > x; j--) s->ticks[j] = s->ticks[j - 1];
        s->ticks[j] = x;
    }
    return s->count ? s->ticks[options.fastest ? 0 : s->count / 2] : 0;
}

double nanoseconds(double ticks)
{
    return ticks * 1e9 / (double)options.hz;
}

void report_ns(const char *name, struct Samples *s, u64 operations)
{
    report(name, nanoseconds((double)typical(s)) / (double)operations, "ns");
}

void report_rate(const char *name, struct Samples *s, u64 bytes)
{
    report(name, (double)bytes / (double)MiB / (nanoseconds((double)typical(s)) / 1e9), "MiB/s");
}
