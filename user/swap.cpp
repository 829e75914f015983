// Exhibit "swap": three processes together have four times the memory there is. Pages go to a disk and come
// back, and every byte of them is right.
#include "user/lib/address.hpp"
#include "user/lib/block.hpp"
#include "user/lib/meeting.hpp"
#include "user/lib/number.hpp"
#include "user/lib/processes.hpp"
#include "user/lib/small_memory.hpp"
#include "user/lib/translation.hpp"
#include "user/swap/journey.hpp"
#include "user/swap/observer.hpp"
#include "user/swap/pages.hpp"

#include <cstdlib>
#include <unistd.h>

using namespace exhibit;

namespace text {
constexpr char usage[] =
    N_("usage: swap [MiB [programs [seconds]]]\n"
       "  MiB       memory to leave to the programs, 16 to 1024 (default 32); the rest is locked\n"
       "  programs  how many of this program are to meet, 1 to 64 (default: those that are\n"
       "            there; when it is alone it forks the others)\n"
       "  seconds   how long to wait for one that does not come, 1 to 3600 (default 60)");
constexpr char look[] = N_("swap: look at where the pages are. There are more of them than memory.\n\n");

constexpr char each[] = N_("%zu processes have %s of pages each, together %.1f times as much.\n");
constexpr char late[] = N_("%zu of %zu processes came within %zu s. It goes on without the others.\n");
constexpr char alone[] = N_("No other process runs this program. Three at once: make run EXHIBIT=swap\n");
constexpr char legend[] =
    N_("\n%s in memory   %s on swap   %s not written yet\n"
       "minor, major: page faults without and with a disk. waits: how often it was found\n"
       "waiting for memory or the disk (state D in /proc/PID/stat).\n");

constexpr char half_written[] = N_("half is written"), all_written[] = N_("all is written"),
               all_read[] = N_("all was read again"), some_changed[] = N_("an eighth is changed"),
               all_checked[] = N_("all was read again");

constexpr char wrong[] = N_("Process %d: a page is NOT what was written to it.\n");
constexpr char lost[] = N_("Process %d: another one did not come on.\n");
constexpr char own[] = N_("Process %d: %s pages, %s writes to them, %s checks: all right.\n");
constexpr char result[] = N_("\nPages of the programs %s (%s), memory %s\n"
                             "Pages written to the disk %s, read from it %s\n"
                             "Page faults of all: %s minor, %s major\n");
constexpr char all_right[] = N_("Every byte of every page was right, in all %zu processes.\n");
} // namespace text

namespace {

Block output;
constexpr std::size_t times = 4, looks_per_pass = 16, changed_part = 8;

[[noreturn]] void end_wrong(const char *what)
{
    output.add(Style::alarm, what, getpid());
    output.write();
    std::exit(1);
}

void draw(Observer &observer, const char *title)
{
    observer.draw(output, title);
    output.write();
}

// All of them come to the end of each pass before anybody begins the next one.
struct Course {
    Meeting &meeting;
    Pages &pages;
    int place;

    void arrive(bool right)
    {
        if (!right) end_wrong(text::wrong);
        if (!meeting.reach(place++)) end_wrong(text::lost);
    }
};

void run_passes(Course course, Observer &observer)
{
    const bool tells = course.meeting.is_first();
    std::size_t looked = 0;
    const auto progress = [&](std::size_t done, std::size_t of) {
        const std::size_t looks = done * looks_per_pass / of;
        if (!tells || looks == looked) return;
        looked = looks % looks_per_pass;
        observer.look();
    };
    const auto tell = [&](const char *title) {
        if (tells) draw(observer, title);
    };
    course.pages.write_all([&](std::size_t done, std::size_t of) {
        progress(done, of);
        if (done == of / 2) tell(text::half_written);
    });
    course.arrive(true);
    tell(text::all_written);
    course.arrive(course.pages.check_all(progress));
    tell(text::all_read);
    course.arrive(course.pages.change_some(changed_part, progress));
    tell(text::some_changed);
    course.arrive(course.pages.check_all(progress));
    tell(text::all_checked);
}

// By the first one, while all are still there.
void tell_result(const Meeting &meeting, const Pages &pages, PagesMoved before, std::size_t memory_kib)
{
    const PagesMoved now = pages_moved();
    std::size_t minor = 0, major = 0;
    for (const pid_t pid : meeting.members()) {
        if (!meeting.is_here(pid)) end_wrong(text::lost); // it has said why
        const Paging paging = paging_of(pid);
        minor += paging.minor_faults;
        major += paging.major_faults;
    }
    const std::size_t all = pages.count() * meeting.members().size();
    output.add(text::result, grouped(all).text, size_text(all * page_size).text,
               size_text(memory_kib * 1024).text, grouped(now.out - before.out).text,
               grouped(now.in - before.in).text, grouped(minor).text, grouped(major).text);
    output.add(Style::heading, text::all_right, meeting.members().size());
    output.write();
}

} // namespace

int main(int argc, char **argv)
{
    const std::size_t wanted_kib = number_argument(argc, argv, 1, 32, 16, 1024, text::usage) * 1024;
    const std::size_t programs = number_argument(argc, argv, 2, 0, 1, 64, text::usage);
    const std::size_t seconds = number_argument(argc, argv, 3, 60, 1, 3600, text::usage);

    enum Place { started = 1, prepared, travelled, passes, not_here = 50 };
    Meeting meeting(programs, static_cast<unsigned>(seconds));
    if (programs == 0) meeting.bring_others(3);
    const bool complete = meeting.reach(started);
    const pid_t first = meeting.members().front();
    if (meeting.is_first()) {
        output.add(Style::heading, text::look);
        if (!leave_little_memory(output, {"swap", wanted_kib, times})) {
            output.write();
            meeting.reach(not_here);
            return 0;
        }
    }
    meeting.reach(prepared);
    if (meeting.has_come(first, not_here)) return 0; // it has said why there is nothing to see

    const std::size_t memory_kib = memory_left_kib(first), members = meeting.members().size();
    const std::size_t each_kib = (times * memory_kib + members - 1) / members;
    Pages pages(page_round_up(each_kib * 1024) / page_size, static_cast<std::uint64_t>(getpid()));
    if (meeting.is_first()) {
        output.add(text::each, members, size_text(pages.count() * page_size).text,
                   static_cast<double>(pages.count() * members * page_size) /
                       static_cast<double>(memory_kib * 1024));
        if (!complete) output.add(Style::alarm, text::late, members, programs, seconds);
        if (meeting.alone()) output.add(text::alone);
        if (!travel(output)) end_wrong(text::wrong);
        output.add(text::legend, glyph("█", "#"), glyph("▒", "+"), glyph("░", "."));
        output.write();
    }
    if (!meeting.reach(travelled)) end_wrong(text::lost);

    const PagesMoved before = pages_moved();
    Observer observer(meeting.members(), pages.count());
    Course course{meeting, pages, passes};
    run_passes(course, observer);
    constexpr int after_passes = passes + 4;
    if (!meeting.is_first()) {
        output.add(text::own, getpid(), grouped(pages.count()).text, grouped(pages.written()).text,
                   grouped(pages.checked()).text);
        output.write();
    }
    meeting.reach(after_passes);
    if (meeting.is_first()) tell_result(meeting, pages, before, memory_kib);
    meeting.reach(after_passes + 1);
}
