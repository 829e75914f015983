// VisibleSink: text that may contain anything, such as names that programs have chosen, as text that can be
// shown: it neither ends the line nor commands the terminal.
//
//     lib::VisibleSink visible(sink);
//     visible.put(name);         // "a\nb\x1b[31m": the backslashes are put
//
// Printable ASCII and well-formed UTF-8 stay as they are. Control characters (those of Unicode, too: U+0080
// to U+009F) and bytes that are no UTF-8 become \n, \t, \r or \x and two digits for each byte.
#pragma once

#include "lib/format.hpp"

namespace lib {

class VisibleSink final : public TextSink {
public:
    explicit VisibleSink(TextSink &sink) : sink_(sink) {}
    // A character must not be divided between two calls.
    void put(std::string_view text) override;

private:
    TextSink &sink_;
};

} // namespace lib
