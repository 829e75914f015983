// Boxes for areas. See area_drawing.hpp.
#include "user/lib/area_drawing.hpp"

#include "user/lib/number.hpp"
#include "user/lib/translation.hpp"

namespace exhibit {

namespace {
constexpr std::size_t text_column = 19, about_column = 29, size_column = 58, right_edge = 78;
}

void AreaDrawing::area(const Area &area, const char *title, Style style, const char *words)
{
    const char *edge = glyph("─", "-");
    const bool touches = open_ && area.end == start_;
    if (!touches) gap(area.end, words);
    block_.add("%#16lx ", area.end);
    block_.add(style, "%s%s", touches ? glyph("├", "+") : glyph("┌", "+"), edge);
    block_.add(Style::heading, " %s ", translated(title));
    block_.fill_to(size_column, edge, style);
    block_.add(" %.3s ", area.permissions.c_str());
    block_.add(style, "%s%s", edge, edge);
    block_.add(" %s ", size_text(area.size()).text);
    block_.fill_to(right_edge, edge, style);
    block_.add(style, "%s\n", touches ? glyph("┤", "+") : glyph("┐", "+"));
    style_ = style;
    start_ = area.start;
    open_ = true;
}

void AreaDrawing::line(std::uintptr_t address, const char *name, const char *about)
{
    if (address != 0) block_.add("%#16lx", address);
    block_.fill_to(text_column - 2);
    block_.add(style_, "%s", glyph("│", "|"));
    block_.add(" %s", translated(name));
    block_.fill_to(about_column);
    block_.add("%s", translated(about));
    block_.fill_to(right_edge);
    block_.add(style_, "%s\n", glyph("│", "|"));
}

void AreaDrawing::gap(std::uintptr_t end, const char *words)
{
    close();
    if (start_ == 0) return;
    block_.fill_to(text_column);
    block_.add(Style::faint, words, size_text(start_ - end).text);
    block_.add("\n");
}

void AreaDrawing::close()
{
    if (!open_) return;
    block_.add("%#16lx ", start_);
    block_.add(style_, "%s", glyph("└", "+"));
    block_.fill_to(right_edge, glyph("─", "-"), style_);
    block_.add(style_, "%s\n", glyph("┘", "+"));
    open_ = false;
}

} // namespace exhibit
