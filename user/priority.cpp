// Exhibit "priority": two processes wait for memory, and setpriority(2) decides who gets it first. A third one
// raises them in turn and reads the kernel's event log.
#include "user/lib/address.hpp"
#include "user/lib/block.hpp"
#include "user/lib/meeting.hpp"
#include "user/lib/number.hpp"
#include "user/lib/pattern.hpp"
#include "user/lib/small_memory.hpp"
#include "user/lib/translation.hpp"
#include "user/priority/contest.hpp"
#include "user/priority/event_log.hpp"

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
       "  programs  how many of this program are to meet, 1 to 64 (default: those that are there)\n"
       "  seconds   how long to wait for one that does not come, 1 to 3600 (default 60)");
constexpr char look[] = N_("priority: look at who gets memory first. Two wait for it, and nice decides.\n\n");
constexpr char no_log[] =
    N_("Who waits for memory, only Vitrine's kernel tells. There: make run EXHIBIT=priority\n");
constexpr char three[] = N_("This takes three processes, and %zu are here: make run EXHIBIT=priority\n");
constexpr char each[] =
    N_("Processes %d and %d have %s each and change every page of it, again and again:\n"
       "nearly each page has to come from the disk, and another one has to be written there first.\n"
       "When no frame is free, they stand in a line.\n");
constexpr char failed[] = N_("priority: %s: %s\n");

constexpr char equal[] = N_("\nRound %zu: both have nice 0.");
constexpr char raised[] = N_("\nRound %zu: process %d has nice %d, process %d has nice 0.");
constexpr char first[] = N_("both in line: first out"), overtook[] = N_("came later"), loaded[] = N_("pages loaded");
constexpr char process[] = N_("process");
constexpr char example[] = N_("  one of these times, in /proc/memory_events (number: nice + 20):\n");
constexpr char missed[] = N_("  %zu events were forgotten before they were read.\n");
constexpr char legend[] =
    N_("\ncame later: of those times, it had come into the line after the other.\n"
       "pages loaded: from the disk, until one of the two had loaded its last one.\n");
constexpr char result[] =
    N_("\nEqual, who came first was first %s of %s times;\nunequal, who was more urgent %s of %s times.\n");

constexpr char wrong[] = N_("Process %d: a page is NOT what was written to it.\n");
constexpr char lost[] = N_("Process %d: another one did not come on.\n");
} // namespace text

namespace {

Block output;
constexpr std::size_t times = 2; // together they change twice the memory there is
constexpr int urgent = -10;
constexpr std::size_t bar_column = 18, bar_columns = 28;

// Who is more urgent in each round; -1: nobody.
constexpr int urgent_in_round[] = {-1, 1, 0};

// Each round begins when all three are there, and ends when all three have come to its end.
enum Place { started = 1, prepared, filled };
constexpr int begin_of(std::size_t round) { return filled + 1 + 2 * static_cast<int>(round); }
constexpr int end_of(std::size_t round) { return begin_of(round) + 1; }

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

// It has pages that it changes, block by block; most are on the disk and have to be loaded. After each block it
// throws others away and writes them anew. Those need no loading, only frames: they take them faster than a disk
// can make them free, so that there is always somebody who has to wait.
class Worker {
public:
    explicit Worker(std::size_t pages) : pages_(pages), kept_(reserve(pages)), passing_(reserve(anew * pages)) {}

    void change_all()
    {
        for (std::size_t index = 0; index < pages_; ++index) {
            // One word: enough to make the page dirty, and quick.
            volatile std::uint64_t &word = word_of(kept_, index);
            if (word != value_of(index, changes_)) end_wrong(text::wrong);
            word = value_of(index, changes_ + 1);
            if ((index + 1) % block == 0) write_anew(index + 1 - block);
        }
        ++changes_;
    }

private:
    static constexpr std::size_t block = 64, anew = 2; // pages; for each page so many

    static std::uintptr_t reserve(std::size_t pages)
    {
        // One page more than is used: two areas that touch would be one.
        void *where = mmap(nullptr, (pages + 1) * page_size, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (where == MAP_FAILED) fail("mmap");
        mprotect(where, page_size, PROT_NONE);
        const std::uintptr_t start = address_of(where) + page_size;
        use_small_pages(start, pages * page_size);
        return start;
    }
    static volatile std::uint64_t &word_of(std::uintptr_t start, std::size_t index)
    {
        return *static_cast<volatile std::uint64_t *>(pointer_to(start + index * page_size));
    }
    static std::uint64_t value_of(std::size_t index, std::uint64_t changes)
    {
        return changes == 0 ? 0 : pattern_word(changes, index);
    }

    void write_anew(std::size_t index)
    {
        const std::uintptr_t start = passing_ + anew * index * page_size;
        madvise(pointer_to(start), anew * block * page_size, MADV_DONTNEED);
        for (std::size_t page = 0; page < anew * block; ++page) word_of(start, page) = 1;
    }

    std::size_t pages_;
    std::uintptr_t kept_, passing_;
    std::uint64_t changes_ = 0;
};

void work(Meeting &meeting, std::size_t memory_kib)
{
    Worker worker(memory_kib * 1024 / page_size / 3);
    worker.change_all();
    reach(meeting, filled);
    for (std::size_t round = 0; round < std::size(urgent_in_round); ++round) {
        reach(meeting, begin_of(round));
        worker.change_all();
        reach(meeting, end_of(round));
    }
}

// ---- The third

void set_nice(pid_t process, int nice)
{
    if (setpriority(PRIO_PROCESS, static_cast<id_t>(process), nice) != 0) fail("setpriority");
}

// Reads the log until both have come to the end of the round.
Contest watch(Meeting &meeting, EventLog &log, const Contest::Two &two, std::size_t round)
{
    Contest contest(two);
    const auto add = [&](const MemoryEvent &event) { contest.add(event); };
    log.follow([](const MemoryEvent &) {});
    reach(meeting, begin_of(round));
    while (!meeting.others_reached(end_of(round))) {
        // The log keeps the last thousand; this is short enough for that, and the two go on meanwhile.
        std::this_thread::sleep_for(std::chrono::milliseconds(3));
        log.follow(add);
    }
    log.follow(add);
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
    const std::size_t all = std::max<std::size_t>(contest.of(0).first + contest.of(1).first, 1);
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
            equal.add(a.first - a.overtook + b.first - b.overtook, a.first + b.first);
        else
            unequal.add(contest.of(raised).first, a.first + b.first);
        draw(contest, two, round);
        output.write();
    }
    if (log.missed() > 0) output.add(Style::alarm, text::missed, log.missed());
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
    meeting.reach(started);
    const pid_t first = meeting.members().front();
    if (meeting.is_first()) {
        const bool goes_on = prepare(meeting, wanted_kib);
        const std::size_t each_kib = memory_left_kib(first);
        if (goes_on)
            output.add(text::each, meeting.members()[1], meeting.members()[2],
                       size_text(each_kib * 1024).text);
        output.write();
        if (!goes_on) return 0;
    }
    meeting.reach(prepared);
    if (!meeting.is_here(first)) return 0; // it has said why there is nothing to see
    if (meeting.is_first())
        judge(meeting);
    else
        work(meeting, memory_left_kib(first));
    meeting.reach(end_of(std::size(urgent_in_round)));
}
