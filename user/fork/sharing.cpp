// Bit 56 of an entry: the page is mapped exclusively (Linux: Documentation/admin-guide/mm/pagemap.rst).
#include "user/fork/sharing.hpp"

#include "user/lib/address.hpp"
#include "user/lib/squares.hpp"

#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace exhibit {

const char *shared_square()
{
    return glyph("▒", "+");
}
const char *own_square()
{
    return glyph("█", "#");
}
const char *disk_square()
{
    return glyph("░", ".");
}

PagemapEntry pagemap_of(pid_t pid, std::uintptr_t address)
{
    PagemapEntry entry;
    char path[40];
    std::snprintf(path, sizeof path, "/proc/%d/pagemap", pid);
    const int file = open(path, O_RDONLY);
    if (file < 0) return entry;
    const auto place = static_cast<off_t>(address / page_size * sizeof entry);
    if (pread(file, &entry, sizeof entry, place) != sizeof entry) entry = {};
    close(file);
    return entry;
}

std::size_t pages_per_square(std::size_t pages)
{
    return (pages + Squares::widest - 1) / Squares::widest;
}

Sharing draw_sharing(Block &block, std::uintptr_t start, std::size_t pages)
{
    Sharing sum;
    const std::size_t per_square = pages_per_square(pages);
    for (std::size_t at = 0; at < pages; at += per_square) {
        Sharing here;
        const std::size_t end = std::min(pages, at + per_square);
        for (std::size_t page = at; page < end; ++page) {
            const PagemapEntry entry = read_pagemap(start + page * page_size);
            const bool is_exclusive = entry.bits >> 56 & 1;
            here.own += entry.present() && is_exclusive;
            here.shared += entry.present() && !is_exclusive;
            here.on_disk += entry.swapped();
        }
        // What most of its pages are.
        const std::size_t most = std::max({here.own, here.shared, here.on_disk});
        if (most == here.shared)
            block.add(Style::mapping, "%s", shared_square());
        else if (most == here.own)
            block.add(Style::heap, "%s", own_square());
        else
            block.add(Style::faint, "%s", disk_square());
        sum.own += here.own;
        sum.shared += here.shared;
        sum.on_disk += here.on_disk;
    }
    return sum;
}

} // namespace exhibit
