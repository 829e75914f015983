#include "lib/command_line.hpp"

namespace lib {

namespace {

// A file of options may have lines.
constexpr std::string_view Blanks = " \t\r\n";

std::optional<unsigned> hexadecimal_digit(char digit)
{
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return std::nullopt;
}

} // namespace

std::optional<OptionWord> OptionReader::next()
{
    size_t begin = rest_.find_first_not_of(Blanks);
    if (begin == std::string_view::npos) return std::nullopt;
    rest_.remove_prefix(begin);

    std::string_view word = rest_.substr(0, rest_.find_first_of(Blanks));
    rest_.remove_prefix(word.size());

    size_t equals = word.find('=');
    if (equals == std::string_view::npos) return OptionWord{word, {}, false};
    return OptionWord{word.substr(0, equals), word.substr(equals + 1), true};
}

std::optional<std::string_view> ListReader::next()
{
    if (at_end_) return std::nullopt;
    size_t comma = rest_.find(',');
    std::string_view part = rest_.substr(0, comma);
    if (comma == std::string_view::npos)
        at_end_ = true;
    else
        rest_.remove_prefix(comma + 1);
    return part;
}

std::optional<size_t> percent_decode(std::string_view text, std::span<char> to)
{
    size_t length = 0;
    for (size_t i = 0; i < text.size(); i++) {
        char byte = text[i];
        if (byte == '%') {
            if (text.size() - i < 3) return std::nullopt;
            auto high = hexadecimal_digit(text[i + 1]);
            auto low = hexadecimal_digit(text[i + 2]);
            if (!high || !low) return std::nullopt;
            byte = static_cast<char>(*high << 4 | *low);
            i += 2;
        }
        if (byte == '\0') return std::nullopt;
        to[length++] = byte;
    }
    return length;
}

std::optional<uint64_t> parse_decimal(std::string_view text)
{
    if (text.empty()) return std::nullopt;
    uint64_t value = 0;
    for (char digit : text) {
        if (digit < '0' || digit > '9') return std::nullopt;
        if (__builtin_mul_overflow(value, 10, &value)) return std::nullopt;
        if (__builtin_add_overflow(value, static_cast<uint64_t>(digit - '0'), &value)) return std::nullopt;
    }
    return value;
}

} // namespace lib
