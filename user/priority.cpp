// Exhibit "priority": two processes wait for memory, and setpriority(2) decides who gets it first. A third
// one raises them in turn and reads the kernel's event log.
#include "user/lib/address.hpp"
#include "user/lib/block.hpp"
#include "user/lib/meeting.hpp"
#include "user/lib/number.hpp"
#include "user/lib/processes.hpp"
#include "user/lib/small_memory.hpp"
#include "user/lib/translation.hpp"
#include "user/priority/contest.hpp"
#include "user/priority/event_log.hpp"
#include "user/priority/worker.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace exhibit;

namespace text {
constexpr char usage[] =
    N_("usage: priority [MiB [programs [seconds]]]\n"
       "  MiB       memory to leave to the programs, 16 to 1024 (default 24); the rest is locked\n"
       "  programs  how many of this program are to meet, 1 to 64 (default: those that are\n"
       "            there; when it is alone it forks the others)\n"
       "  seconds   how long to wait for one that does not come, 1 to 3600 (default 60)");
constexpr char look[] = N_("priority: look at who gets memory first. Two wait for it, and nice decides.\n\n");
constexpr char no_log[] = N_("Only Vitrine's kernel tells who waits for memory: make run EXHIBIT=priority\n");
constexpr char three[] = N_("This takes three processes, and %zu are here: make run EXHIBIT=priority\n");
constexpr char each[] = N_("Processes %d and %d change %s of pages each, loaded from the disk, over and\n"
                           "over, and take new ones in between. When no frame is free they stand in line.\n");
constexpr char failed[] = N_("priority: %s: %s\n");

constexpr char equal[] = N_("\nRound %zu: both have nice 0.");
constexpr char raised[] = N_("\nRound %zu: process %d has nice %d, process %d has nice 0.");
constexpr char first[] = N_("both in line: first out"), overtook[] = N_("came later"),
               loaded[] = N_("then loaded");
constexpr char process[] = N_("process");
constexpr char example[] = N_("  one of these times, in /proc/memory_events (number: nice + 20):\n");
constexpr char missed[] = N_("  %zu events were forgotten before they were read.\n");
constexpr char legend[] =
    N_("\ncame later: in so many of these it had come into the line after the other.\n"
       "then loaded: in so many of these the memory was for pages from disk (PagesIn).\n");
constexpr char result[] =
    N_("\nEqual, who came first was first %s of %s times;\nunequal, who was more urgent %s of %s times.\n");

constexpr char wrong[] = N_("Process %d: a page is NOT what was written to it.\n");
constexpr char lost[] = N_("Process %d: another one did not come on.\n");
} // namespace text

namespace {

Block output;
constexpr std::size_t times = 3; // the two together use so many times the memory there is
constexpr int urgent = -10;
constexpr std::size_t enough = 100;
constexpr auto longest_round = std::chrono::milliseconds(1200);
constexpr std::size_t bar_column = 18, bar_columns = 28;

// Who is more urgent in each round; -1: nobody.
constexpr int urgent_in_round[] = {-1, 1, 0};

// Each round begins when all three are there, and ends when all three have come to its end.
enum Place { started = 1, prepared, filled, not_here = 50 };
constexpr int begin_of(std::size_t round)
{
    return filled + 1 + 2 * static_cast<int>(round);
}
constexpr int end_of(std::size_t round)
{
    return begin_of(round) + 1;
}

[[noreturn]] void end_wrong(const char *what)
{
    output.add(Style::alarm, what, getpid());
    output.write();
    std::exit(1);
}

void reach(Meeting &meeting, int place)
{
    if (!meeting.reach(place)) end_wrong(text::lost);
}

[[noreturn]] void fail(const char *call)
{
    std::fprintf(stderr, translated(text::failed), call, std::strerror(errno));
    std::exit(1);
}

// ---- One of the two

void change_some(Worker &worker)
{
    if (!worker.change_some()) end_wrong(text::wrong);
}

void work(Meeting &meeting, std::size_t memory_kib)
{
    // Of so many at once most have to be waited for: the kernel keeps three of 128 frames free
    // (mm/reclaim.cpp).
    const std::size_t frames = meminfo_kib("MemTotal") * 1024 / page_size;
    const std::size_t pages = memory_kib * 1024 / page_size;
    Worker worker(pages, std::min(frames / 10, pages / 2));
    while (!worker.has_changed_all()) change_some(worker);
    reach(meeting, filled);
    for (std::size_t round = 0; round < std::size(urgent_in_round); ++round) {
        reach(meeting, begin_of(round));
        while (!meeting.has_come(meeting.members().front(), end_of(round))) change_some(worker);
        reach(meeting, end_of(round));
    }
}

// ---- The third

void set_nice(pid_t process, int nice)
{
    if (setpriority(PRIO_PROCESS, static_cast<id_t>(process), nice) != 0) fail("setpriority");
}

// Reads the log until both have stood in the line often enough, or for so long.
Contest watch(Meeting &meeting, EventLog &log, const Contest::Two &two, std::size_t round)
{
    Contest contest(two);
    log.follow([](const MemoryEvent &) {});
    reach(meeting, begin_of(round));
    const auto end = std::chrono::steady_clock::now() + longest_round;
    while (contest.both_waited() < enough && std::chrono::steady_clock::now() < end) {
        // The log keeps the last thousand: in this time less happens. The two go on meanwhile.
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        log.follow([&](const MemoryEvent &event) { contest.add(event); });
    }
    reach(meeting, end_of(round));
    return contest;
}

void add_right(std::size_t column, const char *words)
{
    output.fill_to(column - columns_of(words));
    output.add("%s", words);
}

void draw(const Contest &contest, const Contest::Two &two, std::size_t round)
{
    const int raised = urgent_in_round[round];
    if (raised < 0)
        output.add(Style::heading, text::equal, round + 1);
    else
        output.add(Style::heading, text::raised, round + 1, two[raised], urgent, two[1 - raised]);
    output.add("\n");
    add_right(bar_column - 1, translated(text::process));
    output.fill_to(bar_column);
    output.add("%s", translated(text::first));
    add_right(66, translated(text::overtook));
    add_right(79, translated(text::loaded));
    output.add("\n");
    const std::size_t all = std::max<std::size_t>(contest.both_waited(), 1);
    for (std::size_t which = 0; which < 2; ++which) {
        const Contest::Outcome outcome = contest.of(which);
        add_right(bar_column - 1, std::to_string(two[which]).c_str());
        output.fill_to(bar_column);
        output.fill_to(bar_column + (outcome.first * bar_columns + all / 2) / all, glyph("█", "#"),
                       static_cast<int>(which) == raised ? Style::heap : Style::mapping);
        add_right(54, grouped(outcome.first).text);
        add_right(66, grouped(outcome.overtook).text);
        add_right(79, grouped(outcome.loaded).text);
        output.add("\n");
    }
    if (contest.missed() > 0) output.add(Style::alarm, text::missed, contest.missed());
    if (!contest.example().empty()) output.add(text::example);
    for (const std::string &line : contest.example()) output.add(Style::faint, "    %s\n", line.c_str());
}

// How often it went as it should: equal, whoever came first; unequal, whoever is more urgent.
struct Score {
    std::size_t as_expected = 0, all = 0;

