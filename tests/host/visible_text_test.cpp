// lib::VisibleSink: what is shown as it is, and what is escaped.
#include "lib/visible_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

std::string shown(std::string_view text)
{
    char buffer[1200];
    lib::BufferSink sink(buffer);
    lib::VisibleSink visible(sink);
    visible.put(text);
    return std::string(sink.text());
}

TEST(VisibleText, TextStaysAsItIs)
{
    EXPECT_EQ(shown(""), "");
    EXPECT_EQ(shown("a name, with spaces ~ and \\ {}"), "a name, with spaces ~ and \\ {}");
    EXPECT_EQ(shown("größe 字 𝄞 \u00a0\uffff\U0010ffff"), "größe 字 𝄞 \u00a0\uffff\U0010ffff");
}

TEST(VisibleText, ControlCharactersAreEscaped)
{
    EXPECT_EQ(shown("a\nb\tc\rd"), "a\\nb\\tc\\rd");
    EXPECT_EQ(shown("\x1b[31mred\x1b[0m"), "\\x1b[31mred\\x1b[0m");
    EXPECT_EQ(shown(std::string_view("\0\x01\x1f\x7f", 4)), "\\x00\\x01\\x1f\\x7f");
    EXPECT_EQ(shown("\u0080\u009b\u009f"), "\\xc2\\x80\\xc2\\x9b\\xc2\\x9f");
}

TEST(VisibleText, WhatIsNoUtf8IsEscaped)
{
    EXPECT_EQ(shown("\x80|\xbf|\xff"), "\\x80|\\xbf|\\xff");
    EXPECT_EQ(shown("\xc0\xaf|\xc1\xbf"), "\\xc0\\xaf|\\xc1\\xbf"); // longer than needed
    EXPECT_EQ(shown("\xe0\x9f\xbf|\xf0\x8f\xbf\xbf"), "\\xe0\\x9f\\xbf|\\xf0\\x8f\\xbf\\xbf");
    EXPECT_EQ(shown("\xed\xa0\x80"), "\\xed\\xa0\\x80"); // a surrogate
    EXPECT_EQ(shown("\xf4\x90\x80\x80|\xf5\x80\x80\x80"), "\\xf4\\x90\\x80\\x80|\\xf5\\x80\\x80\\x80");
    EXPECT_EQ(shown("\xc3"), "\\xc3"); // cut off
    EXPECT_EQ(shown("\xe5\xad"), "\\xe5\\xad");
    EXPECT_EQ(shown("\xc3(\xe5\xad("), "\\xc3(\\xe5\\xad(");
    EXPECT_EQ(shown("ö\xc3ö"), "ö\\xc3ö");
}

TEST(VisibleText, EveryByteAloneIsOneLineOfPrintableText)
{
    for (int byte = 0; byte < 256; byte++) {
        char c = static_cast<char>(byte);
        for (char each : shown({&c, 1})) EXPECT_TRUE(each >= 0x20 && each < 0x7f) << byte;
    }
}

} // namespace
