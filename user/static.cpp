// Exhibit "static": code, constants and statics, each kind on pages of its own, because permissions are a
// page's. And how the pages of statics come: as copies of the file's, or as zeros.
#include "user/lib/address.hpp"
#include "user/lib/area_drawing.hpp"
#include "user/lib/block.hpp"
#include "user/lib/formatted.hpp"
#include "user/lib/number.hpp"
#include "user/lib/page_faults.hpp"
#include "user/lib/proc.hpp"
#include "user/lib/translation.hpp"
#include "user/static/parts.hpp"
#include "user/static/program_file.hpp"

#include <algorithm>

using namespace exhibit;

// Marks by the linker: where the program's image begins, a part of its RELRO, where its variables end
// (end(3)).
extern "C" char __executable_start, __init_array_start, end;

namespace text {
constexpr char usage[] = N_("usage: static [pages]           1 to 64 pages of data and of bss (default 16)\n"
                            "       static write-constant    a write to a constant: the program is killed\n"
                            "       static write-code        a write to code: the program is killed\n"
                            "       static run-data          a call of data: the program is killed");

constexpr char look[] =
    N_("static: look at the permissions. A page has them, so like objects share pages.\n\n");
constexpr char code[] = N_("code"), constants[] = N_("constants"),
               relro[] = N_("constants once set up (RELRO)"), header[] = N_("the program file's header");
constexpr char data[] = N_("data: statics with a value"), bss[] = N_("bss: statics that start as zero"),
               bss_and_heap[] = N_("bss and heap in one"), gap[] = N_("%s not mapped");
constexpr char zeros_[] = N_("zeros"), about_zeros[] = N_("a static array with no value, 256 KiB");
constexpr char filled_[] = N_("filled"), about_filled[] = N_("a static array, a 42 in each of 64 pages");
constexpr char answer_[] = N_("answer"), about_answer[] = N_("a static int that starts as 42");
constexpr char calls[] = N_("calls"), about_calls[] = N_("a static inside the function count()");
constexpr char primes_[] = N_("primes"), about_primes[] = N_("a const array");
constexpr char hello_[] = N_("\"hello\""), about_hello[] = N_("a string literal");
constexpr char count_[] = N_("count()"), about_count[] = N_("a function with a static inside");
constexpr char main_[] = N_("main()"), about_main[] = N_("the function that calls all this");
constexpr char in_file[] =
    N_("The writable part has %s in memory, %s of it in the file:\nzeros take no room there.\n\n");

constexpr char faults[] = N_("page faults"), present[] = N_("pages present"), of_file[] = N_("the file's");
constexpr char data_first[] = N_("data: %lu pages at first"), bss_first[] = N_("bss: %lu pages at first");
constexpr char read[] = N_("  each one read: sum %ld"), written[] = N_("  each one written: 43");
constexpr char neighbours[] =
    N_("  (This kernel maps neighbours along with a page of a file that is asked for.)\n");
constexpr char copied[] =
    N_("\nfilled[0] is %d in memory, and still %d in the file: a write to a page of data\n"
       "gets this process a copy of its own. Bss has no page in the file, only zeros.\n"
       "Forbidden: `static write-constant`, `static write-code`, `static run-data`.\n");
} // namespace text

