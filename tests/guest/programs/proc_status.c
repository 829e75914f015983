// /proc/self/status: the fields of proc(5) about memory and identity, and how they hang together.
// room: 10
#include "areas.h"

static char text[16 * 1024];

static long of_maps(int (*counts)(const struct Area *))
{
    struct Area area;
    long bytes = 0;
    read_whole("/proc/self/maps", areas_text, sizeof areas_text);
    for (const char *line = areas_text; (line = next_area(line, &area));) {
        if (area.begin >> 63 == 0 && counts(&area)) bytes += (long)(area.end - area.begin);
    }
    return bytes / 1024;
}

static int is_stack(const struct Area *area)
{
    return area->name[0] == '[' && area->name[1] == 's';
}
static int any(const struct Area *area)
{
    return area != NULL;
}
static int is_data(const struct Area *area)
{
    return area->permissions[1] == 'w' && area->permissions[3] == 'p' && !is_stack(area);
}

static void show_fields(const char *const *names)
{
    read_whole("/proc/self/status", text, sizeof text);
    for (; *names; ++names)
        SAY("    %s %s", *names, number_after(text, *names) >= 0 ? "is there" : "is missing");
}

static const char *const memory[] = {
    "VmPeak:",   "VmSize:", "VmLck:", "VmPin:", "VmHWM:", "VmRSS:", "RssAnon:", "RssFile:",
    "RssShmem:", "VmData:", "VmStk:", "VmExe:", "VmLib:", "VmPTE:", "VmSwap:",  NULL};
static const char *const identity[] = {
    "Name:",   "Umask:",  "State:",   "Tgid:",   "Ngid:",   "Pid:",    "PPid:",   "Uid:",    "Gid:",
    "FDSize:", "Groups:", "Threads:", "SigPnd:", "ShdPnd:", "SigBlk:", "SigIgn:", "SigCgt:", NULL};

int main(void)
{
    show_fields(memory);
    show_fields(identity);
    SAY("consistent");
    IS(status_number("VmSize:") == of_maps(any));
    IS(status_number("VmStk:") == of_maps(is_stack));
    IS(status_number("VmData:") == of_maps(is_data));
    read_whole("/proc/self/status", text, sizeof text);
    IS(number_after(text, "VmPeak:") >= number_after(text, "VmSize:"));
    IS(number_after(text, "VmHWM:") >= number_after(text, "VmRSS:"));
    IS(number_after(text, "VmRSS:") ==
       number_after(text, "RssAnon:") + number_after(text, "RssFile:") + number_after(text, "RssShmem:"));
    IS(number_after(text, "VmPTE:") >= 16 && number_after(text, "VmPTE:") % 4 == 0);
    IS(number_after(text, "VmSwap:") == 0 && number_after(text, "VmPin:") == 0);
    IS(number_after(text, "VmExe:") > 0);
    IS(number_after(text, "Pid:") == sys_getpid() && number_after(text, "Tgid:") == sys_getpid());
    IS(number_after(text, "PPid:") == sys_getppid());
    IS(number_after(text, "Threads:") == 1);
    IS(number_after(text, "Uid:") == 0 && number_after(text, "Gid:") == 0);

    SAY("16 MiB more, 8 MiB of them touched");
    long size = status_number("VmSize:"), rss = status_number("VmRSS:"), data = status_number("VmData:");
    map_at(BASE, 16 * MIB, PROT_READ | PROT_WRITE);
    memset(BASE, 1, 8 * MIB);
    IS(status_number("VmSize:") - size == 16 * 1024);
    IS(status_number("VmData:") - data == 16 * 1024);
    // Linux 6.1 counts in batches: each reading is up to 64 pages of each kind late.
    long grown = status_number("VmRSS:") - rss;
    IS(grown >= 8192 - 1024 && grown <= 8192 + 1024);
    SAY("given back: the peaks stay");
    sys_munmap(BASE, 16 * MIB);
    IS(status_number("VmSize:") == size);
    IS(status_number("VmPeak:") >= size + 16 * 1024);
    IS(status_number("VmHWM:") >= rss + 8192 - 1024);
    IS(status_number("VmRSS:") <= rss + 1024);
    SAY("shared memory");
    rss = status_number("RssShmem:");
    sys_mmap(BASE, 4 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    memset(BASE, 1, 4 * MIB);
    grown = status_number("RssShmem:") - rss;
    IS(grown >= 4096 - 1024 && grown <= 4096 + 1024);
    return 0;
}
