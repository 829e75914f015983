// areas.h: what /proc/self/maps says about a range, printed relative to its base, and where pages are.
#pragma once

#include "check.h"

static char areas_text[256 * 1024];

// The whole of a /proc file, NUL-terminated; its length.
static UNUSED long read_whole(const char *path, char *text, long size)
{
    long fd = sys_open(path, O_RDONLY, 0), used = 0;
    if (fd < 0) {
        SAY("%s: %s", path, errno_name(-fd));
        sys_exit_group(97);
    }
    for (;;) {
        long n = sys_read(fd, text + used, (size_t)(size - 1 - used));
        if (n <= 0) break;
        used += n;
    }
    sys_close(fd);
    text[used] = 0;
    return used;
}

// Until this process is in that state (proc(5)): S when it sleeps in a system call, T when it is stopped; or
// has ended.
static UNUSED void wait_for_state(long pid, char wanted)
{
    static char text[1024];
    struct Line path;
    path.used = 0;
    add_text(&path, "/proc/");
    add_number(&path, (unsigned long)pid, 10);
    add_text(&path, "/stat");
    add_char(&path, 0);
    for (char state = 0; state != wanted && state != 'Z'; sys_sched_yield()) {
        long at = read_whole(path.text, text, sizeof text);
        while (text[at] != ')') --at;
        state = text[at + 2];
    }
}

// The number after a field's name at the beginning of a line, or -1: number_after(text, "VmLck:").
static UNUSED long number_after(const char *text, const char *name)
{
    for (;;) {
        const char *t = text, *n = name;
        while (*n && *t == *n) ++t, ++n;
        if (!*n) {
            while (*t == ' ' || *t == '\t') ++t;
            long number = 0;
            for (; *t >= '0' && *t <= '9'; ++t) number = number * 10 + (*t - '0');
            return number;
        }
        while (*text && *text != '\n') ++text;
        if (!*text) return -1;
        ++text;
    }
}

static UNUSED long status_number(const char *name)
{
    static char text[16 * 1024];
    read_whole("/proc/self/status", text, sizeof text);
    return number_after(text, name);
}

static UNUSED const char *read_hex(const char *text, unsigned long *value)
{
    *value = 0;
    for (;; ++text) {
        if (*text >= '0' && *text <= '9')
            *value = *value * 16 + (unsigned long)(*text - '0');
        else if (*text >= 'a' && *text <= 'f')
            *value = *value * 16 + (unsigned long)(*text - 'a' + 10);
        else
            return text;
    }
}

struct Area {
    unsigned long begin, end, offset;
    char permissions[5];
    const char *name; // "" when it has none; ends with the line
};

// The next area of a maps text, or NULL at the end of it.
static UNUSED const char *next_area(const char *line, struct Area *area)
{
    if (!*line) return NULL;
    line = read_hex(line, &area->begin);
    line = read_hex(line + 1, &area->end) + 1;
    for (int i = 0; i < 4; ++i) area->permissions[i] = *line++;
    area->permissions[4] = 0;
    line = read_hex(line + 1, &area->offset) + 1;
    while (*line != ' ') ++line; // device
    ++line;
    while (*line != ' ' && *line != '\n') ++line; // inode
    while (*line == ' ') ++line;
    area->name = line;
    while (*line != '\n') ++line;
    return line + 1;
}

// One line an area in [base, base + size): the part of it that lies there.
static UNUSED void show_areas(const char *base, long size)
{
    unsigned long low = (unsigned long)base, high = low + (unsigned long)size;
    read_whole("/proc/self/maps", areas_text, sizeof areas_text);
    struct Area area;
    int found = 0;
    for (const char *line = areas_text; (line = next_area(line, &area));) {
        if (area.end <= low || area.begin >= high) continue;
        if (area.begin < low) area.begin = low;
        if (area.end > high) area.end = high;
        SAY("    +0x%lx-0x%lx %s", area.begin - low, area.end - low, area.permissions);
        found = 1;
    }
    if (!found) SAY("    nothing mapped");
}

// mincore(2) of a range as a word of 0 and 1, at most 64 pages.
static UNUSED void show_resident(const char *base, long pages)
{
    unsigned char vector[64];
    char text[65];
    long result = sys_mincore(base, (size_t)(pages * PAGE), vector);
    for (long i = 0; i < pages; ++i) text[i] = (char)('0' + (vector[i] & 1));
    text[pages] = 0;
    SAY("    resident: %s", result ? errno_name(-result) : text);
}

// The entry of /proc/self/pagemap for an address (proc(5)): bit 63 present, bit 61 file page or shared, bits
// 0 to 54 the frame's number.
static UNUSED unsigned long pagemap_entry(const void *address)
{
    unsigned long entry = ~0ul;
    long fd = sys_open("/proc/self/pagemap", O_RDONLY, 0);
    sys_pread64(fd, &entry, 8, (long)((unsigned long)address / PAGE * 8));
    sys_close(fd);
    return entry;
}
static UNUSED unsigned long frame_of(const void *address)
{
    return pagemap_entry(address) & ((1ul << 55) - 1);
}
