// Exhibit "brk": the heap's end moves, and its pages come and go.
// It prints without ever calling malloc, which would move the break for purposes of its own (block.hpp).
#include "user/lib/address.hpp"
#include "user/lib/block.hpp"
#include "user/lib/number.hpp"
#include "user/lib/proc.hpp"
#include "user/lib/squares.hpp"
#include "user/lib/translation.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/resource.h>
#include <unistd.h>

using namespace exhibit;

namespace text {
constexpr char usage[] = N_("usage: brk [pages]    pages to grow the heap by, 1 to 16384 (default 16)\n"
                            "       brk past       a write past the break: the program is killed");
constexpr char failed[] = N_("brk: the kernel refuses to move the break by %+ld bytes\n");

constexpr char look[] =
    N_("brk: look at the squares. The break moves at once; a page comes when touched.\n\n");
constexpr char scale[] = N_("one square is %lu pages\n"), legend_partly[] = N_("%s some present   ");
constexpr char legend_present[] = N_("%s present in memory   "),
               legend_absent[] = N_("%s heap, but no page yet   ");
constexpr char legend_break[] = N_("%s the break\n\n");
constexpr char count[] = N_("%5lu of %lu present\n");

constexpr char begin[] = N_("The break, the end of the heap, is at %#lx.\n\n");
constexpr char grow[] = N_("sbrk(%lu * 4096) moves it to %#lx. Pages taken: none.\n");
constexpr char every_other[] = N_("Writes to every other page: %lu. Page faults: %lu.\n");
constexpr char all[] = N_("Writes to every page: %lu. Page faults: %lu.\n");
constexpr char shrink[] = N_("sbrk(-%lu * 4096) moves it to %#lx. The pages above are given back.\n");
constexpr char regrow[] = N_("sbrk(%lu * 4096) moves it to %#lx. The pages do not come back.\n");
constexpr char read_one[] =
    N_("A read of the last byte, once %d: now %d. Page faults: %lu (the shared zero page).\n");
constexpr char back[] = N_("brk(%#lx): back to the start. (`brk past`: a write above the break.)\n");

constexpr char look_past[] =
    N_("brk past: look at how it ends. The break counts bytes, protection counts pages.\n\n");
constexpr char one_byte[] = N_("sbrk(1) moves the break from %#lx to %#lx: one byte more.\n");
constexpr char whole_page[] = N_("A write to %#lx, %lu bytes above the break, works: its page is there.\n");
constexpr char next_page[] =
    N_("A write to %#lx, one byte on, is in the next page, and that one is in no\n"
       "area of this process. It comes now, and it is the last thing this program does.\n");
constexpr char other_area[] = N_("brk past: another area begins right behind the heap: nothing to show\n");
constexpr char survived[] = N_("brk past: the write past the heap's last page was not stopped\n");
} // namespace text

namespace {

Block output;
constexpr char written = 42;

std::uintptr_t present_break()
{
    return address_of(sbrk(0));
}

void move_break(std::intptr_t bytes)
{
    if (sbrk(bytes) == reinterpret_cast<void *>(-1)) {
        std::fprintf(stderr, translated(text::failed), bytes);
        std::exit(1);
    }
}

std::size_t faults()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::size_t>(usage.ru_minflt);
}

void grow(std::uintptr_t start, std::size_t pages)
{
    move_break(static_cast<std::intptr_t>(pages * page_size));
    use_small_pages(start, present_break() - start);
}

void draw_legend(const Squares &squares)
{
    const bool several = squares.per_square() > 1;
    if (several) output.add(text::scale, squares.per_square());
    output.add(text::legend_absent, squares.none());
    if (several) output.add(text::legend_partly, squares.some());
    output.add(text::legend_present, squares.full());
    output.add(text::legend_break, squares.mark());
}

// The pages from `start` to the break, drawn and counted.
void draw_heap(const Squares &squares, std::uintptr_t start)
{
    output.fill_to(3);
    const std::size_t present = squares.draw(output, start, present_break());
    output.fill_to(squares.widest + 6);
    output.add(text::count, present, (present_break() - start) / page_size);
}

// Writes to the last byte of every `step`th of the pages; returns the page faults this took.
[[gnu::noinline]] std::size_t write_pages(std::uintptr_t start, std::size_t pages, std::size_t step)
{
    const std::size_t before = faults();
    for (std::size_t page = 0; page < pages; page += step)
        byte_at(start + (page + 1) * page_size - 1) = written;
    return faults() - before;
}

// Reads a byte; returns the page faults this took.
[[gnu::noinline]] std::size_t read_byte(std::uintptr_t address, char &found)
{
    const std::size_t before = faults();
    found = byte_at(address);
    return faults() - before;
}

void up_and_down(std::size_t pages)
{
    const std::uintptr_t start = present_break();
    const std::size_t half = (pages + 1) / 2;
    const Squares squares(pages);
    char found;

    // Once without counting, so that the code itself is in memory when faults are counted.
    alignas(page_size) static char practice[page_size];
    write_pages(address_of(practice), 1, 1);
    read_byte(address_of(practice), found);

    output.add(Style::heading, text::look);
    draw_legend(squares);
    output.add(text::begin, start);

    grow(start, pages);
    output.add(text::grow, pages, present_break());
    draw_heap(squares, start);

    std::size_t took = write_pages(start, pages, 2);
    output.add(text::every_other, half, took);
    draw_heap(squares, start);

    took = write_pages(start, pages, 1);
    output.add(text::all, pages, took);
    draw_heap(squares, start);

    move_break(-static_cast<std::intptr_t>(half * page_size));
    output.add(text::shrink, half, present_break());
    draw_heap(squares, start);

    grow(start, half);
    output.add(text::regrow, half, present_break());
    draw_heap(squares, start);

    took = read_byte(present_break() - 1, found);
    output.add(text::read_one, written, found, took);
    draw_heap(squares, start);

    if (brk(pointer_to(start)) != 0) {
        std::perror("brk");
        std::exit(1);
    }
    output.add(text::back, present_break());
    draw_heap(squares, start);
    output.write();
}

[[noreturn]] void past()
{
    const std::uintptr_t start = present_break();
    const std::uintptr_t next = start + page_size;
    move_break(1);
    output.add(Style::heading, text::look_past);
    output.add(text::one_byte, start, present_break());
    byte_at(next - 1) = 1;
    output.add(text::whole_page, next - 1, next - 1 - present_break());
    const auto areas = read_maps();
    if (std::ranges::any_of(areas, [next](const Area &area) { return area.holds(next); })) {
        std::fputs(translated(text::other_area), stderr);
        std::exit(1);
    }
    output.add(Style::alarm, text::next_page, next);
    output.write();
    byte_at(next) = 1;
    std::fputs(translated(text::survived), stderr);
    std::exit(1);
}

} // namespace

int main(int argc, char **argv)
{
    const bool to_past = argc > 1 && std::strcmp(argv[1], "past") == 0;
    const std::size_t pages = to_past ? 0 : number_argument(argc, argv, 1, 16, 1, 16384, text::usage);
    move_break(static_cast<std::intptr_t>(page_round_up(present_break()) - present_break()));
    if (to_past) past();
    up_and_down(pages);
}
