// Exhibit "stack": calls push, returns pop, and the pages below come by being touched and stay.
#include "user/lib/address.hpp"
#include "user/lib/block.hpp"
#include "user/lib/calls.hpp"
#include "user/lib/number.hpp"
#include "user/lib/page_faults.hpp"
#include "user/lib/proc.hpp"
#include "user/lib/squares.hpp"
#include "user/lib/translation.hpp"
#include "user/stack/parts.hpp"

#include <algorithm>
#include <cstring>
#include <sys/resource.h>

using namespace exhibit;

namespace text {
constexpr char usage[] =
    N_("usage: stack [calls [bytes]]   1 to 1000 calls of 16 to 4096 bytes (40 of 4096)\n"
       "       stack limit [KiB]       calls until a limit (256 to 8192): it is killed");

constexpr char look[] = N_("stack: look at the addresses. Each call lies below its caller.\n\n");
constexpr char nested[] =
    N_("main() calls outer(10), which calls inner(11) and then inner(12). A call pushes\n"
       "the address to return to; returning pops it. Their words on the stack:\n\n");
constexpr char address[] = N_("address"), in_first[] = N_("in inner(11)"), between[] = N_("back in outer"),
               in_second[] = N_("in inner(12)");
constexpr char to_main[] = N_("back to main"), to_outer[] = N_("back to outer"), saved[] = N_("caller's rbp");
constexpr char of_outer[] = N_("outer's value"), of_inner[] = N_("inner's value");
constexpr char popped[] =
    N_("() is popped: below the stack pointer, nobody's, but not erased. The next call\n"
       "takes the same addresses and pushes over it.\n\n");

constexpr char recursion[] = N_("%lu calls, each inside the one before, each with %lu bytes of its own:\n\n");
constexpr char columns[] = N_("  call   its frame        below its caller   page faults so far\n");
constexpr char scale[] = N_("one square is %lu pages   %s some present\n");
constexpr char legend[] = N_("%s page present   %s no page yet   %s main() is above\n");
constexpr char before[] = N_("%5lu of %lu before\n"), deepest[] = N_("%5lu of %lu deepest\n"),
               after[] = N_("%5lu of %lu back up\n");
constexpr char counted[] = N_("Page faults on the way down: %lu. Back up: %lu, and no page is given back.\n"
                              "The same calls once more: %lu, because the pages are still there.\n");
constexpr char unlimited[] = N_("any size");
constexpr char grown[] = N_("[stack] in /proc/self/maps: %s before, %s now. It may grow to\n"
                            "%s (RLIMIT_STACK); `stack limit` shows what happens then.\n\n");
} // namespace text

