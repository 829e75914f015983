// Exhibit "demand": a program with 200 MiB of statics starts at once, and so do several of them together.
// Nothing is in memory before it is touched, neither zeros nor code.
#include "user/demand/region_table.hpp"
#include "user/lib/address.hpp"
#include "user/lib/block.hpp"
#include "user/lib/meeting.hpp"
#include "user/lib/number.hpp"
#include "user/lib/page_faults.hpp"
#include "user/lib/processes.hpp"
#include "user/lib/translation.hpp"

#include <algorithm>
#include <string>
#include <unistd.h>
#include <vector>

using namespace exhibit;

namespace text {
constexpr char usage[] =
    N_("usage: demand [MiB [programs [seconds]]]\n"
       "  MiB       statics to write to, 0 to 200 (default 8)\n"
       "  programs  how many of this program are to meet, 1 to 64 (default: those that are\n"
       "            there; when it is alone it forks the others)\n"
       "  seconds   how long to wait for one that does not come, 1 to 600 (default 10)");

constexpr char look[] = N_("demand: look at what is in memory. This program has %zu MiB of statics.\n\n");
constexpr char begin[] = N_("Process %d began main() after %zu page faults.   ");
constexpr char legend[] = N_("%s no page yet   %s in memory\n\n");
constexpr char code[] = N_("text"), constants[] = N_("constants"), data[] = N_("data"), bss[] = N_("bss"),
               heap[] = N_("heap"), stack[] = N_("stack");
constexpr char around[] =
    N_("Fewer faults than pages that came: this kernel maps pages of a file that it has\n"
       "in memory anyway along with their neighbour (Linux: fault-around).\n");
constexpr char statics[] = N_("\nWrites to %zu MiB of the statics, %s pages: %s page faults.\n");
constexpr char scale[] = N_("%s of %s pages are in memory; one square is %zu pages\n\n");

constexpr char size[] = N_("address space"), machine[] = N_("the machine's memory"),
               at_first[] = N_("in memory, at first"), at_last[] = N_("in memory, now");
constexpr char late[] = N_("%zu of %zu processes came within %zu s. It goes on without the others.\n");
constexpr char lost[] = N_("Process %d: one that was here did not come on. It goes on without it.\n");
constexpr char alone[] = N_("\nNo other process runs this program. Three at once: make run EXHIBIT=demand\n");
constexpr char other[] = N_("Process %d: addresses %s KiB, in memory %s KiB at first, %s KiB now.\n"
                            "  Writes to %s pages of statics: %s page faults. Process %d adds up.\n");

constexpr char together[] =
    N_("\n%zu of them were there at the same time, waiting for one another (KiB):\n\n");
constexpr char process[] = N_("process"), first[] = N_("at first"), last[] = N_("touched");
constexpr char sum[] = N_("sum"), total[] = N_("machine, MemTotal"), free[] = N_("free, MemFree");
constexpr char percent[] =
    N_("\nOf the machine's memory: addresses %.1f %%, at first %.1f %%, touched %.1f %%.\n");
} // namespace text

// Sixteen pages of code, each with one function that only returns.
asm(".pushsection .text\n"
    ".balign 4096\n"
    "pages_of_code: .rept 16\n ret\n .balign 4096\n .endr\n"
    ".popsection");
extern "C" const char pages_of_code[];

