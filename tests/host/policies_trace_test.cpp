// What tools/policies reads: traces, its command line; and the working set, which is counted from the times
// in a trace.
#include "tests/host/random.hpp"
#include "tools/policies/arguments.hpp"
#include "tools/policies/trace.hpp"
#include "tools/policies/working_set.hpp"

#include <gtest/gtest.h>

#include <set>

using namespace policies;

namespace {

using Pages = std::vector<uint32_t>;

// The sentence with which a text is refused; "" when it is a trace.
std::string refusal(std::string_view text)
{
    try {
        parse_trace(text);
    } catch (const TraceError &error) {
        return error.what();
    }
    return "";
}

#define EXPECT_REFUSED(text, sentence)                                                                       \
    EXPECT_NE(refusal(text).find(sentence), std::string::npos) << "it was: \"" << refusal(text) << '"'

std::string usage_error(const std::vector<std::string> &words)
{
    try {
        parse_arguments(words);
    } catch (const UsageError &error) {
        return error.what();
    }
    return "";
}

std::vector<uint32_t> counts(const std::vector<std::string> &words, uint32_t pages)
{
    return frame_counts(parse_arguments(words), pages);
}

} // namespace

// ---- Traces

TEST(TraceTest, pages_are_numbered_in_the_order_of_their_first_use)
{
    Trace trace = parse_trace("7 3 7 0x1f 3\n");
    EXPECT_EQ(trace.references, (Pages{0, 1, 0, 2, 1}));
    EXPECT_EQ(trace.pages, 3u);
    EXPECT_TRUE(trace.times.empty());
}

TEST(TraceTest, decimal_and_hexadecimal_are_the_same_page_written_or_read)
{
    EXPECT_EQ(parse_trace("31 0x1f 0x1F 0x1fw 31w 0x001f").pages, 1u);
}

TEST(TraceTest, comments_and_white_space_are_nothing)
{
    EXPECT_EQ(parse_trace("# 1 2 3\n\n \t1\r\n2#3 @x\n###\n3 # no newline at the end").references,
              (Pages{0, 1, 2}));
}

TEST(TraceTest, times_belong_to_what_follows)
{
    Trace trace = parse_trace("@0 1 2\n@500 3 @500 4 @600 @700 5\n@900");
    ASSERT_EQ(trace.times.size(), 5u);
    const std::pair<size_t, uint64_t> expected[] = {{0, 0}, {2, 500}, {3, 500}, {4, 700}, {5, 900}};
    for (size_t i = 0; i < 5; i++) {
        EXPECT_EQ(trace.times[i].reference, expected[i].first);
        EXPECT_EQ(trace.times[i].nanoseconds, expected[i].second);
    }
}

TEST(TraceTest, what_is_no_reference_is_refused_with_its_line)
{
    EXPECT_REFUSED("1 2\n3 x\n", "line 2: \"x\" is no page number");
    for (const char *word : {"-1", "+1", "1.5", "0x", "x1", "0xg", "1ww", "w", "0x1f2z", "1,2", "0X1", "1W"})
        EXPECT_REFUSED(std::string("1\n\n") + word, "line 3: ") << word;
    EXPECT_REFUSED("18446744073709551616", "no page number"); // 2^64
    EXPECT_REFUSED("4503599627370496", "no address space has such a page");
    EXPECT_EQ(refusal("4503599627370495 0xfffffffffffff"), "");
}

TEST(TraceTest, a_wrong_time_is_refused)
{
    for (const char *word : {"@", "@x", "@-1", "@0x10", "@1w", "@18446744073709551616"})
        EXPECT_REFUSED(std::string("1\n") + word, "line 2: ") << word;
    EXPECT_REFUSED("@5 1\n@4 2", "line 2: \"@4\": time goes backwards");
}

TEST(TraceTest, without_a_reference_it_is_no_trace)
{
    for (const char *text : {"", "\n\n", "# only a comment", "@1 @2"})
        EXPECT_REFUSED(text, "there is no reference in it");
}

TEST(TraceTest, a_refusal_is_harmless_to_a_terminal_and_short)
{
    std::string told = refusal(std::string("\x1b[2J\0\xff", 6) + std::string(1000, 'a'));
    EXPECT_LT(told.size(), 200u);
    for (char each : told) EXPECT_TRUE(each >= ' ' || static_cast<unsigned char>(each) >= 0x80);
    EXPECT_EQ(told.find('\xff'), std::string::npos);
}

TEST(TraceTest, random_bytes_are_refused_or_read_and_nothing_else)
{
    host::Random random;
    constexpr std::string_view Likely = "0123456789xw@# \n\tabcdef";
    unsigned traces = 0;
    for (unsigned i = 0; i < 20'000; i++) {
        std::string text;
        for (uint64_t length = random.below(30); length != 0; length--)
            text +=
                random.one_in(50) ? static_cast<char>(random.bits()) : Likely[random.below(Likely.size())];
        try {
            Trace trace = parse_trace(text);
            for (uint32_t page : trace.references) ASSERT_LT(page, trace.pages);
            traces++;
        } catch (const TraceError &) {}
    }
    EXPECT_GT(traces, 100u);
}

