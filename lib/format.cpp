// The formatter's one compiled body.
#include "lib/format.hpp"

#include <algorithm>

namespace lib {

namespace {

using Kind = FormatArgument::Kind;

// What stands between ':' and '}'.
struct Specification {
    char fill = ' ';
    char alignment = 0; // < > ^, or 0: the kind's own
    bool alternate = false;
    bool zero_padded = false;
    size_t width = 0;
    char type = 0;
};

bool is_alignment(char c)
{
    return c == '<' || c == '>' || c == '^';
}

Specification parse(std::string_view text)
{
    Specification spec;
    if (text.size() >= 2 && is_alignment(text[1])) {
        spec.fill = text[0];
        spec.alignment = text[1];
        text.remove_prefix(2);
    } else if (!text.empty() && is_alignment(text[0])) {
        spec.alignment = text[0];
        text.remove_prefix(1);
    }
    if (!text.empty() && text[0] == '#') {
        spec.alternate = true;
        text.remove_prefix(1);
    }
    if (!text.empty() && text[0] == '0') {
        spec.zero_padded = true;
        text.remove_prefix(1);
    }
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
        spec.width = std::min<size_t>(spec.width * 10 + static_cast<size_t>(text[0] - '0'), 1000);
        text.remove_prefix(1);
    }
    if (!text.empty()) spec.type = text[0];
    return spec;
}

void put_repeated(TextSink &sink, char c, size_t count)
{
    for (; count > 0; count--) sink.put({&c, 1});
}

void put_padded(TextSink &sink, std::string_view text, const Specification &spec, char default_alignment)
{
    size_t missing = spec.width > text.size() ? spec.width - text.size() : 0;
    char alignment = spec.alignment != 0 ? spec.alignment : default_alignment;
    size_t before = alignment == '>' ? missing : alignment == '^' ? missing / 2 : 0;
    put_repeated(sink, spec.fill, before);
    sink.put(text);
    put_repeated(sink, spec.fill, missing - before);
}

void put_number(TextSink &sink, uint64_t magnitude, bool negative, const Specification &spec)
{
    unsigned base = 10;
    std::string_view prefix;
    switch (spec.type) {
    case 'x':
    case 'X':
        base = 16;
        prefix = spec.type == 'x' ? "0x" : "0X";
        break;
    case 'b':
        base = 2;
        prefix = "0b";
        break;
    case 'o':
        base = 8;
        prefix = "0";
        break;
    default:
        break;
    }
    const char *digits = spec.type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    char buffer[3 + 64];
    char *const end = buffer + sizeof buffer;
    char *first = end;
    do {
        *--first = digits[magnitude % base];
        magnitude /= base;
    } while (magnitude != 0);

    if (!spec.alternate) prefix = {};
    size_t sign = negative ? 1 : 0;
    if (spec.zero_padded && spec.alignment == 0) { // zeros go between the sign and the digits
        if (negative) sink.put("-");
        sink.put(prefix);
        size_t used = sign + prefix.size() + static_cast<size_t>(end - first);
        put_repeated(sink, '0', spec.width > used ? spec.width - used : 0);
        sink.put({first, static_cast<size_t>(end - first)});
        return;
    }
    first -= prefix.size();
    prefix.copy(first, prefix.size());
    if (negative) *--first = '-';
    put_padded(sink, {first, static_cast<size_t>(end - first)}, spec, '>');
}

void put_argument(TextSink &sink, const FormatArgument &argument, Specification spec)
{
    switch (argument.kind) {
    case Kind::Signed: {
        int64_t value = argument.signed_value;
        uint64_t magnitude = value < 0 ? -static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
        put_number(sink, magnitude, value < 0, spec);
        return;
    }
    case Kind::Unsigned:
        put_number(sink, argument.unsigned_value, false, spec);
        return;
    case Kind::Boolean:
        put_padded(sink, argument.unsigned_value != 0 ? "true" : "false", spec, '<');
        return;
    case Kind::Character: {
        if (spec.type != 0 && spec.type != 'c') {
            put_number(sink, static_cast<unsigned char>(argument.unsigned_value), false, spec);
            return;
        }
        char c = static_cast<char>(argument.unsigned_value);
        put_padded(sink, {&c, 1}, spec, '<');
        return;
    }
    case Kind::Text:
        put_padded(sink, argument.text, spec, '<');
        return;
    case Kind::Pointer:
        spec.type = 'x';
        spec.alternate = true;
        put_number(sink, reinterpret_cast<uintptr_t>(argument.pointer), false, spec);
        return;
    case Kind::Custom: {
        if (spec.width == 0) {
            argument.custom.write(sink, argument.custom.object);
            return;
        }
        char buffer[128]; // to know its length before padding it
        BufferSink text(buffer);
        argument.custom.write(text, argument.custom.object);
        put_padded(sink, text.text(), spec, '<');
        return;
    }
    }
}

} // namespace

void BufferSink::put(std::string_view text)
{
    size_t room = buffer_.size() - used_;
    if (text.size() > room) overflowed_ = true;
    used_ += text.copy(buffer_.data() + used_, room);
}

void format_arguments(TextSink &sink, std::string_view format, std::span<const FormatArgument> arguments)
{
    size_t next = 0;
    while (!format.empty()) {
        size_t brace = format.find_first_of("{}");
        sink.put(format.substr(0, brace));
        if (brace == std::string_view::npos) return;
        format.remove_prefix(brace);
        if (format.size() >= 2 && format[1] == format[0]) { // {{ or }}
            sink.put(format.substr(0, 1));
            format.remove_prefix(2);
            continue;
        }
        // The compiler has checked that a '}' follows and that there is an argument for it.
        size_t close = format.find('}');
        std::string_view inside = format.substr(1, close - 1);
        if (!inside.empty()) inside.remove_prefix(1); // ':'
        put_argument(sink, arguments[next++], parse(inside));
        format.remove_prefix(close + 1);
    }
}

} // namespace lib
