// Reading and parsing /proc/self. See proc.hpp.
#include "user/lib/proc.hpp"

#include "user/lib/address.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace exhibit {

namespace {

[[noreturn]] void give_up(const char *path)
{
    std::perror(path);
    std::exit(1);
}

int open_or_give_up(const char *path)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) give_up(path);
    return file;
}

std::string read_whole(const char *path)
{
    const int file = open_or_give_up(path);
    std::string content;
    char piece[4096];
    ssize_t count;
    while ((count = read(file, piece, sizeof piece)) > 0)
        content.append(piece, static_cast<std::size_t>(count));
    if (count < 0) give_up(path);
    close(file);
    return content;
}

// Cuts the first line off `rest`.
std::string next_line(std::string_view &rest)
{
    const std::size_t length = std::min(rest.find('\n'), rest.size());
    std::string line(rest.substr(0, length));
    rest.remove_prefix(std::min(length + 1, rest.size()));
    return line;
}

std::vector<Area> read_areas(const char *path)
{
    const std::string content = read_whole(path);
    std::vector<Area> areas;
    for (std::string_view rest = content; !rest.empty();) {
        const std::string line = next_line(rest);
        unsigned long start, end, kib;
        char permissions[5];
        int name_at = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx %4s %*x %*x:%*x %*u %n", &start, &end, permissions,
                        &name_at) == 3)
            areas.push_back({start, end, permissions, line.substr(static_cast<std::size_t>(name_at)), 0});
        else if (std::sscanf(line.c_str(), "Rss: %lu kB", &kib) == 1 && !areas.empty())
            areas.back().resident_kib = kib;
    }
    return areas;
}

void read_pagemap_entries(std::uintptr_t address, PagemapEntry *entries, std::size_t count)
{
    static const int file = open_or_give_up("/proc/self/pagemap");
    const auto place = static_cast<off_t>(address / page_size * sizeof *entries);
    const std::size_t wanted = count * sizeof *entries;
    if (pread(file, entries, wanted, place) != static_cast<ssize_t>(wanted)) give_up("/proc/self/pagemap");
}

} // namespace

std::vector<Area> read_maps()
{
    return read_areas("/proc/self/maps");
}

std::vector<Area> read_smaps()
{
    return read_areas("/proc/self/smaps");
}

std::optional<std::size_t> status_kib(std::string_view name)
{
    const std::string content = read_whole("/proc/self/status");
    for (std::string_view rest = content; !rest.empty();) {
        const std::string line = next_line(rest);
        if (line.starts_with(name) && line[name.size()] == ':')
            return std::strtoul(line.c_str() + name.size() + 1, nullptr, 10);
    }
    return std::nullopt;
}

PagemapEntry read_pagemap(std::uintptr_t address)
{
    PagemapEntry entry;
    read_pagemap_entries(address, &entry, 1);
    return entry;
}

std::size_t count_present(std::uintptr_t start, std::uintptr_t end)
{
    std::size_t present = 0;
    PagemapEntry entries[512];
    for (std::uintptr_t at = start; at < end;) {
        const std::size_t count = std::min<std::size_t>(512, page_round_up(end - at) / page_size);
        read_pagemap_entries(at, entries, count);
        present += static_cast<std::size_t>(
            std::count_if(entries, entries + count, [](PagemapEntry entry) { return entry.present(); }));
        at += count * page_size;
    }
    return present;
}

} // namespace exhibit
