// The table of changes. See change_table.hpp.
#include "user/malloc/change_table.hpp"

#include "user/lib/address.hpp"
#include "user/lib/number.hpp"
#include "user/lib/translation.hpp"

#include <cstring>

namespace exhibit {

namespace {

constexpr std::size_t break_column = 60, mapped_column = 78; // where they end

void add_change(Block &block, std::size_t column, std::uintptr_t from, std::uintptr_t to)
{
    const NumberText number = grouped(to < from ? from - to : to - from);
    block.fill_to(column - std::strlen(number.text) - 1);
    block.add("%c%s", to < from ? '-' : '+', number.text);
}

} // namespace

void ChangeTable::end_title(const char *by_break, const char *by_mmap)
{
    block_.fill_to(break_column - columns_of(by_break));
    block_.add(Style::heap, "%s", by_break);
    block_.fill_to(mapped_column - columns_of(by_mmap));
    block_.add(Style::mapping, "%s\n", by_mmap);
    block_.fill_to(mapped_column, glyph("─", "-"), Style::faint);
    block_.add("\n");
}

std::ptrdiff_t ChangeTable::end_row()
{
    const Holdings now = present_holdings();
    add_change(block_, break_column, before_.program_break, now.program_break);
    add_change(block_, mapped_column, before_.mapped, now.mapped);
    block_.add("\n");
    const std::size_t fewer = before_.program_break + before_.mapped - now.program_break - now.mapped;
    before_ = now;
    return static_cast<std::ptrdiff_t>(fewer);
}

std::ptrdiff_t ChangeTable::row(const char *title)
{
    block_.add("%s", translated(title));
    return end_row();
}

ChangeTable::Place ChangeTable::place_of(const void *block) const
{
    const Holdings now = present_holdings();
    const std::uintptr_t address = address_of(block);
    return address >= now.program_break ? Place::mapped
           : address >= now.heap_start  ? Place::heap
                                        : Place::data;
}

} // namespace exhibit
