// counters.c: lines `name number` of /proc/vmstat.
#include "counters.h"
#include "report.h"

// Linux 6.1 has some 4 KiB of them.
enum { Most = 16384 };

static const char *const names[Counters] = {"pswpin", "pswpout", "pgmajfault"};
static const char *const suffixes[Counters] = {"_pages_in", "_pages_out", "_major_faults"};

// The number behind the name if the line has that name, or else what it was.
static u64 number_of(const char *line, const char *name, u64 otherwise)
{
    for (; *name; line++, name++)
        if (*line != *name) return otherwise;
    if (*line++ != ' ') return otherwise;
    u64 number = 0;
    for (; *line >= '0' && *line <= '9'; line++) number = number * 10 + (*line - '0');
    return number;
}

// The length of the text, which ends with a zero; 0 if there is none.
static u64 read_all(const char *path, char *text)
{
    s64 fd = sc3(SYS_open, (u64)path, O_RDONLY, 0), r;
    if (is_error(fd)) return 0;
    u64 length = 0;
    while (length < Most && (r = sc3(SYS_read, fd, (u64)text + length, Most - length)) > 0) length += r;
    sc1(SYS_close, fd);
    text[length] = 0;
    return length;
}

struct PageCounts page_counts(void)
{
    static char text[Most + 1];
    struct PageCounts counts = {.known = read_all("/proc/vmstat", text) != 0};
    for (const char *line = text; *line;) {
        for (int i = 0; i < Counters; i++) counts.of[i] = number_of(line, names[i], counts.of[i]);
        while (*line && *line++ != '\n') {}
    }
    return counts;
}

void report_page_counts(const char *name, const struct PageCounts *since)
{
    struct PageCounts now = page_counts();
    for (int i = 0; i < Counters && now.known && since->known; i++) {
        char whole[64];
        *put(put(whole, name), suffixes[i]) = 0;
        report(whole, (double)(now.of[i] - since->of[i]), i == MajorFaults ? "faults" : "pages");
    }
}
