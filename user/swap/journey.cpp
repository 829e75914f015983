// One page's way. See journey.hpp.
#include "user/swap/journey.hpp"

#include "user/lib/address.hpp"
#include "user/lib/formatted.hpp"
#include "user/lib/number.hpp"
#include "user/lib/pattern.hpp"
#include "user/lib/proc.hpp"
#include "user/lib/processes.hpp"
#include "user/lib/translation.hpp"

#include <sys/resource.h>

namespace exhibit {

namespace text {
constexpr char journey[] = N_("\nOne page's way"), pagemap[] = N_("what pagemap says of it"),
               out[] = N_("out"), in[] = N_("in"), major[] = N_("major");
constexpr char written[] = N_("all its bytes are written"), other[] = N_("another page is written"),
               right[] = N_("read: all bytes are right"), wrong[] = N_("read: NOT what it was"),
               changed[] = N_("one byte is changed");
constexpr char push[] = "madvise(MADV_PAGEOUT)", again[] = N_("MADV_PAGEOUT once more");
constexpr char in_frame[] = N_("frame %#lx"), in_hidden_frame[] = N_("a frame (hidden)"),
               in_slot[] = N_("area %u, slot %lu"), nowhere[] = N_("nowhere yet");
constexpr char clean[] = N_("The second time it was not written: it had only been read, so what lies in its\n"
                            "slot is what it is. The third time it was: a byte was another one.\n");
constexpr char columns[] =
    N_("(out, in: pages written to the disk, and read. major: faults that waited for it)\n\n");
} // namespace text

namespace {

// What a step is measured by.
struct Counters {
    PagesMoved moved = pages_moved();
    std::size_t major_faults = [] {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        return static_cast<std::size_t>(usage.ru_majflt);
    }();
};

class Steps {
public:
    explicit Steps(Block &block) : block_(block)
    {
        block_.add(Style::heading, text::journey);
        title(30, text::pagemap);
        block_.fill_to(68 - columns_of(translated(text::out)));
        block_.add("%s", translated(text::out));
        block_.fill_to(72 - columns_of(translated(text::in)));
        block_.add("%s", translated(text::in));
        block_.fill_to(79 - columns_of(translated(text::major)));
        block_.add("%s\n", translated(text::major));
    }

    // A line about what was done since the last one, and where `page` is now. Returns how many pages were
    // written out by it.
    std::size_t tell(const char *what, std::uintptr_t page)
    {
        const Counters now;
        const PagemapEntry entry = read_pagemap(page);
        block_.add("  %s", translated(what));
        block_.fill_to(30);
        block_.add("%016lx  ", static_cast<unsigned long>(entry.bits));
        if (entry.swapped())
            block_.add(Style::statics, text::in_slot, entry.area(), static_cast<unsigned long>(entry.slot()));
        else if (!entry.present())
            block_.add(Style::faint, text::nowhere);
        else
            block_.add(Style::heap, entry.frame() != 0 ? text::in_frame : text::in_hidden_frame,
                       static_cast<unsigned long>(entry.frame()));
        block_.fill_to(65);
        const std::size_t out = now.moved.out - before_.moved.out;
        block_.add("%3zu %3zu %6zu\n", out, now.moved.in - before_.moved.in,
                   now.major_faults - before_.major_faults);
        before_ = {};
        return out;
    }

private:
    void title(std::size_t column, const char *words)
    {
        block_.fill_to(column);
        block_.add("%s", translated(words));
    }

    Block &block_;
    Counters before_;
};

void push_out(std::uintptr_t page)
{
    madvise(pointer_to(page), page_size, MADV_PAGEOUT);
}

} // namespace

bool travel(Block &block)
{
    constexpr std::uint64_t seed = 'p', other_seed = 'o';
    // Two areas: pages that are neighbours would travel together.
    std::uintptr_t places[2];
    for (std::uintptr_t &place : places) {
        void *where =
            mmap(nullptr, 2 * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (where == MAP_FAILED) return false;
        place = address_of(where);
    }
    const auto [page, other] = places;

    Steps steps(block);
    fill_page(page, seed);
    steps.tell(text::written, page);
    push_out(page);
    steps.tell(text::push, page);
    fill_page(other, other_seed);
    steps.tell(text::other, other);
    bool right = page_holds(page, seed);
    steps.tell(right ? text::right : text::wrong, page);
    push_out(page);
    const std::size_t out_when_clean = steps.tell(text::again, page);
    byte_at(page) = static_cast<char>(~byte_at(page));
    steps.tell(text::changed, page);
    push_out(page);
    const std::size_t out_when_dirty = steps.tell(text::again, page);
    byte_at(page) = static_cast<char>(~byte_at(page));
    right = right && page_holds(page, seed);

    block.add(Style::faint, text::columns);
    if (out_when_clean == 0 && out_when_dirty > 0) block.add(text::clean);
    return right;
}

} // namespace exhibit
