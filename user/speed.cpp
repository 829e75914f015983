// Exhibit "speed": what room on the stack, a block of the heap and a fresh page cost, measured here and now.
// It prints what it measured and knows no order beforehand: machines differ.
#include "user/lib/address.hpp"
#include "user/lib/block.hpp"
#include "user/lib/number.hpp"
#include "user/lib/translation.hpp"
#include "user/speed/measurement.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

using namespace exhibit;

namespace text {
constexpr char usage[] = N_("usage: speed [rounds]    how often to measure each, 1 to 1000 (default 25)");
constexpr char look[] =
    N_("speed: look at the bars. They are logarithmic: six columns are ten times more.\n\n");
constexpr char median[] = N_("median ns"), factor[] = N_("factor");
constexpr char scale[] = ".1ns  1ns   10ns  100ns 1us   10us"; // six columns each
constexpr char lowest[] = N_("lowest ns"), highest[] = N_("highest ns"), rounds[] = N_("operations"),
               faults[] = N_("faults"), share[] = N_("clock ns");
constexpr char clock[] =
    N_("\nReading the clock takes %s ns itself (clock_gettime). A round reads it\n"
       "before its first and after its last operation: the last column is in each time.\n\n");
constexpr char result[] =
    N_("\nA first touch took %s times as long as room on the stack, the heap %s.\n"
       "As instructions instead of time: tools/vitrine run --icount build/user/speed\n");

constexpr char call[] = N_("a call, a return"),
               about_call[] = N_("nothing in it; every other line contains this");
constexpr char stack[] = N_("256 bytes of stack"),
               about_stack[] = N_("nobody is asked: one subtraction makes the room");
constexpr char heap[] = N_("malloc(256), free"),
               about_heap[] = N_("bookkeeping in the program: malloc's own lists");
constexpr char system[] = N_("a system call"),
               about_system[] = N_("getppid: into the kernel and back, registers saved");
constexpr char mapping[] = N_("mmap and munmap"),
               about_mapping[] = N_("two system calls: an area comes and goes, no frame");
constexpr char first[] = N_("first touch of a page"),
               about_first[] = N_("a page fault: trap, find the area, take a frame, ...");
constexpr char about_rest[] = N_("... zero its 4096 bytes, install the entry");
constexpr char second[] = N_("second touch of it"),
               about_second[] = N_("the entry is there: no fault, one instruction");
} // namespace text

namespace {

constexpr std::size_t pages = 256;
constexpr std::size_t bar_column = 43, decade = 6, widest = 6 * decade;

struct Line {
    const char *name, *about;
    Style style;
    Measurement measurement;
};

Line lines[] = {
    {text::call, text::about_call, Style::normal, {do_nothing, 10'000}},
    {text::stack, text::about_stack, Style::stack, {take_stack, 10'000}},
    {text::heap, text::about_heap, Style::heap, {take_heap, 10'000}},
    {text::system, text::about_system, Style::text, {ask_kernel, 1'000}},
    {text::mapping, text::about_mapping, Style::mapping, {map_page, 1'000}},
    {text::first, text::about_first, Style::statics, {touch, pages}},
    {text::second, text::about_second, Style::statics, {touch, pages}},
};
constexpr int stack_line = 1, heap_line = 2, first_touch_line = 5;

Block output;

// All measurements in turn, so that a disturbance meets every one of them.
void measure_round()
{
    void *fresh =
        mmap(nullptr, pages * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (fresh == MAP_FAILED) {
        std::perror("mmap");
        std::exit(1);
    }
    use_small_pages(address_of(fresh), pages * page_size);
    for (Line &line : lines) line.measurement.measure_round(address_of(fresh));
    munmap(fresh, pages * page_size);
}

NumberText text_of(Tenths tenths)
{
    NumberText whole = grouped(tenths / 10), result;
    std::snprintf(result.text, sizeof result.text, "%.20s.%u", whole.text,
                  static_cast<unsigned>(tenths % 10));
    return result;
}

// How many times `base` goes into `tenths`; what takes less than the clock can tell counts as a tenth.
NumberText factor_of(Tenths tenths)
{
    const Tenths base = std::max<Tenths>(lines[stack_line].measurement.median(), 1);
    return text_of((tenths * 10 + base / 2) / base);
}

void draw_bar(Tenths tenths, Style style)
{
    const double columns = tenths > 0 ? std::round(decade * std::log10(static_cast<double>(tenths))) : 0;
    output.fill_to(bar_column);
    output.add(Style::faint, "%s", glyph("│", "|"));
    output.fill_to(bar_column + 1 + std::min(static_cast<std::size_t>(columns), widest), glyph("█", "#"),
                   style);
    output.add("\n");
}

// A title or figure that ends before `column`.
void add_right(std::size_t column, const char *words)
{
    output.fill_to(column - columns_of(words));
    output.add("%s", words);
}

void draw_chart()
{
    add_right(34, translated(text::median));
    add_right(42, translated(text::factor));
    output.add(" %s\n", text::scale);
    for (const Line &line : lines) {
        output.add("  %s", translated(line.name));
        add_right(34, text_of(line.measurement.median()).text);
        add_right(42, factor_of(line.measurement.median()).text);
        draw_bar(line.measurement.median(), line.style);
    }
}

void tell_figures(Tenths clock)
{
    output.add(text::clock, text_of(clock).text);
    add_right(34, translated(text::lowest));
    add_right(46, translated(text::highest));
    add_right(58, translated(text::rounds));
    add_right(68, translated(text::faults));
    add_right(78, translated(text::share));
    output.add("\n");
    for (const Line &line : lines) {
        output.add("  %s", translated(line.name));
        const std::size_t count = line.measurement.count();
        add_right(34, text_of(line.measurement.lowest()).text);
        add_right(46, text_of(line.measurement.highest()).text);
        add_right(58, grouped(line.measurement.operations()).text);
        add_right(68, grouped(line.measurement.faults()).text);
        add_right(78, text_of((clock + count / 2) / count).text);
        output.add("\n");
    }
}

void tell_reasons()
{
    output.add("\n");
    for (const Line &line : lines) {
        output.add("  %s", translated(line.name));
        output.fill_to(26);
        output.add("%s\n", translated(line.about));
        if (&line == &lines[first_touch_line]) {
            output.fill_to(26);
            output.add("%s\n", translated(text::about_rest));
        }
    }
}

} // namespace

int main(int argc, char **argv)
{
    const std::size_t rounds = number_argument(argc, argv, 1, 25, 1, Measurement::most_rounds, text::usage);
    // Once for practice, so that all code and data is in memory and malloc has its first block.
    measure_round();
    for (Line &line : lines) line.measurement.forget();
    for (std::size_t round = 0; round < rounds; ++round) measure_round();
    for (Line &line : lines) line.measurement.sort();
    const Tenths clock = clock_cost();

    output.add(Style::heading, text::look);
    draw_chart();
    tell_figures(clock);
    tell_reasons();
    output.add(Style::heading, text::result, factor_of(lines[first_touch_line].measurement.median()).text,
               factor_of(lines[heap_line].measurement.median()).text);
    output.write();
}
