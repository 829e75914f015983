// Exhibit "fork": one page in two processes, and then a write. And what it costs to fork a process that has
// two thirds of the memory: next to nothing, until somebody writes.
#include "user/fork/child.hpp"
#include "user/fork/sharing.hpp"
#include "user/lib/address.hpp"
#include "user/lib/block.hpp"
#include "user/lib/number.hpp"
#include "user/lib/processes.hpp"
#include "user/lib/translation.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

using namespace exhibit;

namespace text {
constexpr char usage[] = N_("usage: fork [MiB]\n"
                            "  MiB  memory to fill before the second fork, 1 to 4096\n"
                            "       (default: two thirds of what is free, 256 at most)");
constexpr char failed[] = N_("fork: mmap of %s: %s\n");
constexpr char look[] =
    N_("fork: look at the frames. Two processes have one page, until one of them writes.\n\n");

constexpr char parent[] = N_("parent (%d)"), child[] = N_("child (%d)");
constexpr char before[] = N_("before fork"), after[] = N_("after fork"),
               child_reads[] = N_("the child reads"), child_writes[] = N_("the child writes"),
               parent_writes[] = N_("the parent writes");
constexpr char frame[] = N_("frame %#lx"), hidden_frame[] = N_("frame (hidden)");
constexpr char one_for_both[] = N_("one for both"), no_fault[] = N_("no page fault"),
               copied[] = N_("%zu page fault, a copy"), in_place[] = N_("%zu page fault, no copy"),
               unexpected[] = N_("%zu page faults");
constexpr char explained[] =
    N_("\nfork copied the page tables and made the page read-only in both. The first write\n"
       "is a page fault that copies 4096 bytes; who is left alone then writes in place.\n\n");

constexpr char large[] = N_("%s pages (%s) are filled, and the process forks again:\n\n");
constexpr char forked[] = N_("fork"), reads[] = N_("child reads all"), eighth[] = N_("child writes 1/8"),
               parents_eighth[] = N_("parent writes it"), all[] = N_("child writes all");
constexpr char took[] = N_("%s page faults, %s KiB of memory");
constexpr char took_fork[] = N_("%.0f microseconds, %s KiB of memory");
constexpr char legend[] =
    N_("\n%s shared by both   %s its own   %s on swap   (%zu pages each; parent's view)\n");
constexpr char no_room[] =
    N_("\nIf the child wrote to all of them, the memory would not do for both, and there is\n"
       "no swap for what is too much: make run EXHIBIT=fork SWAP=256\n");
constexpr char more[] = N_("\nThey have %s now, the machine %s: %s pages went to swap.\n");
constexpr char right[] = N_("\nEvery byte of every page was what its process had written.\n");
constexpr char wrong[] = N_("\nA page was NOT what its process had written to it.\n");
} // namespace text

namespace {

constexpr std::uint64_t parents_seed = 1, childs_seed = 1 << 30;
constexpr std::size_t kib_per_page = page_size / 1024;

Block output;
bool all_right = true;

PageRange map_pages(std::size_t pages)
{
    void *mapped =
        mmap(nullptr, pages * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) {
        std::fprintf(stderr, translated(text::failed), size_text(pages * page_size).text,
                     std::strerror(errno));
        std::exit(1);
    }
    use_small_pages(address_of(mapped), pages * page_size);
    return {address_of(mapped), pages};
}

// ---- One page

void draw_frame(std::size_t column, PagemapEntry entry)
{
    output.fill_to(column);
    output.add(Style::heap, entry.frame() != 0 ? text::frame : text::hidden_frame, entry.frame());
}

void draw_row(const char *what, const PageRange &page, const Child *child)
{
    output.add("  %s", translated(what));
    draw_frame(21, read_pagemap(page.start));
    if (child != nullptr) draw_frame(39, pagemap_of(child->pid(), page.start));
    output.fill_to(57);
}

// Whether the page has the same frame in both (or, where frames are hidden, is shared).
bool is_shared(const PageRange &page)
{
    return !(read_pagemap(page.start).bits >> 56 & 1);
}

void tell_write(Child::Answer answer, bool was_shared)
{
    const char *format = answer.faults != 1 ? text::unexpected : was_shared ? text::copied : text::in_place;
    output.add(format, answer.faults);
    output.add("\n");
}

void show_one_page()
{
    const PageRange page = map_pages(1);
    page.write(parents_seed);
    const PagemapEntry before = read_pagemap(page.start);
    Child child;
    output.fill_to(21);
    output.add(Style::heading, text::parent, getpid());
    output.fill_to(39);
    output.add(Style::heading, text::child, child.pid());
    output.add("\n  %s", translated(text::before));
    draw_frame(21, before);
    output.add("\n");
    draw_row(text::after, page, &child);
    output.add("%s\n", translated(text::one_for_both));

    Child::Answer answer = child.check(page, parents_seed);
    all_right &= answer.right;
    draw_row(text::child_reads, page, &child);
    output.add(answer.faults == 0 ? text::no_fault : text::unexpected, answer.faults);
    output.add("\n");

    bool was_shared = is_shared(page);
    answer = child.write(page, childs_seed);
    draw_row(text::child_writes, page, &child);
    tell_write(answer, was_shared);

    was_shared = is_shared(page);
    answer = write_here(page, parents_seed + 1);
    draw_row(text::parent_writes, page, &child);
    tell_write(answer, was_shared);
    all_right &= child.check(page, childs_seed).right && page.holds(parents_seed + 1);
    output.add(text::explained);
    output.write();
}

// ---- Most of the memory

struct Row {
    std::size_t free_before = meminfo_kib("MemFree");

