// Exhibit "translate": one virtual address taken apart as the processor does it, down to the frame.
// Two processes have the same address on different frames: alone, it forks the other.
#include "user/lib/address.hpp"
#include "user/lib/block.hpp"
#include "user/lib/meeting.hpp"
#include "user/lib/number.hpp"
#include "user/lib/proc.hpp"
#include "user/lib/translation.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

using namespace exhibit;

namespace text {
constexpr char usage[] =
    N_("usage: translate [value [programs [seconds]]]\n"
       "  value     to store, 0 to 2147483647; 1 more in a fork (default: the process's id)\n"
       "  programs  how many of this program are to meet, 1 to 64 (default: those that are\n"
       "            there; when it is alone it forks the others)\n"
       "  seconds   how long to wait for one that does not come, 1 to 600 (default 10)");
constexpr char failed[] = N_("translate: mmap at %#lx: %s\n");

constexpr char look[] = N_("translate: look at the frames. Two processes, one address, two frames.\n\n");
constexpr char about[] = N_("process %d has an int at %#lx and writes %d to it\n\n");
constexpr char cut[] = N_("48 bits of that address count. The processor cuts them into five numbers:\n\n");
constexpr const char *bit_names[] = {"47..39", "38..30", "29..21", "20..12", "11..0"};
constexpr const char *level_names[] = {"PML4[%lu]", "PDPT[%lu]", "PD[%lu]", "PT[%lu]", N_("byte %lu")};
constexpr char walk[] = N_("\nIt asks four tables for one entry each, and keeps the answer in its TLB:\n\n");
constexpr char root[] = "CR3", frame[] = N_("frame %#lx"), hidden_frame[] = N_("frame (hidden)");

constexpr char before[] = N_("pagemap before the write  %016lx  no frame yet, only the address\n");
constexpr char not_before[] = N_("pagemap before the write  %016lx  the page was already there\n");
constexpr char after[] = N_("pagemap after the write   %016lx  bit 63: present; 54..0: %#lx\n");
constexpr char after_hidden[] = N_("pagemap after the write   %016lx  bit 63: present; 54..0: hidden\n");
constexpr char physical[] = N_("physical address          frame %#lx * 4096 + byte %lu = %#lx\n");
constexpr char why_hidden[] =
    N_("Linux tells frame numbers only to a process with CAP_SYS_ADMIN: run this as root.\n");

constexpr char met[] = N_("process %d waited: %zu processes have written to their own %#lx.\n");
constexpr char late[] = N_("process %d waited %zu s: %zu of %zu came and wrote to their own %#lx.\n");
constexpr char alone[] = N_("process %d is alone: it met no other process that runs this program.\n");
constexpr char again[] = N_("process %d reads %d there"), same[] = N_(", the value it wrote"),
               other[] = N_(", NOT the value it wrote");
constexpr char in_frame[] = N_(", in frame %#lx\n"), in_hidden_frame[] = "\n";
} // namespace text