    void add(std::size_t expected, std::size_t count)
    {
        as_expected += expected;
        all += count;
    }
};

void judge(Meeting &meeting)
{
    const Contest::Two two{meeting.members()[1], meeting.members()[2]};
    EventLog log;
    reach(meeting, filled);
    Score equal, unequal;
    for (std::size_t round = 0; round < std::size(urgent_in_round); ++round) {
        const int raised = urgent_in_round[round];
        for (int which = 0; which < 2; ++which) set_nice(two[which], which == raised ? urgent : 0);
        const Contest contest = watch(meeting, log, two, round);
        const Contest::Outcome a = contest.of(0), b = contest.of(1);
        if (raised < 0)
            equal.add(contest.both_waited() - a.overtook - b.overtook, contest.both_waited());
        else
            unequal.add(contest.of(raised).first, contest.both_waited());
        draw(contest, two, round);
        output.write();
    }
    output.add(text::legend);
    output.add(Style::heading, text::result, grouped(equal.as_expected).text, grouped(equal.all).text,
               grouped(unequal.as_expected).text, grouped(unequal.all).text);
    output.write();
}

// Whether this is the place for it; if not, it has been said why.
bool prepare(const Meeting &meeting, std::size_t wanted_kib)
{
    output.add(Style::heading, text::look);
    if (!EventLog::is_there()) {
        output.add(text::no_log);
    } else if (meeting.members().size() != 3) {
        output.add(text::three, meeting.members().size());
    } else if (leave_little_memory(output, {"priority", wanted_kib, times})) {
        // Nothing of this process goes to the disk: it waits for nobody, and nobody for it.
        if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0) fail("mlockall");
        return true;
    }
    return false;
}

} // namespace

int main(int argc, char **argv)
{
    const std::size_t wanted_kib = number_argument(argc, argv, 1, 24, 16, 1024, text::usage) * 1024;
    const std::size_t programs = number_argument(argc, argv, 2, 0, 1, 64, text::usage);
    const std::size_t seconds = number_argument(argc, argv, 3, 60, 1, 3600, text::usage);

    Meeting meeting(programs, static_cast<unsigned>(seconds));
    if (programs == 0) meeting.bring_others(3);
    meeting.reach(started);
    const pid_t first = meeting.members().front();
    if (meeting.is_first()) {
        const bool goes_on = prepare(meeting, wanted_kib);
        if (goes_on)
            output.add(text::each, meeting.members()[1], meeting.members()[2],
                       size_text(memory_left_kib(first) * 1024 / 3).text);
        output.write();
        if (!goes_on) {
            meeting.reach(not_here);
            return 0;
        }
    }
    meeting.reach(prepared);
    if (meeting.has_come(first, not_here)) return 0; // it has said why there is nothing to see
    if (meeting.is_first())
        judge(meeting);
    else
        work(meeting, memory_left_kib(first));
    meeting.reach(end_of(std::size(urgent_in_round)));
}