    Sharing draw(const char *what, const PageRange &range)
    {
        const std::size_t free = meminfo_kib("MemFree");
        used_kib = free_before > free ? free_before - free : 0;
        output.add("  %s", translated(what));
        output.fill_to(20);
        return draw_sharing(output, range.start, range.pages);
    }
    void tell(std::size_t faults)
    {
        output.add("\n");
        output.fill_to(20);
        output.add(text::took, grouped(faults).text, grouped(used_kib).text);
        output.add("\n");
    }
    std::size_t used_kib = 0;
};

void child_writes_all(Child &child, const PageRange &range)
{
    const std::size_t needed_kib = range.pages * kib_per_page, out_before = pages_moved().out;
    if (meminfo_kib("MemFree") + meminfo_kib("SwapFree") < needed_kib + needed_kib / 8) {
        output.add(Style::alarm, text::no_room);
        return;
    }
    Row row;
    const Child::Answer answer = child.write(range, childs_seed);
    row.draw(text::all, range);
    row.tell(answer.faults);
    all_right &= answer.right && range.first(range.pages).holds(parents_seed);
    all_right &= child.check(range, childs_seed).right;
    const std::size_t moved = pages_moved().out - out_before;
    if (moved != 0)
        output.add(text::more, size_text(2 * range.pages * page_size).text,
                   size_text(meminfo_kib("MemTotal") * 1024).text, grouped(moved).text);
}

void show_most_of_memory(std::size_t pages)
{
    const PageRange range = map_pages(pages), part = range.first(std::max<std::size_t>(pages / 8, 1));
    range.write(parents_seed);
    output.add(text::large, grouped(pages).text, size_text(pages * page_size).text);

    Row first;
    Child child;
    first.draw(text::forked, range);
    output.add("\n");
    output.fill_to(20);
    output.add(text::took_fork, child.fork_microseconds(), grouped(first.used_kib).text);
    output.add("\n");

    Row reading;
    Child::Answer answer = child.check(range, parents_seed);
    all_right &= answer.right;
    reading.draw(text::reads, range);
    reading.tell(answer.faults);

    Row writing;
    answer = child.write(part, childs_seed);
    writing.draw(text::eighth, range);
    writing.tell(answer.faults);

    Row own;
    answer = write_here(part, parents_seed);
    own.draw(text::parents_eighth, range);
    own.tell(answer.faults);

    child_writes_all(child, range);
    output.add(text::legend, shared_square(), own_square(), disk_square(), pages_per_square(pages));
}

} // namespace

int main(int argc, char **argv)
{
    std::signal(SIGPIPE, SIG_IGN); // a child that is gone is noticed by its silence
    const std::size_t free_mib = meminfo_kib("MemFree") / 1024;
    const std::size_t usual = std::clamp<std::size_t>(free_mib * 2 / 3, 1, 256);
    const std::size_t mib = number_argument(argc, argv, 1, usual, 1, 4096, text::usage);
    output.add(Style::heading, text::look);
    show_one_page();
    show_most_of_memory(mib * 256);
    output.add(all_right ? Style::heading : Style::alarm, all_right ? text::right : text::wrong);
    output.write();
    return all_right ? 0 : 1;
}
