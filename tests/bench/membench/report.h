// report.h: text, samples, and the lines that membench prints: `name value unit`, or `name FAIL errno`.
#pragma once
#include "abi.h"

enum { MaxSamples = 64 };
struct Samples {
    u64 ticks[MaxSamples];
    int count;
};

u64 length_of(const char *s);
int same_text(const char *a, const char *b);
char *put(char *p, const char *s);
char *put_number(char *p, u64 v);
void print(char *begin, char *end);

void report(const char *name, double value, const char *unit);
void report_failure(const char *name, u64 error);

static inline void add_sample(struct Samples *s, u64 ticks)
{
    if (s->count < MaxSamples) s->ticks[s->count++] = ticks;
}
u64 typical(struct Samples *s);
double nanoseconds(double ticks);
void report_ns(const char *name, struct Samples *s, u64 operations);
void report_rate(const char *name, struct Samples *s, u64 bytes);
