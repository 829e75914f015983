#include "lib/visible_text.hpp"

namespace lib {

namespace {

uint8_t byte_at(std::string_view text, size_t at)
{
    return static_cast<uint8_t>(text[at]);
}

// How many bytes the UTF-8 character has that the text begins with (The Unicode Standard, table 3-7); 0: it
// begins with none.
size_t length_of_character(std::string_view text)
{
    const uint8_t first = byte_at(text, 0);
    if (first < 0x80) return 1;
    size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
    // Neither longer than it needs to be, nor a surrogate, nor beyond U+10FFFF.
    const uint8_t second = byte_at(text, 1);
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
        (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((byte_at(text, i) & 0xc0) != 0x80) return 0;
    }
    return length;
}

bool is_control(std::string_view text)
{
    const uint8_t first = byte_at(text, 0);
    return first < 0x20 || first == 0x7f || (first == 0xc2 && byte_at(text, 1) < 0xa0);
}

// How many bytes at the beginning can stay as they are.
size_t visible_part(std::string_view text)
{
    for (size_t at = 0; at < text.size();) {
        std::string_view rest = text.substr(at);
        size_t length = length_of_character(rest);
        if (length == 0 || is_control(rest)) return at;
        at += length;
    }
    return text.size();
}

void put_escape(TextSink &sink, uint8_t byte)
{
    switch (byte) {
    case '\n':
        return sink.put("\\n");
    case '\t':
        return sink.put("\\t");
    case '\r':
        return sink.put("\\r");
    default:
        return format(sink, "\\x{:02x}", byte);
    }
}

} // namespace

void VisibleSink::put(std::string_view text)
{
    while (!text.empty()) {
        size_t visible = visible_part(text);
        if (visible != 0) sink_.put(text.substr(0, visible));
        text.remove_prefix(visible);
        if (text.empty()) return;
        put_escape(sink_, byte_at(text, 0));
        text.remove_prefix(1);
    }
}

} // namespace lib
