// /proc/stat, loadavg, cpuinfo, mounts, filesystems, sys and task: the form of what is there, which programs
// parse; the numbers are the machine's.
#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char text[65536];

static const char *read_file(const char *path)
{
    long file = sys_open(path, O_RDONLY, 0);
    size_t used = 0;
    long count;
    while (file >= 0 && (count = sys_read(file, text + used, sizeof text - 1 - used)) > 0)
        used += (size_t)count;
    text[used] = 0;
    if (file >= 0) sys_close(file);
    return file < 0 ? NULL : text;
}

static int has_line(const char *begin)
{
    size_t length = strlen(begin);
    for (const char *line = text; *line;) {
        if (!strncmp(line, begin, length)) return 1;
        const char *end = strchr(line, '\n');
        if (!end) break;
        line = end + 1;
    }
    return 0;
}

static unsigned long long number_after(const char *begin)
{
    const char *found = strstr(text, begin);
    return found ? strtoull(found + strlen(begin), NULL, 10) : 0;
}

int main(void)
{
    SAY("stat");
    read_file("/proc/stat");
    unsigned long long times[10], one[10];
    IS(sscanf(text, "cpu  %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu", &times[0], &times[1], &times[2],
              &times[3], &times[4], &times[5], &times[6], &times[7], &times[8], &times[9]) == 10);
    IS(sscanf(strchr(text, '\n') + 1, "cpu0 %llu %llu %llu %llu", &one[0], &one[1], &one[2], &one[3]) == 4);
    IS(has_line("intr ") && has_line("ctxt ") && has_line("btime ") && has_line("softirq "));
    IS(number_after("processes ") >= 1);
    IS(number_after("procs_running ") >= 1);
    IS(has_line("procs_blocked "));
    unsigned long long switches = number_after("ctxt "), processes = number_after("processes ");
    if (fork() == 0) _exit(0);
    int status;
    system_call(SYS_wait4, -1, (long)&status, 0, 0, 0, 0);
    read_file("/proc/stat");
    IS(number_after("ctxt ") > switches && number_after("processes ") > processes);
    IS(sscanf(text, "cpu  %llu %llu %llu %llu", &one[0], &one[1], &one[2], &one[3]) == 4);
    IS(one[0] >= times[0] && one[1] >= times[1] && one[2] >= times[2] && one[3] >= times[3]);

    SAY("loadavg");
    read_file("/proc/loadavg");
    unsigned part[3];
    double load[3];
    int running, all, last, end = 0;
    IS(sscanf(text, "%lf %lf %lf %d/%d %d\n%n", &load[0], &load[1], &load[2], &running, &all, &last, &end) ==
       6);
    IS((size_t)end == strlen(text));
    IS(sscanf(text, "%*u.%2u %*u.%2u %*u.%2u", &part[0], &part[1], &part[2]) == 3);
    IS(running >= 1 && running <= all && last >= (int)sys_getpid());

    SAY("cpuinfo");
    read_file("/proc/cpuinfo");
    static const char *const keys[] = {
        "processor\t: 0\n", "vendor_id\t: ", "cpu family\t: ", "model\t\t: ",  "model name\t: ",
        "stepping\t: ",     "cpu MHz\t\t: ", "flags\t\t: ",    "bogomips\t: ", "address sizes\t: "};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) IS(has_line(keys[i]));
    IS(strstr(text, " fpu ") && strstr(text, " sse2 ") && strstr(text, " syscall ") && strstr(text, " lm "));

    SAY("mounts and filesystems");
    SAY("mounts leads to %s",
        readlink("/proc/mounts", text, sizeof text) == 11 && !memcmp(text, "self/mounts", 11)
            ? "self/mounts"
            : "something else");
    IS(read_file("/proc/self/mounts") && strstr(text, " / ") && strstr(text, " /proc proc rw"));
    IS(read_file("/proc/mounts") && strstr(text, " /proc proc rw"));
    IS(read_file("/proc/filesystems") && has_line("nodev\tproc\n") && has_line("nodev\ttmpfs\n"));

    SAY("sys");
    read_file("/proc/sys/kernel/ostype");
    SAY("ostype %s", text);
    read_file("/proc/sys/kernel/pid_max");
    IS(atoi(text) >= 32768);
    IS(read_file("/proc/sys/kernel/osrelease") && !strncmp(text, "6.1.", 4));
    IS(read_file("/proc/sys/kernel/hostname") && strchr(text, '\n') == text + strlen(text) - 1);
    unsigned long long open_files, unused, most;
    read_file("/proc/sys/fs/file-nr");
    IS(sscanf(text, "%llu\t%llu\t%llu\n", &open_files, &unused, &most) == 3);
    IS(open_files <= most && unused == 0 && most >= 8192);
    read_file("/proc/sys/fs/file-max");
    IS(strtoull(text, NULL, 10) == most);
    IS(read_file("/proc/sys/kernel/no_such_thing") == NULL);

    SAY("task");
    DIR *directory = opendir("/proc/self/task");
    int threads = 0;
    for (struct dirent *entry; (entry = readdir(directory));)
        if (entry->d_name[0] != '.') threads += atoi(entry->d_name) == (int)sys_getpid();
    closedir(directory);
    SAY("%d thread, of our number", threads);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)sys_getpid());
    IS(read_file(path) && atoi(text) == (int)sys_getpid());
    snprintf(path, sizeof path, "/proc/self/task/%d/task", (int)sys_getpid());
    SHOW(sys_open(path, O_RDONLY, 0) == -ENOENT);
    SHOW(sys_open("/proc/self/task/1", O_RDONLY, 0) == -ENOENT);
    return 0;
}
