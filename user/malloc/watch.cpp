// Reading /proc/self/maps line by line, without allocating. See watch.hpp.
#include "user/malloc/watch.hpp"

#include "user/lib/address.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

extern "C" char
    end[]; // end(3): of the program's data. The heap begins with the next page or, randomised, above.

namespace exhibit {

namespace {

[[noreturn]] void give_up(const char *what)
{
    std::perror(what);
    std::exit(1);
}

// What one line tells (proc(5): after the inode comes the name, if any).
void take_line(const char *line, Holdings &result)
{
    unsigned long area_start, area_end, inode;
    char name[8] = "";
    if (std::sscanf(line, "%lx-%lx %*s %*x %*x:%*x %lu %7s", &area_start, &area_end, &inode, name) < 3)
        give_up("/proc/self/maps");
    const std::uintptr_t data_end = page_round_up(address_of(end));
    if (std::strcmp(name, "[heap]") == 0 && area_start < result.heap_start)
        result.heap_start = area_start > data_end ? area_start : data_end;
    if (*name == '\0' && inode == 0 && area_start >= result.program_break)
        result.mapped += area_end - area_start;
}

} // namespace

Holdings present_holdings()
{
    Holdings result{address_of(sbrk(0)), address_of(sbrk(0)), 0};
    const int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (file < 0) give_up("/proc/self/maps");
    static char piece[4096], line[512];
    std::size_t length = 0;
    ssize_t count;
    while ((count = read(file, piece, sizeof piece)) > 0)
        for (ssize_t at = 0; at < count; ++at) {
            if (piece[at] != '\n') {
                if (length < sizeof line - 1) line[length++] = piece[at];
                continue;
            }
            line[length] = '\0';
            length = 0;
            take_line(line, result);
        }
    if (count < 0) give_up("/proc/self/maps");
    close(file);
    return result;
}

std::size_t pages_of(const void *start, std::size_t bytes)
{
    const std::uintptr_t address = address_of(start);
    return (page_round_up(address + bytes) - address / page_size * page_size) / page_size;
}

std::size_t pages_in_memory(const void *start, std::size_t bytes)
{
    static unsigned char present[256];
    const std::size_t pages = pages_of(start, bytes);
    const std::uintptr_t first = address_of(start) / page_size * page_size;
    std::size_t sum = 0;
    for (std::size_t at = 0; at < pages; at += sizeof present) {
        const std::size_t count = pages - at < sizeof present ? pages - at : sizeof present;
        if (mincore(pointer_to(first + at * page_size), count * page_size, present) != 0) give_up("mincore");
        for (std::size_t page = 0; page < count; ++page) sum += present[page] & 1;
    }
    return sum;
}

} // namespace exhibit
