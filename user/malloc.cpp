// Exhibit "malloc": the C library's own, with whichever library this is. It gets memory from the kernel by
// brk(2) and mmap(2); what it got is seen from outside, by sbrk(0) and /proc/self/maps
// (user/malloc/watch.hpp).
#include "user/lib/address.hpp"
#include "user/lib/block.hpp"
#include "user/lib/number.hpp"
#include "user/lib/translation.hpp"
#include "user/malloc/change_table.hpp"
#include "user/malloc/library.hpp"
#include "user/malloc/watch.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <malloc.h>
#include <sys/prctl.h>

using namespace exhibit;

namespace text {
constexpr char usage[] = N_("usage: malloc [bytes [kib]]    a small block, 1 to 1024 bytes (default 24),\n"
                            "                               and a large one, 4 to 65536 KiB (default 1024)");
constexpr char no_memory[] = N_("malloc: %lu bytes are refused\n");

constexpr char look[] =
    N_("malloc: look at the two columns. Where neither changes, no memory was asked for.\n\n");
constexpr char library[] = N_("This is the malloc of %s."), by_break[] = N_("the break"),
               by_mmap[] = N_("mmapped");
constexpr char in_heap[] = N_("heap"), mapped[] = N_("mmapped"), in_data[] = N_("static data");
constexpr char small[] = N_("10 blocks of %lu bytes"), many_more[] = N_("10,000 more"),
               before_main[] = N_("before main");
constexpr char first_at[] = N_("The first is at %#lx: %s. (heap: below the break; mmapped: above)\n");

constexpr char cost[] = N_("\nWhat a block costs: from it to its neighbour\n");
constexpr char cost_titles[] = N_("         asked   malloc_usable_size   distance   distance - asked\n");
constexpr char cost_row[] = "%14lu%21lu%11lu%19lu\n";

constexpr char growing[] = N_("\nFrom small to large; all are kept\n"), of_bytes[] = N_("%s bytes: %s");
constexpr char largest[] = N_("The largest of them in the heap: %s bytes.\n");
constexpr char smallest[] = N_("The smallest of them mmapped: %s bytes.\n");

constexpr char zeroed[] = N_("\nZeros\n"), calloc_[] = N_("calloc of %s bytes: %s");
constexpr char touched[] = N_("Of its pages %lu of %lu are in memory; after a write to each, %lu.\n");

constexpr char giving[] = N_("\nGiving back\n"), eight[] = N_("8 blocks of %s bytes: %s");
constexpr char freed[] = N_("freed, the newest first"), with_pin[] = N_("8 again, then one of %s bytes");
constexpr char under_pin[] = N_("the 8 freed, but not the one"), pin_freed[] = N_("the one freed");
constexpr char held[] = N_("Until the one was freed, %s bytes could not go back.\n");
constexpr char not_held[] = N_("Each block goes back by itself: the one held nothing back.\n");

constexpr char twice[] = N_("\nThe same three times\n"), large[] = N_("malloc of %s bytes: %s"),
               freed_it[] = N_("free");
constexpr char below[] = N_("It lies in the heap at once: a block of this size is not mmapped.\n");
constexpr char moved[] = N_("Mmapped once and freed, it lies in the heap now: the threshold has moved.\n");
constexpr char kept[] = N_("It lies in an area mmapped earlier, which the library has kept.\n");
constexpr char stayed[] = N_("It is mmapped each time: the threshold has not moved above it.\n");
} // namespace text

