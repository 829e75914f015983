// Exhibit "heap": a room with furniture. It is filled, emptied here and there, useless for all its gaps, and
// tidied. The allocator is in user/heap/, without a word about drawing; here it gets a room on the break, and
// is drawn.
#include "user/heap/break_room.hpp"
#include "user/heap/house.hpp"
#include "user/heap/workload.hpp"
#include "user/lib/address.hpp"
#include "user/lib/block.hpp"
#include "user/lib/number.hpp"
#include "user/lib/translation.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace exhibit;
using heap::BreakRoom, heap::HandleHeap, heap::House, heap::Policy, heap::Workload;

namespace text {
constexpr char usage[] =
    N_("usage: heap [first|next|best [kib]]    which hole a block gets (default first),\n"
       "                                       a room of 4 to 16384 KiB (default 64)");
constexpr char no_room[] = N_("heap: the kernel refuses to move the break by %lu bytes\n");

constexpr char look[] = N_("heap: look at the dots. A room can have space enough and yet no place.\n\n");
constexpr char room[] = N_("The room: %s bytes, from %#lx to the break; one column: %lu.\n");
constexpr char letters[] =
    N_("A letter is a block in use, a dot is a hole. Of the holes a block gets the\n%s.\n");
constexpr char defined[] = N_("utilisation = used / total, fragmentation = 1 - largest hole / all holes\n\n");
constexpr const char *policies[] = {N_("first fit"), N_("next fit"), N_("best fit")};
constexpr const char *rules[] = {N_("lowest that is large enough: first fit"),
                                 N_("first large enough behind the block placed last: next fit"),
                                 N_("smallest that is large enough: best fit")};
constexpr char used[] = N_("    used %s of %s bytes: utilisation %.1f %%\n");
constexpr char holes[] = N_("    holes: %lu, the largest %s of %s bytes: fragmentation %.1f %%\n");

constexpr char first[] = N_("A moves in: %s bytes, %lu of them for its header and its handle.\n");
constexpr char full[] = N_("B to J move in: the room is full.\n");
constexpr char gaps[] = N_("B, D, F, H and J move out.\n");
constexpr char two_more[] = N_("K (%lu columns) moves in, then L (%lu).\n");
constexpr char refused[] = N_("M (%s bytes) is refused: %s bytes are free, but not together.\n");
constexpr char granted[] = N_("M (%s bytes) moves in, at %#lx.\n");
constexpr char tidied[] = N_("Tidied: blocks moved down %lu, bytes copied %s, bytes damaged %lu.\n");
constexpr char handle[] = N_("Handle %lu led to I at %#lx, now it leads to I at %#lx:\n"
                             "who kept the handle finds I, who kept the address does not.\n");

constexpr char same[] = N_("\nThe same %lu requests to each: a block goes, one of another size comes.\n\n");
constexpr const char *titles[] = {N_("refused"), N_("looked at"), N_("utilisation"), N_("fragmentation")};
constexpr char averages[] = N_("(looked at: holes per request; the last two: averages over all requests)\n");
constexpr char fewest[] = N_("Fewest refused: %s. Fewest holes looked at: %s.\n");
} // namespace text

