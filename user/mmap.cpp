// Exhibit "mmap": addresses cost nothing, pages do. Then two limits: one that is set, one that is built in.
#include "user/lib/address.hpp"
#include "user/lib/area_drawing.hpp"
#include "user/lib/block.hpp"
#include "user/lib/formatted.hpp"
#include "user/lib/number.hpp"
#include "user/lib/proc.hpp"
#include "user/lib/translation.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <sys/resource.h>
#include <utility>
#include <vector>

using namespace exhibit;

namespace text {
constexpr char usage[] =
    N_("usage: mmap [gib [pages]]    1 to 65536 GiB (default 64), 1 to 4096 pages (default 8)");
constexpr char failed[] = N_("mmap: %s of %s: %s\n");
constexpr char look[] =
    N_("mmap: look at the columns. Addresses are free; pages and their tables are not.\n\n");
constexpr char in_kib[] = "KiB", size[] = "VmSize", resident[] = N_("resident"), tables[] = N_("page tables");
constexpr char untold[] = "-", at_first[] = N_("at first"), reserved[] = N_("mmap: %s reserved");
constexpr char no_tables[] = N_("(- : this kernel does not tell the size of its page tables)\n");
constexpr char touched[] = N_("%lu pages written, %s apart");
constexpr char protected_[] = N_("mprotect: the second quarter"), punched[] = N_("munmap: the third quarter");
constexpr char costly_tables[] = N_("Spread out like this, %s of pages need %s of tables to be found.\n");
constexpr char after_mprotect[] = N_("\nAfter mprotect, one area has become three:\n");
constexpr char after_munmap[] = N_("\nAfter munmap there is a hole, and any page in it is free again:\n");
constexpr char writable[] = N_("read and write"), read_only[] = N_("read only");
constexpr char in_area[] = N_("%s in memory"), hole[] = N_("%s not mapped: the hole");
constexpr char limit[] = N_("A limit somebody sets: RLIMIT_AS = 128 GiB, so VmSize <= %s KiB\n");
constexpr char again[] = N_("  mmap of %s, as often as it is granted: %lu\n");
constexpr char too_much[] = N_("  once more, %s + %s KiB would be too much: %s\n");
constexpr char rest[] = N_("  mmap of the %s KiB left: %s\n"), in_use[] = N_("EEXIST, in use");
constexpr char one_more[] = N_("  mmap of one page more: %s\n"), at[] = N_("  mmap at %#lx, %s: %s\n");
constexpr char built_in[] = N_("A limit of four table levels: 47 bits for programs, 2^47 bytes = 128 TiB\n");
constexpr char last_page[] = N_("the last page a program may have"), beyond[] = N_("2^47 itself");
constexpr char edge[] = N_("the page kept free at the edge"), granted[] = N_("granted");
constexpr char five_levels[] = N_("  This machine has a fifth level, open to those who ask for it.\n");
} // namespace text