namespace {

Block output;
using Place = ChangeTable::Place;

// What a block's place is called.
const char *name_of(Place place)
{
    constexpr const char *names[] = {text::in_data, text::in_heap, text::mapped};
    return translated(names[static_cast<int>(place)]);
}

// Volatile: the compiler may not leave out a block because nobody uses it.
char *checked(void *block, std::size_t bytes)
{
    void *volatile const kept = block;
    if (kept != nullptr) return static_cast<char *>(kept);
    std::fprintf(stderr, translated(text::no_memory), bytes);
    std::exit(1);
}

void small_blocks(ChangeTable &table, std::size_t bytes)
{
    table.row(text::before_main);
    char *const first = checked(std::malloc(bytes), bytes);
    for (int block = 1; block < 10; ++block) checked(std::malloc(bytes), bytes);
    output.add(text::small, bytes);
    table.end_row();
    for (int block = 0; block < 10'000; ++block) checked(std::malloc(bytes), bytes);
    table.row(text::many_more);
    output.add(text::first_at, address_of(first), name_of(table.place_of(first)));
}

// The least distance between two of some blocks: these two are neighbours.
void cost_of(std::size_t bytes)
{
    char *blocks[8];
    for (char *&block : blocks) block = checked(std::malloc(bytes), bytes);
    std::size_t distance = SIZE_MAX;
    for (const char *one : blocks)
        for (const char *other : blocks)
            if (one < other && static_cast<std::size_t>(other - one) < distance) distance = other - one;
    output.add(text::cost_row, bytes, malloc_usable_size(blocks[0]), distance, distance - bytes);
}

void from_small_to_large(ChangeTable &table)
{
    output.add(Style::heading, text::growing);
    std::size_t largest_in_heap = 0, smallest_mapped = 0;
    for (std::size_t bytes = 1024; bytes <= 4096 * 1024; bytes *= 4) {
        const Place place = table.place_of(checked(std::malloc(bytes), bytes));
        output.add(text::of_bytes, grouped(bytes).text, name_of(place));
        table.end_row();
        if (place == Place::heap) largest_in_heap = bytes;
        if (place == Place::mapped && smallest_mapped == 0) smallest_mapped = bytes;
    }
    if (largest_in_heap != 0) output.add(text::largest, grouped(largest_in_heap).text);
    if (smallest_mapped != 0) output.add(text::smallest, grouped(smallest_mapped).text);
}

void zeros(ChangeTable &table, std::size_t bytes)
{
    output.add(Style::heading, text::zeroed);
    char *const block = checked(std::calloc(1, bytes), bytes);
    const std::size_t present = pages_in_memory(block, bytes);
    output.add(text::calloc_, grouped(bytes).text, name_of(table.place_of(block)));
    table.end_row();
    for (std::size_t at = 0; at < bytes; at += page_size) byte_at(address_of(block) + at) = 1;
    byte_at(address_of(block) + bytes - 1) = 1;
    output.add(text::touched, present, pages_of(block, bytes), pages_in_memory(block, bytes));
}

void giving_back(ChangeTable &table)
{
    constexpr std::size_t bytes = 64 * 1024, pin_bytes = 2000;
    output.add(Style::heading, text::giving);
    char *blocks[8];
    const auto take = [&] {
        for (char *&block : blocks) block = checked(std::malloc(bytes), bytes);
    };
    const auto give_back = [&](const char *title) {
        for (int block = 8; block-- > 0;) std::free(blocks[block]);
        return table.row(title);
    };
    take();
    output.add(text::eight, grouped(bytes).text, name_of(table.place_of(blocks[0])));
    table.end_row();
    const std::ptrdiff_t alone = give_back(text::freed);
    take();
    char *const pin = checked(std::malloc(pin_bytes), pin_bytes);
    output.add(text::with_pin, grouped(pin_bytes).text);
    table.end_row();
    const std::ptrdiff_t below_pin = give_back(text::under_pin);
    std::free(pin);
    const std::ptrdiff_t by_pin = table.row(text::pin_freed);
    below_pin < alone ? output.add(text::held, grouped(static_cast<std::size_t>(by_pin)).text)
                      : output.add(text::not_held);
}

void same_again(ChangeTable &table, std::size_t bytes)
{
    output.add(Style::heading, text::twice);
    Place places[3];
    bool asked = false; // the kernel, the third time
    for (Place &place : places) {
        char *const block = checked(std::malloc(bytes), bytes);
        place = table.place_of(block);
        output.add(text::large, grouped(bytes).text, name_of(place));
        asked = table.end_row() != 0;
        std::free(block);
        table.row(text::freed_it);
    }
    if (places[0] == Place::heap) output.add(text::below);
    if (places[0] == Place::mapped)
        output.add(places[2] == Place::heap ? text::moved : asked ? text::stayed : text::kept);
}

} // namespace

int main(int argc, char **argv)
{
    const std::size_t small = number_argument(argc, argv, 1, 24, 1, 1024, text::usage);
    const std::size_t large = number_argument(argc, argv, 2, 1024, 4, 65536, text::usage) * 1024;
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0); // pages of 4 KiB are counted; a kernel without others may refuse
    ChangeTable table(output);

    output.add(Style::heading, text::look);
    output.add(text::library, c_library());
    table.end_title(translated(text::by_break), translated(text::by_mmap));
    small_blocks(table, small);
    output.add(Style::heading, text::cost);
    output.add(Style::faint, text::cost_titles);
    const std::size_t sizes[] = {1, small, small + 1, small * 4, small * 40};
    for (const std::size_t bytes : sizes) cost_of(bytes);
    table.skip();
    from_small_to_large(table);
    zeros(table, large);
    giving_back(table);
    same_again(table, large);
    output.write();
}
