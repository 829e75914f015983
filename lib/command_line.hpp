// Reads a kernel command line: words separated by blanks, each KEY or KEY=VALUE; in a value %XX is the byte
// with that hexadecimal code, so that blanks, commas and percent signs can be said.
//
//     lib::OptionReader options(text);
//     while (auto option = options.next()) use(option->key, option->value);
//
// Nothing is copied: keys and values are views into the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace lib {

struct OptionWord {
    std::string_view key;
    std::string_view value; // still encoded; empty when there is no '='
    bool has_value = false;
};

class OptionReader {
public:
    explicit OptionReader(std::string_view text) : rest_(text) {}
    std::optional<OptionWord> next();

private:
    std::string_view rest_;
};

// The parts of a value between commas: "a,,b" has three, "" has one.
class ListReader {
public:
    explicit ListReader(std::string_view text) : rest_(text) {}
    std::optional<std::string_view> next();

private:
    std::string_view rest_;
    bool at_end_ = false;
};

// Replaces each %XX. The result is never longer than `text`; `to` must have that much room, and may be where
// `text` is. Nothing when a percent sign is not followed by two hexadecimal digits, or when there is a zero
// byte, which no argument of a program can hold.
std::optional<size_t> percent_decode(std::string_view text, std::span<char> to);

// Decimal digits and nothing else, without overflow.
std::optional<uint64_t> parse_decimal(std::string_view text);

} // namespace lib