namespace {

Block output;
constexpr std::size_t gib = std::size_t{1} << 30;

const char *name_of(int error)
{
    if (error == 0) return translated(text::granted);
    return error == ENOMEM ? "ENOMEM" : error == EEXIST ? translated(text::in_use) : std::strerror(error);
}

// 0 or an errno value. What is mapped stays mapped.
int try_to_map(std::uintptr_t address, std::size_t bytes, int more_flags)
{
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | more_flags;
    return mmap(pointer_to(address), bytes, PROT_NONE, flags, -1, 0) == MAP_FAILED ? errno : 0;
}

void check(bool worked, const char *call, std::size_t bytes)
{
    if (worked) return;
    std::fprintf(stderr, translated(text::failed), call, size_text(bytes).text, std::strerror(errno));
    std::exit(1);
}

std::vector<Area> areas_in(const Area &range)
{
    std::vector<Area> areas = read_smaps();
    std::erase_if(areas, [&](const Area &area) { return area.start < range.start || area.end > range.end; });
    return areas;
}

// A line of the table: what the process and the range have now.
void row(const char *label, const Area &range)
{
    std::size_t resident_kib = 0;
    for (const Area &area : areas_in(range)) resident_kib += area.resident_kib;
    const auto tables = status_kib("VmPTE");
    output.add("%s", translated(label));
    output.fill_to(40);
    output.add("%14s%12s%12s\n", grouped(*status_kib("VmSize")).text, grouped(resident_kib).text,
               tables ? grouped(*tables).text : text::untold);
}

void draw_areas(Block &block, const Area &range)
{
    AreaDrawing drawing(block);
    const std::vector<Area> areas = areas_in(range);
    for (auto area = areas.rbegin(); area != areas.rend(); ++area) {
        const bool writable = area->permissions[1] == 'w';
        drawing.area(*area, writable ? text::writable : text::read_only,
                     writable ? Style::mapping : Style::constants, text::hole);
        drawing.line(0, formatted(text::in_area, size_text(area->resident_kib * 1024).text).c_str(), "");
    }
    drawing.close();
}

void reserve_touch_protect_punch(std::size_t bytes, std::size_t pages)
{
    static Block drawings;
    const std::size_t quarter = bytes / 4, distance = bytes / pages & -page_size;
    row(text::at_first, {});
    void *where =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    check(where != MAP_FAILED, "mmap", bytes);
    const Area range{address_of(where), address_of(where) + bytes, {}, {}, 0};
    use_small_pages(range.start, bytes);
    row(formatted(text::reserved, size_text(bytes).text).c_str(), range);
    const auto tables_before = status_kib("VmPTE");

    for (std::size_t page = 0; page < pages; ++page) byte_at(range.start + page * distance) = 1;
    row(formatted(text::touched, pages, size_text(distance).text).c_str(), range);
    const std::size_t tables = tables_before ? (*status_kib("VmPTE") - *tables_before) * 1024 : 0;

    check(mprotect(pointer_to(range.start + quarter), quarter, PROT_READ) == 0, "mprotect", quarter);
    row(text::protected_, range);
    drawings.add(text::after_mprotect);
    draw_areas(drawings, range);

    check(munmap(pointer_to(range.start + 2 * quarter), quarter) == 0, "munmap", quarter);
    row(text::punched, range);
    drawings.add(text::after_munmap);
    draw_areas(drawings, range);

    if (!tables_before) output.add(text::no_tables);
    const std::size_t touched = pages * page_size;
    if (tables > touched) output.add(text::costly_tables, size_text(touched).text, size_text(tables).text);
    output.write();
    drawings.write();
}

// RLIMIT_AS counts addresses, mapped or not: VmSize (getrlimit(2)).
void meet_the_limit(std::size_t bytes)
{
    constexpr std::size_t limit_kib = 128 * gib / 1024;
    rlimit before{};
    getrlimit(RLIMIT_AS, &before);
    const rlimit limited{128 * gib, before.rlim_max};
    check(setrlimit(RLIMIT_AS, &limited) == 0, "setrlimit", 128 * gib);
    output.add("\n");
    output.add(Style::heading, text::limit, grouped(limit_kib).text);

    std::size_t granted = 0;
    int error;
    while ((error = try_to_map(0, bytes, 0)) == 0) ++granted;
    const std::size_t vm_size_kib = *status_kib("VmSize");
    output.add(text::again, size_text(bytes).text, granted);
    output.add(text::too_much, grouped(vm_size_kib).text, grouped(bytes / 1024).text, name_of(error));
    if (vm_size_kib < limit_kib) {
        const std::size_t left_kib = limit_kib - vm_size_kib;
        output.add(text::rest, grouped(left_kib).text, name_of(try_to_map(0, left_kib * 1024, 0)));
        output.add(text::one_more, name_of(try_to_map(0, page_size, 0)));
    }
    check(setrlimit(RLIMIT_AS, &before) == 0, "setrlimit", before.rlim_cur);
}

// The last page below 2^47 is never mapped: a system call by its last instruction would return to 2^47, which
// is not a canonical address, and SYSRET faults in the kernel on those (SDM vol. 2, SYSRET).
void meet_the_edge()
{
    constexpr std::uintptr_t end = std::uintptr_t{1} << 47;
    output.add("\n");
    output.add(Style::heading, text::built_in);
    int error = 0;
    for (const auto &[address, what] : {std::pair{end - 2 * page_size, text::last_page},
                                        {end - page_size, text::edge},
                                        {end, text::beyond}}) {
        error = try_to_map(address, page_size, MAP_FIXED_NOREPLACE);
        output.add(text::at, address, translated(what), name_of(error));
    }
    if (error == 0) output.add(text::five_levels);
}

} // namespace

int main(int argc, char **argv)
{
    const std::size_t bytes = number_argument(argc, argv, 1, 64, 1, 65536, text::usage) * gib;
    const std::size_t pages = number_argument(argc, argv, 2, 8, 1, 4096, text::usage);
    output.add(Style::heading, text::look);
    for (const auto &[end, title] :
         {std::pair{3u, text::in_kib}, {54, text::size}, {66, text::resident}, {78, text::tables}}) {
        output.fill_to(end - columns_of(translated(title)));
        output.add(Style::faint, "%s", translated(title));
    }
    output.add("\n");
    reserve_touch_protect_punch(bytes, pages);
    meet_the_limit(bytes);
    meet_the_edge();
    output.write();
}
