// Exhibit "where": the address space of this very program, drawn from high to low.
// The areas come from /proc/self/maps; each variable is looked up there before anything is said about it.
#include "user/lib/address.hpp"
#include "user/lib/area_drawing.hpp"
#include "user/lib/block.hpp"
#include "user/lib/formatted.hpp"
#include "user/lib/number.hpp"
#include "user/lib/proc.hpp"
#include "user/lib/translation.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <sys/mman.h>
#include <vector>

using namespace exhibit;

// Marks by the linker: where the program's image begins, a part of its RELRO, where bss ends (end(3)).
extern "C" char __executable_start, __init_array_start, end;

namespace text {
constexpr char usage[] =
    N_("usage: where [bytes]    bytes to ask of malloc and of mmap, 1 to 2^40 (default 1000)");
constexpr char failed[] = N_("where: the kernel has no block of %lu bytes for us\n");
constexpr char misplaced[] =
    N_("where: \"%s\" is at %#lx, and /proc/self/maps disagrees with what is drawn\n");

constexpr char look[] = N_("where: look at the order. Each kind of variable has a place of its own.\n\n");
constexpr char top[] = N_("2^47: user addresses end below this");
constexpr char unmapped[] = N_("%s not mapped");
constexpr char below_stack[] = N_("%s not mapped: the stack grows down into it");
constexpr char above_heap[] = N_("%s not mapped: the heap grows up into it");
constexpr char null_here[] = N_("%s not mapped: address 0, the null pointer, is among them");
constexpr char sum[] = N_("\n%zu areas, %s in all. Nothing else of the 128 TiB below 2^47 is mapped.\n");
constexpr char in_heap[] = N_("malloc(%lu) lies in the heap. Try `where 1000000`: a large block does not.\n");
constexpr char in_mapping[] =
    N_("malloc(%lu) lies in the mmap area. Try `where 1000`: a small block does not.\n");

// The areas ...
constexpr char stack[] = N_("stack"), heap[] = N_("heap"), mapping[] = N_("mmap area");
constexpr char code[] = N_("text: instructions"), constants[] = N_("constants"),
               data[] = N_("data: statics with a value");
constexpr char bss[] = N_("bss: statics that start as zero"), bss_and_heap[] = N_("bss and heap in one");
constexpr char relro[] = N_("constants once set up (RELRO)"), header[] = N_("the program file's header");
constexpr char vdso[] = N_("code lent by the kernel"), vvar[] = N_("data lent by the kernel");

// ... and what lies in them.
constexpr char arg0[] = "argv[0]", about_arg0[] = N_("the program's name, put there by the kernel");
constexpr char local[] = "local", about_local[] = N_("an int in main()");
constexpr char deeper[] = "deeper", about_deeper[] = N_("an int in dive(), a function main() calls");
constexpr char mapped[] = "mmap", about_mapped[] = N_("what mmap gave for %lu bytes");
constexpr char block[] = "malloc", about_block[] = N_("what malloc gave for %lu bytes");
constexpr char object[] = "new", about_object[] = N_("one int from new");
constexpr char zeros[] = "zeros", about_zeros[] = N_("a static array with no initial value");
constexpr char answer[] = "answer", about_answer[] = N_("a static int that starts as 42");
constexpr char hello[] = "\"hello\"", about_hello[] = N_("a string literal");
constexpr char function[] = "dive()", about_function[] = N_("that function's first instruction");
} // namespace text

