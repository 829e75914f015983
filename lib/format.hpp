// A small text formatter with std::format's placeholders, for code without an operating system below it.
//
//     char text[80];
//     auto line = lib::format_to(text, "{} frames at {:#x}", count, address);
//
// A placeholder is {} or {:[[fill]align][#][0][width][type]}: align < > ^; type d x X b o c s; # writes 0x
// (0b, 0). Format strings are checked when compiled: the number of placeholders and whether each type fits
// its argument. Own types are formatted by giving them, in their namespace, void
// format_argument(lib::TextSink &, const Type &).
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace lib {

// Where text goes, piece by piece.
class TextSink {
public:
    virtual void put(std::string_view text) = 0;

protected:
    ~TextSink() = default;
};

// Text into a fixed array; what does not fit is dropped and remembered.
class BufferSink final : public TextSink {
public:
    explicit BufferSink(std::span<char> buffer) : buffer_(buffer) {}
    void put(std::string_view text) override;
    std::string_view text() const { return {buffer_.data(), used_}; }
    bool overflowed() const { return overflowed_; }

private:
    std::span<char> buffer_;
    size_t used_ = 0;
    bool overflowed_ = false;
};

// One argument with its type forgotten, so that the formatter is compiled once.
struct FormatArgument {
    enum class Kind : uint8_t { Signed, Unsigned, Boolean, Character, Text, Pointer, Custom };
    using CustomWriter = void (*)(TextSink &, const void *);

    Kind kind;
    union {
        int64_t signed_value;
        uint64_t unsigned_value;
        std::string_view text;
        const void *pointer;
        struct {
            const void *object;
            CustomWriter write;
        } custom;
    };
};

template <typename T>
concept HasFormatArgument = requires(TextSink &sink, const T &value)
{
    format_argument(sink, value);
};

namespace detail {

using Kind = FormatArgument::Kind;

template <typename T> consteval Kind kind_of()
{
    using Bare = std::remove_cvref_t<T>;
    if constexpr (HasFormatArgument<Bare>)
        return Kind::Custom;
    else if constexpr (std::same_as<Bare, bool>)
        return Kind::Boolean;
    else if constexpr (std::same_as<Bare, char>)
        return Kind::Character;
    else if constexpr (std::convertible_to<const Bare &, std::string_view>)
        return Kind::Text;
    else if constexpr (std::is_pointer_v<Bare>)
        return Kind::Pointer;
    else if constexpr (std::unsigned_integral<Bare>)
        return Kind::Unsigned;
    else {
        static_assert(std::signed_integral<Bare>,
                      "this type cannot be formatted: write format_argument for it");
        return Kind::Signed;
    }
}

template <typename T> FormatArgument make_argument(const T &value)
{
    constexpr Kind kind = kind_of<T>();
    FormatArgument argument{.kind = kind, .unsigned_value = 0};
    if constexpr (kind == Kind::Custom) {
        argument.custom.object = &value;
        argument.custom.write = [](TextSink &sink, const void *object) {
            format_argument(sink, *static_cast<const T *>(object));
        };
    } else if constexpr (kind == Kind::Text) {
        argument.text = std::string_view(value);
    } else if constexpr (kind == Kind::Pointer) {
        argument.pointer = value;
    } else if constexpr (kind == Kind::Signed) {
        argument.signed_value = value;
    } else {
        // A character keeps its low byte, which is all that is printed of it.
        argument.unsigned_value = static_cast<uint64_t>(value); // NOLINT(bugprone-signed-char-misuse)
    }
    return argument;
}

// Never defined: reaching one while a format string is checked stops the compiler with its name.
void format_string_has_more_placeholders_than_arguments();
void format_string_has_fewer_placeholders_than_arguments();
void format_string_has_an_unmatched_brace();
void format_type_does_not_fit_the_argument();

consteval bool type_fits(char type, Kind kind)
{
    switch (type) {
    case 'd':
    case 'x':
    case 'X':
    case 'b':
    case 'o':
        return kind == Kind::Signed || kind == Kind::Unsigned || kind == Kind::Character;
    case 'c':
        return kind == Kind::Character;
    case 's':
        return kind == Kind::Text || kind == Kind::Boolean || kind == Kind::Custom;
    default:
        return true; // a digit, an alignment, or nothing: no type was given
    }
}

consteval void check(std::string_view format, std::span<const Kind> kinds)
{
    size_t next = 0;
    for (size_t i = 0; i < format.size(); i++) {
        if (format[i] != '{' && format[i] != '}') continue;
        if (i + 1 < format.size() && format[i + 1] == format[i]) {
            i++;
            continue;
        }
        size_t close = format.find('}', i);
        if (format[i] == '}' || close == std::string_view::npos) format_string_has_an_unmatched_brace();
        if (next == kinds.size()) format_string_has_more_placeholders_than_arguments();
        if (close > i + 1 && !type_fits(format[close - 1], kinds[next]))
            format_type_does_not_fit_the_argument();
        next++;
        i = close;
    }
    if (next != kinds.size()) format_string_has_fewer_placeholders_than_arguments();
}

} // namespace detail

// A format string that was checked against its arguments when compiled.
template <typename... Arguments> class CheckedFormat {
public:
    template <typename Text>
    requires std::convertible_to<const Text &, std::string_view>
    consteval CheckedFormat(const Text &text) : text_(text)
    {
        constexpr FormatArgument::Kind kinds[] = {detail::kind_of<Arguments>()...,
                                                  FormatArgument::Kind::Signed};
        detail::check(text_, std::span<const FormatArgument::Kind>(kinds, sizeof...(Arguments)));
    }
    constexpr std::string_view text() const { return text_; }

private:
    std::string_view text_;
};

template <typename... Arguments> using FormatString = CheckedFormat<std::type_identity_t<Arguments>...>;

void format_arguments(TextSink &sink, std::string_view format, std::span<const FormatArgument> arguments);

template <typename... Arguments>
void format(TextSink &sink, FormatString<Arguments...> text, const Arguments &...arguments)
{
    const FormatArgument list[] = {detail::make_argument(arguments)..., FormatArgument{}};
    format_arguments(sink, text.text(), std::span<const FormatArgument>(list, sizeof...(Arguments)));
}

// Into `buffer`, without a final zero byte; what does not fit is dropped. Returns what was written.
template <typename... Arguments>
std::string_view format_to(std::span<char> buffer, FormatString<Arguments...> text,
                           const Arguments &...arguments)
{
    BufferSink sink(buffer);
    format(sink, text, arguments...);
    return sink.text();
}

} // namespace lib