namespace {

constexpr std::size_t mib = 1 << 20, statics_mib = 200, pages = 16, region = pages * page_size;

alignas(page_size) char statics[statics_mib * mib];
alignas(page_size) char zeros[region];
alignas(page_size) char values[region] = {1};
alignas(page_size) const char constants[region] = {1};

Block output;

// The lower half of an array that is larger than the stack was before.
[[gnu::noinline]] void visit_stack(RegionTable &table)
{
    volatile char room[2 * region];
    table.visit(text::stack, page_round_up(address_of(room)), Touch::write, Style::stack);
}

void visit_regions()
{
    RegionTable table(output, pages);
    table.visit(text::code, address_of(pages_of_code), Touch::call, Style::text);
    table.visit(text::constants, address_of(constants), Touch::read, Style::constants);
    table.visit(text::data, address_of(values), Touch::write, Style::statics);
    table.visit(text::bss, address_of(zeros), Touch::write, Style::statics);
    const std::uintptr_t heap = page_round_up(address_of(sbrk(region + page_size)));
    table.visit(text::heap, heap, Touch::write, Style::heap);
    visit_stack(table);
    if (table.neighbours_came()) output.add(Style::faint, text::around);
}

// Writes to the first `count` pages of the statics; returns the page faults this took.
std::size_t visit_statics(std::size_t count)
{
    const std::uintptr_t start = address_of(statics);
    use_small_pages(start, sizeof statics);
    const std::size_t took = touch_pages(start, count, Touch::write);
    const Squares squares(sizeof statics / page_size, Style::statics);
    output.add(text::statics, count * page_size / mib, grouped(count).text, grouped(took).text);
    output.fill_to(2);
    const std::size_t present = squares.draw(output, start, start + sizeof statics);
    output.add("\n  ");
    output.add(text::scale, grouped(present).text, grouped(sizeof statics / page_size).text,
               squares.per_square());
    return took;
}

void draw_bar(const char *name, std::size_t kib, std::size_t longest, Style style)
{
    output.add("  %s", translated(name));
    output.fill_to(23);
    output.add("%12s KiB ", grouped(kib).text);
    output.fill_to(40 + (kib * 38 + longest / 2) / longest, glyph("█", "#"), style);
    output.add("\n");
}

void draw_size(Footprint first, Footprint now)
{
    const std::size_t machine = meminfo_kib("MemTotal"), longest = std::max(machine, now.size_kib);
    draw_bar(text::size, now.size_kib, longest, Style::mapping);
    draw_bar(text::machine, machine, longest, Style::normal);
    draw_bar(text::at_first, first.resident_kib, longest, Style::statics);
    draw_bar(text::at_last, now.resident_kib, longest, Style::statics);
}

void add_row(const char *name, std::size_t size, std::size_t first, std::size_t last)
{
    const auto figure = [](std::size_t kib) { return kib ? grouped(kib) : NumberText{}; };
    output.add("  %s", translated(name));
    output.fill_to(22);
    output.add("%14s%14s%14s\n", figure(size).text, figure(first).text, figure(last).text);
}

void draw_sum(const std::vector<pid_t> &members, const Footprints &first, const Footprints &last)
{
    output.add(Style::heading, text::together, members.size());
    output.add("  %s", translated(text::process));
    for (const auto &[column, title] : {std::pair{36, text::size}, {50, text::first}, {64, text::last}}) {
        const char *words = translated(title);
        output.fill_to(column - columns_of(words));
        output.add("%s", words);
    }
    output.add("\n");
    for (std::size_t at = 0; at < members.size(); ++at)
        add_row(std::to_string(members[at]).c_str(), last.each[at].size_kib, first.each[at].resident_kib,
                last.each[at].resident_kib);
    add_row(text::sum, last.sum.size_kib, first.sum.resident_kib, last.sum.resident_kib);
    const std::size_t machine = meminfo_kib("MemTotal");
    add_row(text::total, machine, 0, 0);
    add_row(text::free, 0, first.free_kib, last.free_kib);
    const auto percent = [machine](std::size_t kib) { return 100.0 * kib / machine; };
    output.add(Style::heading, text::percent, percent(last.sum.size_kib), percent(first.sum.resident_kib),
               percent(last.sum.resident_kib));
}

} // namespace

int main(int argc, char **argv)
{
    const std::size_t faults_before_main = page_faults();
    const std::size_t count =
        number_argument(argc, argv, 1, 8, 0, statics_mib, text::usage) * mib / page_size;
    const std::size_t programs = number_argument(argc, argv, 2, 0, 1, 64, text::usage);
    const std::size_t seconds = number_argument(argc, argv, 3, 10, 1, 600, text::usage);

    // All have started; nobody goes on before the first one has read what all have; all have touched theirs;
    // nobody ends before the first one has read that.
    enum Place { started = 1, first_read, touched, last_read };
    footprints_of({getpid()}); // for practice: most pages that reading takes are there before anybody counts
    Meeting meeting(programs, seconds);
    if (programs == 0) meeting.bring_others(3);
    const bool complete = meeting.reach(started);
    const Footprints first = footprints_of(meeting.members());
    bool together = meeting.reach(first_read);

    output.add(Style::heading, text::look, statics_mib);
    output.add(text::begin, getpid(), faults_before_main);
    output.add(text::legend, Squares::none(), Squares::full());
    visit_regions();
    const std::size_t took = visit_statics(count);
    if (!meeting.is_first()) output = {}; // one drawing is enough; clearing takes pages of the stack
    const Footprint now = footprint_of(getpid());
    if (!meeting.is_first()) {
        output.add(text::other, getpid(), grouped(now.size_kib).text, grouped(first.own.resident_kib).text,
                   grouped(now.resident_kib).text, grouped(count).text, grouped(took).text,
                   meeting.members().front());
    } else {
        draw_size(first.own, now);
        if (!complete) output.add(Style::alarm, text::late, meeting.members().size(), programs, seconds);
        if (meeting.alone()) output.add(text::alone);
    }
    output.write();

    together &= meeting.reach(touched);
    if (meeting.is_first() && !meeting.alone())
        draw_sum(meeting.members(), first, footprints_of(meeting.members()));
    together &= meeting.reach(last_read);
    if (!together) output.add(Style::alarm, text::lost, getpid());
    output.write();
}