namespace {

template <int initial_value> struct alignas(page_size) Page {
    int value = initial_value;
};
constexpr std::size_t most_pages = 64;
Page<42> filled[most_pages];
Page<0> zeros[most_pages];
int answer = 42;
const int primes[] = {2, 3, 5, 7};

Block output;
constexpr std::size_t first_column = 34, column_width = 15;

int &count()
{
    static int calls = 0;
    ++calls;
    return calls;
}

const char *title_of(const Area &area)
{
    if (area.permissions[2] == 'x') return text::code;
    // Where the break begins right behind bss, maps may show one area for both.
    if (area.holds(address_of(zeros)))
        return area.end > page_round_up(address_of(&end)) ? text::bss_and_heap : text::bss;
    if (area.permissions[1] == 'w') return text::data;
    if (area.holds(address_of(&__executable_start))) return text::header;
    return area.holds(address_of(&__init_array_start)) ? text::relro : text::constants;
}

Style style_of(const char *title)
{
    if (title == text::code) return Style::text;
    if (title == text::header) return Style::faint;
    return title == text::relro || title == text::constants ? Style::constants : Style::statics;
}

struct Object {
    std::uintptr_t address;
    const char *name;
    std::string about;
};

void draw_image(std::vector<Object> objects)
{
    std::vector<Area> areas = read_maps();
    std::erase_if(areas, [](const Area &area) {
        return area.end <= address_of(&__executable_start) || area.start >= address_of(&end);
    });
    std::ranges::sort(objects, std::ranges::greater(), &Object::address);
    AreaDrawing drawing(output);
    for (auto area = areas.rbegin(); area != areas.rend(); ++area) {
        const char *title = title_of(*area);
        drawing.area(*area, title, style_of(title), text::gap);
        for (const Object &object : objects)
            if (area->holds(object.address)) drawing.line(object.address, object.name, object.about.c_str());
    }
    drawing.close();
}

// These two touch the beginning of each page and return the page faults this took.
[[gnu::noinline]] std::size_t read_pages(std::uintptr_t start, std::size_t pages, long &sum)
{
    const std::size_t before = page_faults();
    sum = 0;
    for (std::size_t page = 0; page < pages; ++page)
        sum += *static_cast<volatile int *>(pointer_to(start + page * page_size));
    return page_faults() - before;
}

[[gnu::noinline]] std::size_t write_pages(std::uintptr_t start, std::size_t pages, int value)
{
    const std::size_t before = page_faults();
    for (std::size_t page = 0; page < pages; ++page)
        *static_cast<volatile int *>(pointer_to(start + page * page_size)) = value;
    return page_faults() - before;
}

// How many pages are in memory, and how many of those are the file's (bit 61: "file-page or shared-anon").
// Returns the former.
std::size_t row(const char *label, std::uintptr_t start, std::size_t pages,
                const std::size_t *faults = nullptr)
{
    const std::size_t present = count_present(start, start + pages * page_size);
    std::size_t of_file = 0;
    for (std::size_t page = 0; page < pages; ++page)
        of_file += read_pagemap(start + page * page_size).bits >> 61 & 1;
    output.add("%s", label);
    output.fill_to(first_column);
    if (faults) output.add("%11lu", *faults);
    output.fill_to(first_column + column_width);
    output.add("%13lu%14lu\n", present, of_file);
    return present;
}

void touch(const char *title, std::uintptr_t start, std::size_t pages)
{
    long sum;
    const std::size_t at_first = row(formatted(title, pages).c_str(), start, pages);
    if (at_first > 0) output.add(Style::faint, text::neighbours);
    std::size_t faults = read_pages(start, pages, sum);
    row(formatted(text::read, sum).c_str(), start, pages, &faults);
    faults = write_pages(start, pages, 43);
    row(translated(text::written), start, pages, &faults);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc > 1) do_what_is_forbidden(argv[1]);
    const std::size_t pages = number_argument(argc, argv, 1, 16, 1, most_pages, text::usage);
    output.add(Style::heading, text::look);
    draw_image({{address_of(zeros), text::zeros_, text::about_zeros},
                {address_of(filled), text::filled_, text::about_filled},
                {address_of(&answer), text::answer_, text::about_answer},
                {address_of(&count()), text::calls, text::about_calls},
                {address_of(primes), text::primes_, text::about_primes},
                {address_of("hello"), text::hello_, text::about_hello},
                {address_of(reinterpret_cast<void *>(count)), text::count_, text::about_count},
                {address_of(reinterpret_cast<void *>(main)), text::main_, text::about_main}});
    const Elf64_Phdr &writable = segment_of(address_of(filled));
    output.add(text::in_file, size_text(writable.p_memsz).text, size_text(writable.p_filesz).text);

    std::size_t column = first_column;
    for (const char *title : {text::faults, text::present, text::of_file}) {
        output.fill_to(column);
        output.add(Style::faint, "%s", translated(title));
        column += column_width;
    }
    output.add("\n");
    long sum;
    int practice = 0; // so that the code itself is in memory when faults are counted
    read_pages(address_of(&practice), 1, sum);
    write_pages(address_of(&practice), 1, 0);
    touch(text::data_first, address_of(filled), pages);
    touch(text::bss_first, address_of(zeros), pages);
    output.add(text::copied, filled[0].value, value_in_file(address_of(filled)));
    output.write();
}