namespace {

Block output;

void draw_nested_calls(const NestedCalls &seen)
{
    constexpr const char *titles[] = {text::in_first, text::between, text::in_second};
    constexpr const char *labels[] = {text::to_main,  text::saved, text::of_outer,
                                      text::to_outer, text::saved, text::of_inner};
    const auto go_to_column = [](std::size_t moment) { output.fill_to(17 + 16 * moment); };
    output.add(text::nested);
    output.fill_to(9);
    output.add(Style::faint, text::address);
    for (int moment = 0; moment < seen.moment_count; ++moment) {
        go_to_column(moment);
        output.add(Style::faint, " %s", translated(titles[moment]));
    }
    output.add("\n");
    for (std::size_t word = 0; word < seen.word_count; ++word) {
        output.add("%#16lx", seen.places[word]);
        for (int moment = 0; moment < seen.moment_count; ++moment) {
            const bool popped = moment == seen.between && word >= seen.words_of_each;
            const Style style = popped ? Style::faint : Style::stack;
            go_to_column(moment);
            output.add(style, "%s", popped ? "(" : " ");
            output.add(style, word % seen.words_of_each == 2 ? "%ld" : "%#lx", seen.words[moment][word]);
            output.add(style, "%s", popped ? ")" : "");
        }
        go_to_column(seen.moment_count);
        output.add("%s\n", translated(labels[word]));
    }
    output.add(text::popped);
}

// The pages under the calls, drawn at every stage.
std::uintptr_t range_start, range_end;
std::size_t faults_at_bottom, faults_when_seen;
alignas(page_size) Block practice; // never written; what fits into one page of it is enough

void draw_pages(Block &block, const char *count)
{
    const Squares squares((range_end - range_start) / page_size, Style::stack);
    block.fill_to(3);
    const std::size_t present = squares.draw(block, range_start, range_end);
    block.fill_to(squares.widest + 4);
    block.add(count, present, (range_end - range_start) / page_size);
}

// Drawing has frames, too. It is done once before faults are counted, so that it brings no page afterwards.
void look_again()
{
    draw_pages(practice, text::deepest);
    faults_at_bottom = page_faults();
}

void look_from_bottom()
{
    look_again();
    draw_pages(output, text::deepest);
    faults_when_seen = page_faults();
}

std::size_t stack_area_size()
{
    const std::vector<Area> areas = read_maps();
    return std::ranges::find(areas, "[stack]", &Area::name)->size();
}

void tell_limit(std::size_t size_before)
{
    rlimit limit{};
    getrlimit(RLIMIT_STACK, &limit);
    const NumberText allowed = size_text(limit.rlim_cur);
    output.add(text::grown, size_text(size_before).text, size_text(stack_area_size()).text,
               limit.rlim_cur == RLIM_INFINITY ? translated(text::unlimited) : allowed.text);
}

void draw_table(std::size_t count, std::size_t faults_before)
{
    constexpr std::size_t at_the_ends = 3;
    output.add(Style::faint, text::columns);
    for (std::size_t call = 0; call < count; ++call) {
        if (call >= at_the_ends && call + at_the_ends < count) {
            if (call == at_the_ends) output.add("   ...\n");
            continue;
        }
        output.add("%6lu   %#14lx", call + 1, calls[call].frame);
        output.fill_to(28);
        if (call > 0) output.add("%12lu", calls[call - 1].frame - calls[call].frame);
        output.fill_to(44);
        output.add("%14lu\n", calls[call].faults - faults_before);
    }
    output.add("\n");
}

void draw_recursion(std::size_t count, std::size_t bytes)
{
    // Two small calls tell how far apart frames are, and so where the last will be; its own calls lie below.
    recurse(0, 2, 16, [] {});
    const std::size_t distance = calls[0].frame - calls[1].frame + bytes - 16;
    range_start = ((calls[0].frame - count * distance) & -page_size) - 4 * page_size;
    range_end = page_round_up(calls[0].frame);
    const Squares squares((range_end - range_start) / page_size);
    const std::size_t size_before = stack_area_size();
    look_again();
    std::ranges::fill(calls, Call{}); // its pages are no stack, and are not to be counted

    output.add(text::recursion, count, bytes);
    if (squares.per_square() > 1) output.add(text::scale, squares.per_square(), squares.some());
    output.add(text::legend, squares.full(), squares.none(), squares.mark());
    draw_pages(output, text::before);
    const std::size_t faults_before = page_faults();
    recurse(0, count, bytes, look_from_bottom);
    const std::size_t down = faults_at_bottom - faults_before, up = page_faults() - faults_when_seen;
    draw_pages(output, text::after);
    draw_table(count, faults_before);

    const std::size_t faults_again = page_faults();
    recurse(0, count, bytes, look_again);
    output.add(text::counted, down, up, faults_at_bottom - faults_again);
    tell_limit(size_before);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc > 1 && std::strcmp(argv[1], "limit") == 0) meet_stack_limit(argc, argv, text::usage);
    const std::size_t count = number_argument(argc, argv, 1, 40, 1, most_calls, text::usage);
    const std::size_t bytes = number_argument(argc, argv, 2, page_size, 16, page_size, text::usage);
    output.add(Style::heading, text::look);
    NestedCalls seen{};
    outer(10, seen);
    draw_nested_calls(seen);
    draw_recursion(count, (bytes + 15) & -16ul); // the stack keeps to multiples of 16
    draw_mark_and_release(output);
    output.write();
}
