// Boxes and bars. See drawing.hpp.
#include "user/pool/drawing.hpp"

#include "user/lib/address.hpp"
#include "user/lib/number.hpp"
#include "user/lib/processes.hpp"
#include "user/lib/translation.hpp"

#include <algorithm>
#include <cstdio>

namespace exhibit {

namespace text {
constexpr char legend[] = N_("%s 1 MiB in memory   %s 1 MiB on swap\n");
constexpr char in_memory[] = N_("in memory"), on_swap[] = N_("on swap");
} // namespace text

namespace {

constexpr std::size_t left = 2, columns = 76;

// Each box ends one column before the next one's beginning, where the line between them is.
struct Boxes {
    explicit Boxes(const PoolState &pool)
    {
        std::size_t kib = 0;
        for (const Extent &extent : pool.extents) {
            at.push_back(left + kib * columns / pool.kib);
            kib += extent.kib;
        }
        at.push_back(left + columns);
        for (std::size_t i = 1; i < at.size(); ++i) at[i] = std::max(at[i], at[i - 1] + 2);
    }
    std::vector<std::size_t> at;

    std::size_t room(std::size_t box) const { return at[box + 1] - at[box] - 1; }
};

// corner ─ ┬ ─ corner
void draw_edge(Block &block, const Boxes &boxes, const char *first, const char *between, const char *last)
{
    block.fill_to(left);
    for (std::size_t box = 0; box + 1 < boxes.at.size(); ++box) {
        block.add(Style::faint, "%s", box == 0 ? first : between);
        block.fill_to(boxes.at[box + 1], glyph("─", "-"), Style::faint);
    }
    block.add(Style::faint, "%s", last);
    block.add("\n");
}

template <typename Words>
void draw_row(Block &block, const PoolState &pool, const Boxes &boxes, Words &&words)
{
    block.fill_to(left);
    for (std::size_t box = 0; box < pool.extents.size(); ++box) {
        const Extent &extent = pool.extents[box];
        block.add(Style::faint, "%s", glyph("│", "|"));
        const std::string text = words(extent, boxes.room(box));
        block.add(extent.is_hole() ? Style::normal : Style::heap, "%s", text.c_str());
        block.fill_to(boxes.at[box + 1], extent.is_hole() ? glyph("░", ".") : " ", Style::faint);
    }
    block.add(Style::faint, "%s", glyph("│", "|"));
    block.add("\n");
}

std::string mib(std::size_t kib, std::size_t room)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", static_cast<double>(kib) / 1024);
    return columns_of(text) <= room ? text : "";
}

} // namespace

void draw_pool(Block &block, const PoolState &pool)
{
    const Boxes boxes(pool);
    draw_edge(block, boxes, glyph("┌", "+"), glyph("┬", "+"), glyph("┐", "+"));
    draw_row(block, pool, boxes,
             [](const Extent &extent, std::size_t room) { return extent.name.substr(0, room); });
    draw_row(block, pool, boxes,
             [](const Extent &extent, std::size_t room) { return mib(extent.kib, room); });
    draw_edge(block, boxes, glyph("└", "+"), glyph("┴", "+"), glyph("┘", "+"));
}

std::size_t draw_processes(Block &block, const std::vector<Tenant> &tenants)
{
    constexpr std::size_t bar = 10, frames_end = 52, slots_end = 66, pages_per_mib = (1 << 20) / page_size;
    const auto right = [&](std::size_t end, const char *words) {
        block.fill_to(end - columns_of(words));
        block.add("%s", words);
    };
    block.add("  ");
    block.add(text::legend, glyph("█", "#"), glyph("▒", "+"));
    right(frames_end, translated(text::in_memory));
    right(slots_end, translated(text::on_swap));
    block.add("\n");
    std::size_t all = 0;
    for (const Tenant &tenant : tenants) {
        const Paging now = paging_of(tenant.pid);
        const auto part = [&](std::size_t pages) { return (pages + pages_per_mib / 2) / pages_per_mib; };
        block.add("  %s", tenant.name.c_str());
        block.fill_to(bar);
        block.fill_to(bar + part(now.frames), glyph("█", "#"), Style::heap);
        block.fill_to(bar + part(now.frames + now.slots), glyph("▒", "+"), Style::statics);
        right(frames_end, size_text(now.frames * page_size).text);
        right(slots_end, size_text(now.slots * page_size).text);
        block.add("\n");
        all += now.frames;
    }
    return all * page_size / 1024;
}

} // namespace exhibit
