// Touching regions and drawing what came. See region_table.hpp.
#include "user/demand/region_table.hpp"

#include "user/lib/address.hpp"
#include "user/lib/page_faults.hpp"
#include "user/lib/translation.hpp"

namespace exhibit {

namespace {
constexpr std::size_t before_column = 14, touch_column = 34, faults_column = 47, after_column = 57;

[[gnu::noinline]] void nothing() {}
} // namespace

std::size_t touch_pages(std::uintptr_t start, std::size_t pages, Touch touch)
{
    const std::size_t before = page_faults();
    for (std::uintptr_t at = start; at < start + pages * page_size; at += page_size) {
        switch (touch) {
        case Touch::call:
            reinterpret_cast<void (*)()>(at)();
            break;
        case Touch::read: {
            [[maybe_unused]] const char found = byte_at(at);
            break;
        }
        case Touch::write:
            byte_at(at) = 1;
        }
    }
    return page_faults() - before;
}

RegionTable::RegionTable(Block &block, std::size_t pages) : block_(block), pages_(pages)
{
    // Once without counting, so that the code that counts is in memory.
    static char practice;
    touch_pages(reinterpret_cast<std::uintptr_t>(&nothing), 1, Touch::call);
    touch_pages(address_of(&practice), 1, Touch::read);
    touch_pages(address_of(&practice), 1, Touch::write);

    const auto title = [this](std::size_t column, const char *text) {
        block_.fill_to(column);
        block_.add("%s", text);
    };
    title(2, translated(N_("region")));
    title(before_column, translated(N_("before")));
    title(touch_column, translated(N_("touched by")));
    title(faults_column, translated(N_("faults")));
    title(after_column, translated(N_("after")));
    block_.add("\n");
}

void RegionTable::visit(const char *name, std::uintptr_t start, Touch touch, Style style)
{
    static constexpr const char *words[] = {N_("%zu calls"), N_("%zu reads"), N_("%zu writes")};
    const Squares squares(pages_, style);
    const std::uintptr_t end = start + pages_ * page_size;
    use_small_pages(start, end - start);
    block_.add("  %s", translated(name));
    block_.fill_to(before_column);
    const std::size_t before = squares.draw(block_, start, end);
    const std::size_t took = touch_pages(start, pages_, touch);
    block_.fill_to(touch_column);
    block_.add(words[static_cast<int>(touch)], pages_);
    block_.fill_to(faults_column);
    block_.add(Style::heading, "%6zu", took);
    block_.fill_to(after_column);
    neighbours_came_ |= squares.draw(block_, start, end) > before + took;
    block_.add("\n");
}

} // namespace exhibit
