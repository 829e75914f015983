// A block of text an exhibit shows at once: coloured and drawn on a terminal, plain ASCII anywhere else.
//
// A block leaves by one write(2), so two programs on one console do not mix their lines. It allocates
// nothing: an exhibit about the heap must not move the heap by talking about it.
#pragma once

#include <cstddef>

namespace exhibit {

// One colour for each part of the address space, the same in every exhibit.
enum class Style { normal, heading, faint, stack, mapping, heap, statics, constants, text, alarm };

// Whether standard output is a terminal that draws (not TERM=dumb).
bool on_terminal();

// A piece of a drawing: `drawn` on a terminal, `plain` elsewhere. Both must be equally wide.
const char *glyph(const char *drawn, const char *plain);

// The columns that UTF-8 text takes on a terminal: escape sequences none, a Chinese character two.
std::size_t columns_of(const char *text);

class Block {
public:
    // Appends text as printf(3) does. The format is translated (translation.hpp), the arguments are not.
    void add(const char *format, ...) __attribute__((format(printf, 2, 3)));
    void add(Style style, const char *format, ...) __attribute__((format(printf, 3, 4)));

    // Repeats `piece` until the present line is `column` columns wide, as columns_of() counts them.
    void fill_to(std::size_t column, const char *piece = " ", Style style = Style::normal);

    // Sends the text to standard output and empties the block. What does not fit into a block is a mistake
    // of the exhibit: it is cut, never overrun.
    void write();

private:
    void append(const char *bytes, std::size_t count);
    std::size_t present_column() const;

    char bytes_[16384];
    std::size_t used_ = 0;
};

} // namespace exhibit