namespace {

// Indices 160, 1, 2, 3 and byte 4: numbers that are easy to find again in a debugger. Fixed, so that two
// processes have it in common, and far from all that the kernel places by itself.
constexpr std::uintptr_t address = std::uintptr_t{160} << 39 | std::uintptr_t{1} << 30 |
                                   std::uintptr_t{2} << 21 | std::uintptr_t{3} << 12 | 4;
constexpr std::uintptr_t page = address & -page_size;

constexpr unsigned lowest_bit[] = {39, 30, 21, 12, 0};
constexpr unsigned bit_count[] = {9, 9, 9, 9, 12};
constexpr Style colours[] = {Style::constants, Style::heap, Style::statics, Style::mapping, Style::stack};

unsigned long part(int which)
{
    return address >> lowest_bit[which] & ((1ul << bit_count[which]) - 1);
}

// The five boxes; the widths are those of the bits in them.
void draw_bits(Block &block)
{
    const char *edge = glyph("─", "-");
    const char *side = glyph("│", "|");
    std::size_t column[6] = {4};
    for (int which = 0; which < 5; ++which) column[which + 1] = column[which] + bit_count[which] + 3;

    const auto draw_edge = [&](const char *left, const char *middle, const char *right) {
        block.fill_to(column[0]);
        for (int which = 0; which < 5; ++which) {
            block.add("%s", which == 0 ? left : middle);
            block.fill_to(column[which + 1], edge);
        }
        block.add("%s\n", right);
    };
    const auto draw_words = [&](const char *const *formats) {
        for (int which = 0; which < 5; ++which) {
            block.fill_to(column[which] + 2);
            block.add(colours[which], formats[which], part(which));
        }
        block.add("\n");
    };

    block.fill_to(column[0] - 4);
    block.add(Style::faint, "bit");
    draw_words(text::bit_names);
    draw_edge(glyph("┌", "+"), glyph("┬", "+"), glyph("┐", "+"));
    for (int which = 0; which < 5; ++which) {
        block.fill_to(column[which]);
        block.add("%s ", side);
        char bits[16] = "";
        for (unsigned bit = 0; bit < bit_count[which]; ++bit)
            bits[bit] = part(which) >> (bit_count[which] - 1 - bit) & 1 ? '1' : '0';
        block.add(colours[which], "%s", bits);
    }
    block.add(" %s\n", side);
    draw_edge(glyph("└", "+"), glyph("┴", "+"), glyph("┘", "+"));
    draw_words(text::level_names);
}

// The way of the processor from register CR3 to the frame.
void draw_walk(Block &block, PagemapEntry entry)
{
    const char *arrow = glyph(" ─→ ", " -> ");
    block.fill_to(4);
    block.add(Style::heading, "%s", text::root);
    for (int which = 0; which < 4; ++which) {
        block.add("%s", arrow);
        block.add(colours[which], text::level_names[which], part(which));
    }
    block.add("%s", arrow);
    block.add(Style::heading, entry.frame() != 0 ? text::frame : text::hidden_frame, entry.frame());
    block.add("\n\n");
}

void tell_pagemap(Block &block, PagemapEntry before, PagemapEntry after)
{
    block.add(before.present() ? text::not_before : text::before, before.bits);
    if (after.frame() == 0) {
        block.add(text::after_hidden, after.bits);
        block.add(Style::alarm, text::why_hidden);
    } else {
        block.add(text::after, after.bits, after.frame());
        block.add(Style::heading, text::physical, after.frame(), part(4),
                  after.frame() * page_size + part(4));
    }
    block.add("\n");
}

} // namespace

int main(int argc, char **argv)
{
    const std::uint64_t given = number_argument(argc, argv, 1, 0, 0, 2147483647, text::usage);
    const std::size_t programs = number_argument(argc, argv, 2, 0, 1, 64, text::usage);
    const std::size_t seconds = number_argument(argc, argv, 3, 10, 1, 600, text::usage);
    Meeting meeting(programs, seconds);
    const std::size_t which = programs == 0 ? meeting.bring_others(2) : 0;
    const int self = getpid();
    const int value = argc < 2 ? self : static_cast<int>((given + which) % (std::uint64_t{1} << 31));

    void *mapped = mmap(pointer_to(page), page_size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (mapped == MAP_FAILED) {
        std::fprintf(stderr, translated(text::failed), page, std::strerror(errno));
        return 1;
    }
    auto &variable = *static_cast<volatile int *>(pointer_to(address));

    const PagemapEntry before = read_pagemap(address);
    variable = value;
    const PagemapEntry after = read_pagemap(address);

    static Block output;
    output.add(Style::heading, text::look);
    output.add(text::about, self, address, value);
    output.add(text::cut);
    draw_bits(output);
    output.add(text::walk);
    draw_walk(output, after);
    tell_pagemap(output, before, after);
    output.write();

    // Now the others write to the same address, and nobody ends before all have looked at theirs again.
    enum Place { written = 1, looked };
    const bool complete = meeting.reach(written);
    const int found = variable;
    const PagemapEntry now = read_pagemap(address);
    const std::size_t members = meeting.members().size();
    if (!complete)
        output.add(Style::alarm, text::late, self, seconds, members, programs, address);
    else if (meeting.alone())
        output.add(text::alone, self);
    else
        output.add(text::met, self, members, address);
    output.add(Style::heading, text::again, self, found);
    output.add(found == value ? text::same : text::other);
    output.add(now.frame() != 0 ? text::in_frame : text::in_hidden_frame, now.frame());
    output.write();
    meeting.reach(looked);
    return found == value ? 0 : 1;
}
