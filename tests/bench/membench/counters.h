// counters.h: what the kernel counts while it moves pages to a disk and back (proc(5), /proc/vmstat).
#pragma once
#include "abi.h"

enum Counter { PagesIn, PagesOut, MajorFaults, Counters };
struct PageCounts {
    u64 of[Counters];
    int known;
};

// Not known where there is no such file.
struct PageCounts page_counts(void);
// NAME_pages_in, NAME_pages_out and NAME_major_faults: what has been counted since then.
void report_page_counts(const char *name, const struct PageCounts *since);
