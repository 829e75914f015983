// The command line's words, lists and percent codes.
#include "lib/command_line.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

struct Word {
    std::string key, value;
    bool has_value;
    bool operator==(const Word &) const = default;
};

std::vector<Word> words(std::string_view text)
{
    std::vector<Word> all;
    lib::OptionReader reader(text);
    while (auto word = reader.next())
        all.push_back({std::string(word->key), std::string(word->value), word->has_value});
    return all;
}

std::vector<std::string> parts(std::string_view text)
{
    std::vector<std::string> all;
    lib::ListReader reader(text);
    while (auto part = reader.next()) all.emplace_back(*part);
    return all;
}

// The decoded text, or "refused".
std::string decoded(std::string_view text)
{
    std::string to(text.size(), '?');
    auto length = lib::percent_decode(text, to);
    return length ? to.substr(0, *length) : "refused";
}

TEST(OptionReader, separates_words_at_any_blanks)
{
    EXPECT_EQ(words("a=1 b\t c=2\nd\r\n"),
              (std::vector<Word>{{"a", "1", true}, {"b", "", false}, {"c", "2", true}, {"d", "", false}}));
}

TEST(OptionReader, an_empty_line_has_no_words)
{
    EXPECT_TRUE(words("").empty());
    EXPECT_TRUE(words("  \t\n ").empty());
}

TEST(OptionReader, only_the_first_equals_sign_separates)
{
    EXPECT_EQ(words("env=PATH=/bin"), (std::vector<Word>{{"env", "PATH=/bin", true}}));
}

TEST(OptionReader, an_empty_value_differs_from_none)
{
    EXPECT_EQ(words("tty= tty"), (std::vector<Word>{{"tty", "", true}, {"tty", "", false}}));
}

TEST(OptionReader, a_key_may_be_empty_so_that_its_user_can_refuse_it)
{
    EXPECT_EQ(words("=x"), (std::vector<Word>{{"", "x", true}}));
}

TEST(ListReader, parts_between_commas)
{
    EXPECT_EQ(parts("/bin/true,a,b"), (std::vector<std::string>{"/bin/true", "a", "b"}));
    EXPECT_EQ(parts("one"), (std::vector<std::string>{"one"}));
}

TEST(ListReader, empty_parts_count)
{
    EXPECT_EQ(parts(""), (std::vector<std::string>{""}));
    EXPECT_EQ(parts("a,,b,"), (std::vector<std::string>{"a", "", "b", ""}));
}

TEST(PercentDecode, codes_become_bytes)
{
    EXPECT_EQ(decoded("a%20b%2Cc%2cd%25"), "a b,c,d%");
    EXPECT_EQ(decoded("%ff%0A"), "\xff\n");
    EXPECT_EQ(decoded("plain"), "plain");
    EXPECT_EQ(decoded(""), "");
}

TEST(PercentDecode, a_code_is_not_decoded_twice)
{
    EXPECT_EQ(decoded("%2541"), "%41");
}

TEST(PercentDecode, refuses_what_is_no_code)
{
    for (const char *text : {"%", "%2", "a%", "%g0", "%0g", "% 20", "%%20"})
        EXPECT_EQ(decoded(text), "refused") << text;
}

TEST(PercentDecode, refuses_a_zero_byte)
{
    EXPECT_EQ(decoded("a%00b"), "refused");
}

TEST(PercentDecode, may_work_in_place)
{
    std::string text = "%41%42c%44";
    auto length = lib::percent_decode(text, text);
    ASSERT_TRUE(length.has_value());
    EXPECT_EQ(text.substr(0, *length), "ABcD");
}

TEST(ParseDecimal, digits_only)
{
    EXPECT_EQ(lib::parse_decimal("0"), 0u);
    EXPECT_EQ(lib::parse_decimal("0080"), 80u);
    for (const char *text : {"", "-1", "+1", "1 ", "0x10", "1e3", "ten"})
        EXPECT_FALSE(lib::parse_decimal(text).has_value()) << text;
}

TEST(ParseDecimal, refuses_what_does_not_fit)
{
    EXPECT_EQ(lib::parse_decimal("18446744073709551615"), UINT64_MAX);
    EXPECT_FALSE(lib::parse_decimal("18446744073709551616").has_value());
    EXPECT_FALSE(lib::parse_decimal("99999999999999999999").has_value());
}

} // namespace