namespace {

Block output;
constexpr std::size_t columns = 64;
constexpr std::array<std::size_t, 10> sizes{6, 4, 9, 3, 8, 5, 10, 4, 7, 8}; // A to J: 64 columns
constexpr std::size_t size_of_k = 5, size_of_l = 3, size_of_m = 12;

void draw(const House &house)
{
    const heap::FreeListHeap &pieces = house.pieces();
    const std::byte *const start = pieces.first_piece().start;
    output.add("   %s", glyph("│", "|"));
    for (auto piece = pieces.first_piece(); piece.size != 0; piece = pieces.piece_after(piece)) {
        const auto end = static_cast<std::size_t>(piece.start + piece.size - start);
        const char letter[] = {piece.used ? house.letter_of(piece) : '\0', '\0'};
        const Style style = letter[0] % 2 != 0 ? Style::heap : Style::mapping; // a block keeps its colour
        output.fill_to(4 + (end + house.column() / 2) / house.column(), *letter ? letter : glyph("░", "."),
                       *letter ? style : Style::faint);
    }
    output.add("%s\n", glyph("│", "|"));
    const auto now = pieces.figures();
    output.add(text::used, grouped(now.used).text, grouped(now.total).text, now.utilisation() * 100);
    output.add(text::holes, now.holes, grouped(now.largest_hole).text, grouped(now.free).text,
               now.fragmentation() * 100);
}

void ask_for_m(House &house)
{
    const NumberText bytes = grouped(house.bytes_of(size_of_m));
    if (house.move_in('M', size_of_m))
        output.add(text::granted, bytes.text, house.place('M'));
    else
        output.add(Style::alarm, text::refused, bytes.text, grouped(house.pieces().figures().free).text);
    draw(house);
}

void tidy(House &house)
{
    const std::uintptr_t before = house.place('I');
    const House::Tidied tidied = house.tidy();
    output.add(Style::heading, text::tidied, tidied.moved, grouped(tidied.copied).text, house.damaged());
    draw(house);
    output.add(text::handle, static_cast<std::size_t>(house.handle('I')), before, house.place('I'));
}

void furnish(Policy policy, std::size_t bytes)
{
    BreakRoom room(bytes);
    House house(room, policy, bytes / columns);
    if (!house.move_in('A', sizes[0])) {
        std::fprintf(stderr, translated(text::no_room), bytes);
        std::exit(1);
    }
    output.add(Style::heading, text::look);
    output.add(text::room, grouped(bytes).text, address_of(house.pieces().first_piece().start),
               bytes / columns);
    output.add(text::letters, translated(text::rules[static_cast<int>(policy)]));
    output.add(text::defined);

    output.add(text::first, grouped(house.bytes_of(sizes[0]) + HandleHeap::cost).text, HandleHeap::cost);
    draw(house);
    for (std::size_t piece = 1; piece < sizes.size(); ++piece)
        house.move_in(static_cast<char>('A' + piece), sizes[piece]);
    output.add(text::full);
    draw(house);
    for (const char letter : {'B', 'D', 'F', 'H', 'J'}) house.move_out(letter);
    output.add(text::gaps);
    draw(house);
    house.move_in('K', size_of_k);
    house.move_in('L', size_of_l);
    output.add(text::two_more, size_of_k, size_of_l);
    draw(house);
    ask_for_m(house);
    tidy(house);
    ask_for_m(house);
    output.write();
}

void compare(std::size_t bytes)
{
    constexpr std::size_t requests = 5000, width = 16;
    output.add(text::same, requests);
    std::size_t end = width;
    for (const char *title : text::titles) {
        output.fill_to((end += width) - columns_of(translated(title)));
        output.add(Style::faint, "%s", translated(title));
    }
    std::array<Workload, 3> results;
    for (const Policy policy : {Policy::first_fit, Policy::next_fit, Policy::best_fit}) {
        BreakRoom room(bytes);
        const auto index = static_cast<std::size_t>(policy);
        const Workload &seen = results[index] = heap::play(room, policy, bytes, requests);
        output.add("\n%s", translated(text::policies[index]));
        output.fill_to(width);
        output.add("%16lu%16.2f%14.1f %%%14.1f %%", seen.refused, seen.looked_at, seen.utilisation * 100,
                   seen.fragmentation * 100);
    }
    const auto least = [&](auto figure) {
        return translated(text::policies[std::ranges::min_element(results, {}, figure) - results.begin()]);
    };
    output.add("\n");
    output.add(Style::faint, text::averages);
    output.add(text::fewest, least(&Workload::refused), least(&Workload::looked_at));
    output.write();
}

} // namespace

int main(int argc, char **argv)
{
    constexpr std::array names{"first", "next", "best"};
    const char *const wanted = argc > 1 ? argv[1] : names[0];
    const auto name =
        std::ranges::find_if(names, [&](const char *each) { return std::strcmp(each, wanted) == 0; });
    if (name == names.end() || argc > 3) {
        std::fprintf(stderr, "%s\n", translated(text::usage));
        return 2;
    }
    const std::size_t bytes = number_argument(argc, argv, 2, 64, 4, 16384, text::usage) * 1024;
    furnish(static_cast<Policy>(name - names.begin()), bytes);
    compare(bytes);
}
