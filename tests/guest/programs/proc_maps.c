// /proc/self/maps: the format of proc(5), sorted, with [heap] and [stack] and the program's own file.
// libc: glibc none
// add: tests/guest/data/text.txt=/data/text.txt
#include "areas.h"

static char constant_text[] = "data";

// The part of a line up to its name, or the whole line.
static void show_line(const char *line)
{
    char text[256];
    long n = 0;
    while (line[n] && line[n] != '\n' && n < 255) text[n] = line[n], ++n;
    text[n] = 0;
    SAY("    |%s|", text);
}

static const char *permissions_at(const void *address, const char **name)
{
    static struct Area area;
    for (const char *line = areas_text; (line = next_area(line, &area));) {
        if ((unsigned long)address < area.begin || (unsigned long)address >= area.end) continue;
        *name = area.name;
        return area.permissions;
    }
    *name = "";
    return "nowhere";
}

static void show_place(const char *what, const void *address)
{
    const char *name, *permissions = permissions_at(address, &name);
    char text[64];
    long n = 0;
    while (name[n] && name[n] != '\n' && n < 63) text[n] = name[n], ++n;
    text[n] = 0;
    SAY("%s: %s %s", what, permissions, base_name(text));
}

int main(int argc, char **argv)
{
    (void)argv;
    long fd = sys_open("/data/text.txt", O_RDONLY, 0);
    map_at(BASE, 3 * PAGE, PROT_READ | PROT_WRITE);
    map_at(BASE + 16 * PAGE, PAGE, PROT_NONE);
    sys_mmap(BASE + 32 * PAGE, 2 * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, fd, PAGE);
    char *heap = (char *)sys_brk(NULL);
    sys_brk(heap + 3 * PAGE);
    long size = read_whole("/proc/self/maps", areas_text, sizeof areas_text);
    IS(size > 0 && areas_text[size - 1] == '\n');

    SAY("anonymous areas, byte for byte");
    const char *line = areas_text;
    struct Area area, last = {0, 0, 0, "", ""};
    int sorted = 1, aligned = 1, whole = 1;
    for (const char *next = line; (next = next_area(line, &area)); line = next) {
        if (area.begin == (unsigned long)BASE || area.begin == (unsigned long)BASE + 16 * PAGE)
            show_line(line);
        sorted &= area.begin >= last.end && area.end > area.begin;
        aligned &= area.begin % PAGE == 0 && area.end % PAGE == 0 && area.offset % PAGE == 0;
        whole &= area.permissions[3] == 'p' || area.permissions[3] == 's';
        if (*area.name != '\n') whole &= area.name - line == 73 || area.begin > 0xffffffffffffl;
        last = area;
    }
    IS(sorted);
    IS(aligned);
    SAY("names begin in column 73, permissions end with p or s: %d", whole);

    SAY("a file: its offset and path");
    for (line = areas_text; (line = next_area(line, &area));) {
        if (area.begin == (unsigned long)BASE + 32 * PAGE) SAY("    %s 0x%lx", area.permissions, area.offset);
    }
    show_place("its name", BASE + 33 * PAGE);
    SAY("the program");
    show_place("text", (void *)show_place);
    show_place("constant", "constant");
    show_place("data", constant_text);
    show_place("the heap", heap + 2 * PAGE);
    show_place("the stack", &argc);
    show_place("nothing", NULL);
    return 0;
}
