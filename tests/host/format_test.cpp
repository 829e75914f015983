// lib::format: placeholders, and what happens at the edges of the buffer.
#include "lib/format.hpp"

#include <gtest/gtest.h>

#include <string>

namespace shapes {

struct Point {
    int x, y;
};
void format_argument(lib::TextSink &sink, const Point &point)
{
    lib::format(sink, "({}, {})", point.x, point.y);
}

} // namespace shapes

namespace {

template <typename... Arguments>
std::string made(lib::FormatString<Arguments...> text, const Arguments &...arguments)
{
    char buffer[400];
    return std::string(lib::format_to(buffer, text, arguments...));
}

TEST(Format, TextStaysAsItIsAndDoubledBracesAreBraces)
{
    EXPECT_EQ(made(""), "");
    EXPECT_EQ(made("plain"), "plain");
    EXPECT_EQ(made("{{}} and }}{{"), "{} and }{");
    EXPECT_EQ(made("{{{}}}", 5), "{5}");
}

TEST(Format, EveryKindOfArgument)
{
    EXPECT_EQ(made("{} {} {}", 1, -2, 3u), "1 -2 3");
    EXPECT_EQ(made("{}", true), "true");
    EXPECT_EQ(made("{}", 'c'), "c");
    EXPECT_EQ(made("{:d}", 'A'), "65");
    EXPECT_EQ(made("{} {}", "array", std::string_view("view")), "array view");
    const char *pointer_to_text = "pointer";
    EXPECT_EQ(made("{}", pointer_to_text), "pointer");
    EXPECT_EQ(made("{}", reinterpret_cast<const void *>(0xbeef)), "0xbeef");
    EXPECT_EQ(made("at {}!", shapes::Point{3, -4}), "at (3, -4)!");
    EXPECT_EQ(made("[{:>8}]", shapes::Point{3, 4}), "[  (3, 4)]");
}

TEST(Format, TheLimitsOfIntegers)
{
    EXPECT_EQ(made("{}", INT64_MIN), "-9223372036854775808");
    EXPECT_EQ(made("{}", INT64_MAX), "9223372036854775807");
    EXPECT_EQ(made("{}", UINT64_MAX), "18446744073709551615");
    EXPECT_EQ(made("{:b}", UINT64_MAX), std::string(64, '1'));
    EXPECT_EQ(made("{:x} {:x}", 0, int8_t{-1}), "0 -1");
}

TEST(Format, BasesAndTheirMarks)
{
    EXPECT_EQ(made("{:x} {:X} {:b} {:o} {:d}", 255, 255, 5, 8, 9), "ff FF 101 10 9");
    EXPECT_EQ(made("{:#x} {:#X} {:#b} {:#o}", 255, 255, 5, 8), "0xff 0XFF 0b101 010");
    EXPECT_EQ(made("{:#x}", -255), "-0xff");
}

TEST(Format, WidthAlignmentAndFill)
{
    EXPECT_EQ(made("[{:5}] [{:5}]", 42, "ab"), "[   42] [ab   ]");
    EXPECT_EQ(made("[{:<5}] [{:>5}] [{:^5}]", 42, "ab", "abc"), "[42   ] [   ab] [ abc ]");
    EXPECT_EQ(made("[{:*^6}]", "abc"), "[*abc**]");
    EXPECT_EQ(made("[{:2}]", "longer"), "[longer]");
    EXPECT_EQ(made("{:05} {:05} {:#06x} {:016x}", 42, -42, 0xab, 0x1234u),
              "00042 -0042 0x00ab 0000000000001234");
}

TEST(Format, WhatDoesNotFitIsDroppedAndRemembered)
{
    char buffer[4];
    lib::BufferSink sink(buffer);
    lib::format(sink, "{}", 1234);
    EXPECT_EQ(sink.text(), "1234");
    EXPECT_FALSE(sink.overflowed());
    lib::format(sink, "5");
    EXPECT_EQ(sink.text(), "1234");
    EXPECT_TRUE(sink.overflowed());
    EXPECT_EQ(lib::format_to(std::span<char>(), "{}", 7), "");
}

} // namespace
