// Reading /proc/PID, /proc/meminfo and /proc/vmstat. See processes.hpp.
#include "user/lib/processes.hpp"

#include "user/lib/address.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace exhibit {

namespace {

std::string path_of(pid_t pid, const char *file)
{
    return "/proc/" + std::to_string(pid) + "/" + file;
}

// Empty if there is no such file any more.
std::string content_of(const std::string &path)
{
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return "";
    std::string content;
    char piece[4096];
    ssize_t count;
    while ((count = read(file, piece, sizeof piece)) > 0)
        content.append(piece, static_cast<std::size_t>(count));
    close(file);
    return count < 0 ? "" : content;
}

// The first line of `rest`, which is cut off there.
std::string next_line(std::string_view &rest)
{
    std::string line(rest.substr(0, rest.find('\n')));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    return line;
}

// The sum of all lines "NAME:   123 kB".
std::size_t sum_of(std::string_view content, std::string_view name)
{
    std::size_t sum = 0;
    while (!content.empty()) {
        const std::string line = next_line(content);
        if (line.starts_with(name) && line[name.size()] == ':')
            sum += std::strtoul(line.c_str() + name.size() + 1, nullptr, 10);
    }
    return sum;
}

} // namespace

std::vector<pid_t> processes()
{
    std::vector<pid_t> found;
    DIR *directory = opendir("/proc");
    if (!directory) return found;
    while (const dirent *entry = readdir(directory))
        if (const int pid = std::atoi(entry->d_name); pid > 0) found.push_back(pid);
    closedir(directory);
    std::ranges::sort(found);
    return found;
}

std::string program_of(pid_t pid)
{
    char target[4096];
    const ssize_t length = readlink(path_of(pid, "exe").c_str(), target, sizeof target);
    return {target, length > 0 ? static_cast<std::size_t>(length) : 0};
}

std::string name_of(pid_t pid)
{
    const std::string line = content_of(path_of(pid, "comm"));
    return line.substr(0, line.find('\n'));
}

Footprint footprint_of(pid_t pid)
{
    return {sum_of(content_of(path_of(pid, "status")), "VmSize"),
            sum_of(content_of(path_of(pid, "smaps")), "Rss")};
}

Footprints footprints_of(const std::vector<pid_t> &pids)
{
    Footprints found{.each = {}, .sum = {}, .own = {}, .free_kib = meminfo_kib("MemFree")};
    for (const pid_t pid : pids) {
        const Footprint one = footprint_of(pid);
        found.each.push_back(one);
        found.sum.size_kib += one.size_kib;
        found.sum.resident_kib += one.resident_kib;
        if (pid == getpid()) found.own = one;
    }
    return found;
}

Paging paging_of(pid_t pid)
{
    Paging found;
    const std::string stat = content_of(path_of(pid, "stat"));
    // The name before it stands in parentheses and may hold any character (proc(5)).
    const std::size_t name_end = stat.rfind(')');
    if (name_end == std::string::npos) return found;
    std::sscanf(stat.c_str() + name_end + 1, " %c %*d %*d %*d %*d %*d %*u %zu %*u %zu", &found.state,
                &found.minor_faults, &found.major_faults);
    const std::string status = content_of(path_of(pid, "status"));
    found.locked_kib = sum_of(status, "VmLck");
    const std::size_t resident_kib = sum_of(status, "VmRSS");
    found.frames = (resident_kib - std::min(found.locked_kib, resident_kib)) * 1024 / page_size;
    found.slots = sum_of(status, "VmSwap") * 1024 / page_size;
    return found;
}

std::size_t meminfo_kib(const char *name)
{
    return sum_of(content_of("/proc/meminfo"), name);
}

std::size_t vmstat_count(const char *name)
{
    const std::string content = content_of("/proc/vmstat");
    for (std::string_view rest = content; !rest.empty();) {
        const std::string line = next_line(rest);
        if (line.starts_with(std::string(name) + ' '))
            return std::strtoull(line.c_str() + line.find(' '), nullptr, 10);
    }
    return 0;
}

PagesMoved pages_moved()
{
    return {.in = vmstat_count("pswpin"), .out = vmstat_count("pswpout")};
}

} // namespace exhibit