namespace {

alignas(
    page_size) char zeros[16 * page_size]; // on pages of its own: the first one of bss is shared with data
int answer = 42;
const char *const hello = "hello";

struct Variable {
    const char *name;
    std::uintptr_t address;
    std::string about;
    std::vector<const char *> places; // titles of the areas it may lie in
};

struct Kind {
    const char *title;
    Style style;
};

Kind kind_of(const Area &area)
{
    if (area.name == "[stack]") return {text::stack, Style::stack};
    if (area.holds(address_of(zeros))) {
        // Where the break begins right behind bss, maps may show one area for both.
        const bool with_heap = area.end > page_round_up(address_of(&end));
        return with_heap ? Kind{text::bss_and_heap, Style::heap} : Kind{text::bss, Style::statics};
    }
    if (area.name == "[heap]") return {text::heap, Style::heap};
    if (area.name.starts_with("[v"))
        return {area.permissions[2] == 'x' ? text::vdso : text::vvar, Style::faint};
    if (!area.name.starts_with('/')) return {text::mapping, Style::mapping};
    if (area.permissions[2] == 'x') return {text::code, Style::text};
    if (area.permissions[1] == 'w') return {text::data, Style::statics};
    if (area.holds(address_of(&__executable_start))) return {text::header, Style::faint};
    if (area.holds(address_of(&__init_array_start))) return {text::relro, Style::constants};
    return {text::constants, Style::constants};
}

[[gnu::noinline]] std::uintptr_t dive()
{
    volatile int deeper = 0;
    return address_of(&deeper);
}

// The area each variable lies in, or the end of the program if it is not where it is said to be.
const Area &find_area(const std::vector<Area> &areas, const Variable &variable)
{
    for (const Area &area : areas) {
        if (area.holds(variable.address) && std::ranges::count(variable.places, kind_of(area).title))
            return area;
    }
    std::fprintf(stderr, translated(text::misplaced), variable.name, variable.address);
    std::exit(1);
}

void draw(Block &block, const std::vector<Area> &areas, const std::vector<Variable> &variables)
{
    constexpr std::uintptr_t user_end = std::uintptr_t{1} << 47;
    AreaDrawing drawing(block, user_end);
    block.add("%#16lx   %s\n", user_end, translated(text::top));
    std::size_t mapped = 0, count = 0;
    const char *title_above = "";
    for (auto area = areas.rbegin(); area != areas.rend(); ++area) {
        if (area->end > user_end) continue; // Linux lists [vsyscall], in the kernel's half
        const auto [title, style] = kind_of(*area);
        const char *gap_above = title_above == text::stack ? text::below_stack
                                : style == Style::heap     ? text::above_heap
                                                           : text::unmapped;
        drawing.area(*area, title, style, gap_above);
        for (const Variable &variable : variables)
            if (&find_area(areas, variable) == &*area)
                drawing.line(variable.address, variable.name, variable.about.c_str());
        mapped += area->size();
        title_above = title;
        ++count;
    }
    drawing.gap(0, text::null_here);
    block.add(text::sum, count, size_text(mapped).text);
}

} // namespace

int main(int argc, char **argv)
{
    const std::uint64_t bytes = number_argument(argc, argv, 1, 1000, 1, std::uint64_t{1} << 40, text::usage);
    volatile int local = 0;
    const auto object = std::make_unique<int>(0);
    void *block = std::malloc(bytes);
    void *mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!block || mapped == MAP_FAILED) {
        std::fprintf(stderr, translated(text::failed), bytes);
        return 1;
    }
    std::vector<Variable> variables = {
        {text::arg0, address_of(argv[0]), text::about_arg0, {text::stack}},
        {text::local, address_of(&local), text::about_local, {text::stack}},
        {text::deeper, dive(), text::about_deeper, {text::stack}},
        {text::mapped, address_of(mapped), formatted(text::about_mapped, bytes), {text::mapping}},
        {text::block,
         address_of(block),
         formatted(text::about_block, bytes),
         {text::heap, text::bss_and_heap, text::mapping}},
        {text::object, address_of(object.get()), text::about_object, {text::heap, text::bss_and_heap}},
        {text::zeros, address_of(zeros), text::about_zeros, {text::bss, text::bss_and_heap}},
        {text::answer, address_of(&answer), text::about_answer, {text::data}},
        {text::hello, address_of(hello), text::about_hello, {text::constants}},
        {text::function, address_of(reinterpret_cast<void *>(dive)), text::about_function, {text::code}},
    };
    const std::vector<Area> areas = read_maps();
    std::ranges::sort(variables, std::ranges::greater(), &Variable::address);

    static Block output;
    output.add(Style::heading, text::look);
    draw(output, areas, variables);
    const Variable &asked_of_malloc = *std::ranges::find(variables, text::block, &Variable::name);
    const bool in_mapping = kind_of(find_area(areas, asked_of_malloc)).title == text::mapping;
    output.add(in_mapping ? text::in_mapping : text::in_heap, bytes);
    output.write();
}
