// /proc/self/smaps: the fields of proc(5) for each area, exact for areas whose pages are known.
// libc: none
#include "areas.h"

static char text[256 * 1024];
static const char *const names[] = {
    "Size:",          "KernelPageSize:", "MMUPageSize:",   "Rss:",        "Pss:",         "Shared_Clean:",
    "Shared_Dirty:",  "Private_Clean:",  "Private_Dirty:", "Referenced:", "Anonymous:",   "LazyFree:",
    "AnonHugePages:", "Swap:",           "SwapPss:",       "Locked:",     "THPeligible:", NULL,
};

// The text from the line of the area that begins there, its end marked by a NUL that `restore` removes.
static char *entry_of(const char *begin)
{
    read_whole("/proc/self/smaps", text, sizeof text);
    for (char *line = text; *line;) {
        unsigned long address;
        const char *after = read_hex(line, &address);
        if (*after == '-' && address == (unsigned long)begin) {
            char *end = line;
            for (;;) { // up to the next line that begins with a small letter or digit: the next area
                while (*end && *end != '\n') ++end;
                if (!*end || !*++end) break;
                if ((*end >= '0' && *end <= '9') || (*end >= 'a' && *end <= 'f')) break;
            }
            *end = 0;
            return line;
        }
        while (*line && *line++ != '\n') {}
    }
    return text + length_of(text);
}

static int has_flag(const char *entry, const char *flag)
{
    for (; *entry; ++entry) {
        if (entry[0] == 'V' && entry[2] == 'F') break;
    }
    for (; *entry; ++entry) {
        if (entry[0] == ' ' && entry[1] == flag[0] && entry[2] == flag[1]) return 1;
    }
    return 0;
}

static void show_entry(const char *what, const char *begin)
{
    const char *entry = entry_of(begin);
    SAY("%s", what);
    for (int i = 0; names[i]; ++i) {
        long number = number_after(entry, names[i]);
        if (number < 0) SAY("    %s missing", names[i]);
        if (number > 0) SAY("    %s %ld", names[i], number);
    }
    SAY("    flags:%s%s%s%s%s", has_flag(entry, "rd") ? " rd" : "", has_flag(entry, "wr") ? " wr" : "",
        has_flag(entry, "ex") ? " ex" : "", has_flag(entry, "sh") ? " sh" : "",
        has_flag(entry, "lo") ? " lo" : "");
}

int main(void)
{
    char *place = map_at(BASE, 16 * PAGE, PROT_READ | PROT_WRITE);
    show_entry("untouched", place);
    memset(place, 1, 5 * PAGE);
    show_entry("5 pages written", place);
    (void)peek(place + 8 * PAGE);
    (void)peek(place + 9 * PAGE);
    show_entry("2 pages read: the page of zeros is nobody's", place);
    sys_madvise(place, 2 * PAGE, MADV_DONTNEED);
    show_entry("2 of the 5 dropped", place);
    sys_mlock(place, 16 * PAGE);
    show_entry("locked", place);
    sys_munlock(place, 16 * PAGE);
    sys_mprotect(place, 16 * PAGE, PROT_READ | PROT_EXEC);
    show_entry("to read and execute", place);
    place = map_at(BASE + MIB, 4 * PAGE, PROT_NONE);
    show_entry("inaccessible", place);
    place = BASE + 2 * MIB;
    sys_mmap(place, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    memset(place, 1, 3 * PAGE);
    show_entry("shared, 3 pages written", place);

    SAY("the first line of an entry is that of maps, and every area has an entry");
    read_whole("/proc/self/maps", areas_text, sizeof areas_text);
    struct Area area;
    int areas = 0, entries = 0;
    for (const char *line = areas_text; (line = next_area(line, &area)); ++areas) {
        const char *entry = entry_of((const char *)area.begin);
        entries += number_after(entry, "Size:") == (long)(area.end - area.begin) / 1024;
    }
    IS(areas > 5 && areas == entries);
    return 0;
}