TEST(TraceTest, files_that_cannot_be_read_are_told)
{
    EXPECT_THROW(read_trace("/nowhere/at/all"), TraceError);
    EXPECT_THROW(read_trace("/"), TraceError);
    EXPECT_THROW(read_trace("/dev/null"), TraceError);
    EXPECT_THROW(read_trace("/proc/self/mem"), TraceError);
}

// ---- The command line

TEST(ArgumentsTest, what_is_usual)
{
    Arguments arguments = parse_arguments({"a.trace"});
    EXPECT_EQ(arguments.trace, "a.trace");
    EXPECT_EQ(arguments.sample_lru, 1u);
    EXPECT_EQ(arguments.sample_aging, 0u);
    EXPECT_EQ(frame_counts(arguments, 5), (Pages{1, 2, 3, 4, 5}));
    EXPECT_EQ(parse_arguments({"--", "--odd-name"}).trace, "--odd-name");
}

TEST(ArgumentsTest, a_range_of_frames)
{
    EXPECT_EQ(counts({"--frames", "2-4", "t"}, 100), (Pages{2, 3, 4}));
    EXPECT_EQ(counts({"--frames", "7", "t"}, 100), (Pages{7}));
    EXPECT_EQ(counts({"--frames", "8-30:8", "t"}, 100), (Pages{8, 16, 24, 30}));
    EXPECT_EQ(counts({"--frames", "1-40", "t"}, 5).size(), 40u);
    auto many = counts({"t"}, 1'000'000);
    EXPECT_LE(many.size(), 41u);
    EXPECT_EQ(many.front(), 1u);
    EXPECT_EQ(many.back(), 1'000'000u);
    EXPECT_EQ(counts({"t"}, 100'000'000).back(), MostFrames);
}

TEST(ArgumentsTest, a_wrong_range_is_told)
{
    for (const char *range : {"", "0", "0-4", "4-3", "-4", "4-", "1-2-3", "a-b", "1-4:", "1-4:0", "1-4:x",
                              "1 - 4", "1-1048577", "99999999999999999999", "+1-4"})
        EXPECT_NE(usage_error({"--frames", range, "t"}).find("is no range"), std::string::npos) << range;
}

TEST(ArgumentsTest, a_wrong_tick_or_window_is_told)
{
    for (const char *tick : {"", "0", "-1", "often", "1x", "kernels"})
        EXPECT_NE(usage_error({"--tick", tick, "t"}).find("neither a number"), std::string::npos) << tick;
    EXPECT_EQ(parse_arguments({"--tick", "kernel", "t"}).sample_lru, 0u);
    EXPECT_EQ(parse_arguments({"--tick", "9", "t"}).sample_aging, 9u);
    EXPECT_NE(usage_error({"--window", "0", "t"}), "");
}

TEST(ArgumentsTest, other_words_are_answered_with_the_usage)
{
    const std::vector<std::string> wrong[] = {
        {}, {"a", "b"}, {"--frames"}, {"--other", "1", "t"}, {"--frames=1"}, {"--frames", "1"}, {""}};
    for (const auto &words : wrong) EXPECT_EQ(usage_error(words).substr(0, 6), "usage:");
}

// ---- The working set

// A page is in use until the next time that the trace says.
TEST(WorkingSetTest, pages_leave_it_when_they_are_used_no_more)
{
    Trace trace = parse_trace("@0 1 2 3 @100 1 @200 1 @300 4 @400 4");
    WorkingSet set = working_set(trace, 150, 4);
    const std::pair<uint64_t, uint32_t> expected[] = {{100, 3}, {200, 3}, {300, 2}, {400, 2}};
    ASSERT_EQ(set.points.size(), 4u);
    for (size_t i = 0; i < 4; i++) {
        EXPECT_EQ(set.points[i].time, expected[i].first);
        EXPECT_EQ(set.points[i].pages, expected[i].second) << "at " << set.points[i].time;
    }
}

TEST(WorkingSetTest, it_is_what_counting_says)
{
    host::Random random;
    for (unsigned i = 0; i < 1000; i++) {
        std::string text;
        uint64_t time = random.below(50);
        std::vector<std::pair<size_t, unsigned>> uses; // of the times, and a page
        std::vector<uint64_t> times;
        for (uint64_t left = random.between(1, 60); left != 0; left--) {
            if (uses.empty() || random.one_in(3)) {
                times.push_back(time += random.below(30));
                text += "@" + std::to_string(time) + ' ';
            }
            uses.push_back({times.size() - 1, static_cast<unsigned>(random.below(10))});
            text += std::to_string(uses.back().second) + ' ';
        }
        uint64_t window = random.between(1, 200);
        for (const auto &point : working_set(parse_trace(text), window, 20).points) {
            std::set<unsigned> pages;
            for (auto [when, page] : uses) {
                uint64_t end = times[std::min(when + 1, times.size() - 1)];
                if (times[when] <= point.time && end + window > point.time) pages.insert(page);
            }
            ASSERT_EQ(point.pages, pages.size()) << text << "at " << point.time << ", window " << window;
        }
    }
}

TEST(WorkingSetTest, the_usual_window_is_a_twentieth_of_the_time)
{
    EXPECT_EQ(usual_window(parse_trace("@100 1 @2100 2")), 100u);
    EXPECT_EQ(usual_window(parse_trace("@5 1")), 1u);
    EXPECT_EQ(working_set(parse_trace("@5 1 2 3"), 1, 3).points.back().pages, 3u);
}
