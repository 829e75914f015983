// Blocks of text: collecting, colouring, measuring, writing. See block.hpp.
#include "user/lib/block.hpp"

#include "user/lib/translation.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace exhibit {

namespace {

// ECMA-48 "select graphic rendition". The sixteen named colours follow the reader's own terminal theme.
const char *escape(Style style)
{
    switch (style) {
    case Style::normal:
        return "";
    case Style::heading:
        return "\033[1m";
    case Style::faint:
        return "\033[2m";
    case Style::stack:
        return "\033[36m";
    case Style::mapping:
        return "\033[35m";
    case Style::heap:
        return "\033[32m";
    case Style::statics:
        return "\033[33m";
    case Style::constants:
        return "\033[34m";
    case Style::text:
        return "\033[94m";
    case Style::alarm:
        return "\033[31m";
    }
    return "";
}

constexpr const char *reset = "\033[0m";

// East Asian wide characters and forms (Unicode Standard Annex 11), as far as Chinese text needs them.
bool is_wide(unsigned code_point)
{
    return (code_point >= 0x2e80 && code_point <= 0xa4cf) || (code_point >= 0xf900 && code_point <= 0xfaff) ||
           (code_point >= 0xff00 && code_point <= 0xff60);
}

// The columns `bytes` (UTF-8 with colour escapes) take on a terminal.
std::size_t columns(const char *bytes, std::size_t count)
{
    std::size_t width = 0;
    for (std::size_t at = 0; at < count;) {
        const auto first = static_cast<unsigned char>(bytes[at]);
        if (first == '\033') {
            while (at < count && bytes[at] != 'm') ++at;
            ++at;
            continue;
        }
        const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        unsigned code_point = length == 1 ? first : first & (0x7fu >> length);
        for (std::size_t next = 1; next < length && at + next < count; ++next)
            code_point = code_point << 6 | (static_cast<unsigned char>(bytes[at + next]) & 0x3f);
        width += is_wide(code_point) ? 2 : 1;
        at += length;
    }
    return width;
}

} // namespace

bool on_terminal()
{
    static const bool answer = [] {
        const char *kind = std::getenv("TERM");
        return isatty(1) == 1 && !(kind && std::strcmp(kind, "dumb") == 0);
    }();
    return answer;
}

std::size_t columns_of(const char *text)
{
    return columns(text, std::strlen(text));
}

const char *glyph(const char *drawn, const char *plain)
{
    return on_terminal() ? drawn : plain;
}

void Block::append(const char *bytes, std::size_t count)
{
    if (count > sizeof bytes_ - used_) count = sizeof bytes_ - used_;
    std::memcpy(bytes_ + used_, bytes, count);
    used_ += count;
}

void Block::add(const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text, sizeof text, translated(format), arguments);
    va_end(arguments);
    append(text, std::strlen(text));
}

void Block::add(Style style, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text, sizeof text, translated(format), arguments);
    va_end(arguments);
    // No colour lasts beyond its line: a pager or another program's line may follow.
    const char *colour = on_terminal() ? escape(style) : "";
    for (const char *line = text; *line;) {
        const std::size_t length = std::strcspn(line, "\n");
        const bool coloured = *colour && length > 0;
        if (coloured) append(colour, std::strlen(colour));
        append(line, length);
        if (coloured) append(reset, std::strlen(reset));
        line += length;
        const std::size_t ends = std::strspn(line, "\n");
        append(line, ends);
        line += ends;
    }
}

std::size_t Block::present_column() const
{
    std::size_t start = used_;
    while (start > 0 && bytes_[start - 1] != '\n') --start;
    return columns(bytes_ + start, used_ - start);
}

void Block::fill_to(std::size_t column, const char *piece, Style style)
{
    char text[1024] = "";
    std::size_t length = 0;
    const std::size_t piece_length = std::strlen(piece);
    for (std::size_t at = present_column(); at < column && length + piece_length < sizeof text; ++at) {
        std::memcpy(text + length, piece, piece_length + 1);
        length += piece_length;
    }
    if (length > 0) add(style, "%s", text);
}

void Block::write()
{
    for (std::size_t sent = 0; sent < used_;) {
        const ssize_t count = ::write(1, bytes_ + sent, used_ - sent);
        if (count < 0) std::_Exit(1); // no reader: nobody is left to be told
        sent += static_cast<std::size_t>(count);
    }
    used_ = 0;
}

} // namespace exhibit
