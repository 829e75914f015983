// Looking and drawing. See observer.hpp.
#include "user/swap/observer.hpp"

#include "user/lib/formatted.hpp"
#include "user/lib/number.hpp"
#include "user/lib/translation.hpp"

#include <algorithm>
#include <string>
#include <thread>
#include <unistd.h>

namespace exhibit {

namespace text {
constexpr char moved[] = N_("%6.2f s  %s; since the last picture %s pages out, %s in\n");
constexpr char process[] = N_("process"), frames[] = N_("frames"), slots[] = N_("slots"),
               minor[] = N_("minor"), major[] = N_("major"), waits[] = N_("waits");
constexpr char looks[] = N_("looks"), waiting[] = N_("%zu of %zu");
} // namespace text

namespace {

constexpr std::size_t bar_column = 10, bar_columns = 28;

void add_right(Block &block, std::size_t column, const char *words)
{
    block.fill_to(column - columns_of(words));
    block.add("%s", words);
}

} // namespace

Observer::Observer(const std::vector<pid_t> &members, std::size_t pages)
    : members_(members), pages_(pages), looks_(members.size()), before_(pages_moved()),
      start_(std::chrono::steady_clock::now())
{}

void Observer::look()
{
    // In the middle of its own work it would always find the others at the same point of theirs.
    std::this_thread::sleep_for(std::chrono::milliseconds(4));
    for (std::size_t member = 0; member < members_.size(); ++member) {
        if (members_[member] == getpid()) continue; // who looks does not wait
        ++looks_[member].all;
        looks_[member].waiting += paging_of(members_[member]).state == 'D';
    }
}

void Observer::draw_line(Block &block, std::size_t member)
{
    const Paging now = paging_of(members_[member]);
    const auto part = [&](std::size_t pages) { return (pages * bar_columns + pages_ / 2) / pages_; };
    const std::size_t in_memory = std::min(part(now.frames), bar_columns),
                      known = std::min(part(now.frames + now.slots), bar_columns);
    add_right(block, bar_column - 1, std::to_string(members_[member]).c_str());
    block.fill_to(bar_column);
    block.fill_to(bar_column + in_memory, glyph("█", "#"), Style::heap);
    block.fill_to(bar_column + known, glyph("▒", "+"), Style::statics);
    block.fill_to(bar_column + bar_columns, glyph("░", "."), Style::faint);
    add_right(block, 46, grouped(now.frames).text);
    add_right(block, 54, grouped(now.slots).text);
    add_right(block, 62, grouped(now.minor_faults).text);
    add_right(block, 69, grouped(now.major_faults).text);
    Looks &looks = looks_[member];
    if (members_[member] == getpid()) {
        add_right(block, 79, translated(text::looks));
    } else {

        add_right(block, 79, formatted(text::waiting, looks.waiting, looks.all).c_str());
    }
    block.add("\n");
    looks = {};
}

void Observer::draw(Block &block, const char *title)
{
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
    const PagesMoved now = pages_moved();
    block.add("\n");
    block.add(Style::heading, text::moved, passed.count(), translated(title),
              grouped(now.out - before_.out).text, grouped(now.in - before_.in).text);
    before_ = now;
    add_right(block, bar_column - 1, translated(text::process));
    for (const auto &[column, words] : {std::pair{46, text::frames},
                                        {54, text::slots},
                                        {62, text::minor},
                                        {69, text::major},
                                        {79, text::waits}})
        add_right(block, static_cast<std::size_t>(column), translated(words));
    block.add("\n");
    for (std::size_t member = 0; member < members_.size(); ++member) draw_line(block, member);
}

} // namespace exhibit
