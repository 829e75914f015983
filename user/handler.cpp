// Exhibit "handler": a program catches its own SIGSEGV, brings the page and goes on. Demand paging and page
// replacement, built in user space.
#include "user/handler/pager.hpp"
#include "user/lib/address.hpp"
#include "user/lib/block.hpp"
#include "user/lib/number.hpp"
#include "user/lib/pattern.hpp"
#include "user/lib/proc.hpp"
#include "user/lib/translation.hpp"

#include <csignal>
#include <cstring>

using namespace exhibit;

namespace text {
constexpr char usage[] = N_("usage: handler [frames | stray]\n"
                            "  frames  pages it lets itself have in memory at a time, 1 to 48 (default 12)\n"
                            "  stray   also reads where no page can be: that is not for the handler");
constexpr char look[] =
    N_("handler: look at the signals. Each is a page fault that the program settles.\n\n");
constexpr char reserved[] = N_("%zu pages from %#lx on are PROT_NONE: no access. It writes to one:\n\n");
constexpr char signal_line[] = N_("  SIGSEGV       si_code %d (%s)\n");
constexpr char address_line[] = N_("  si_addr       %#lx, in page %zu\n");
constexpr char instruction_line[] = N_("  rip           %#lx, the instruction that will begin again\n");
constexpr char code_line[] = N_("  error code    %#lx: %s, %s, user mode\n");
constexpr char absent[] = N_("no page there"), forbidden[] = N_("not allowed"), write[] = N_("write"),
               read[] = N_("read");
constexpr char answered[] =
    N_("\nThe handler allows the page (mprotect), and the write is done: it reads %d.\n");
constexpr char frames[] =
    N_("\nNow all %zu pages, of which %zu may be in memory; the oldest goes (FIFO):\n\n");
constexpr char writes[] = N_("writes to all"), reads[] = N_("reads all"),
               last[] = N_("10 times the last ones");
constexpr char row[] = N_("%2zu signals, %2zu put away, %2zu brought back\n");
constexpr char legend[] = N_("\n%s in memory   %s put away, or never used\n");
constexpr char right[] = N_("\nEvery byte of every page was right.\n");
constexpr char wrong[] = N_("\nA page was NOT what was written to it.\n");
constexpr char stray[] = N_("\nNow it reads at address 0, where the handler has no page:\n");
} // namespace text

namespace {

Block output;

void show_one_fault(const Pager &pager)
{
    constexpr std::size_t number = 7, byte = 42;
    constexpr char value = 99;
    const std::uintptr_t address = pager.page(number) + byte;
    output.add(text::reserved, Pager::pages, pager.start());
    byte_at(address) = value;
    const Pager::Told told = pager.told();
    output.add(text::signal_line, told.code, told.code == SEGV_ACCERR ? "SEGV_ACCERR" : "SEGV_MAPERR");
    output.add(Style::heading, text::address_line, told.address, (told.address - pager.start()) / page_size);
    output.add(text::instruction_line, told.instruction);
    output.add(text::code_line, told.processor_code,
               translated(told.processor_code & 1 ? text::forbidden : text::absent),
               translated(told.processor_code & 2 ? text::write : text::read));
    output.add(text::answered, byte_at(address));
    output.write();
}

// What a part of the work took, and what is in memory afterwards.
void draw_row(const char *what, const Pager &pager, Pager::Counts before)
{
    const Pager::Counts now = pager.counts();
    output.add("  %s", translated(what));
    output.fill_to(26);
    for (std::size_t page = 0; page < Pager::pages; ++page) {
        // The kernel must be of the same opinion.
        const bool is_there = pager.is_in_memory(page) && read_pagemap(pager.page(page)).present();
        output.add(is_there ? Style::heap : Style::faint, "%s", is_there ? glyph("█", "#") : glyph("░", "."));
    }
    output.add("\n");
    output.fill_to(26);
    output.add(text::row, now.signals - before.signals, now.written - before.written, now.read - before.read);
    output.write();
}

bool use_all_pages(Pager &pager, std::size_t frames)
{
    bool right = true;
    Pager::Counts before = pager.counts();
    for (std::size_t page = 0; page < Pager::pages; ++page) fill_page(pager.page(page), page + 1);
    draw_row(text::writes, pager, before);

    before = pager.counts();
    for (std::size_t page = 0; page < Pager::pages; ++page) right &= page_holds(pager.page(page), page + 1);
    draw_row(text::reads, pager, before);

    before = pager.counts();
    for (int time = 0; time < 10; ++time) {
        for (std::size_t page = Pager::pages - frames; page < Pager::pages; ++page)
            right &= page_holds(pager.page(page), page + 1);
    }
    draw_row(text::last, pager, before);
    return right;
}

} // namespace

int main(int argc, char **argv)
{
    const bool strays = argc == 2 && std::strcmp(argv[1], "stray") == 0;
    const std::size_t frames = strays ? 12 : number_argument(argc, argv, 1, 12, 1, Pager::pages, text::usage);
    static Pager pager(frames);
    output.add(Style::heading, text::look);
    show_one_fault(pager);
    output.add(text::frames, Pager::pages, frames);
    const bool right = use_all_pages(pager, frames);
    output.add(text::legend, glyph("█", "#"), glyph("░", "."));
    output.add(right ? Style::heading : Style::alarm, right ? text::right : text::wrong);
    if (strays) output.add(text::stray);
    output.write();
    if (strays) {
        const char found = byte_at(0);
        (void)found;
    }
    return right ? 0 : 1;
}
