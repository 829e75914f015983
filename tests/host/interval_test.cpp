// Timers that go off again and again: they keep step, and count what was missed.
#include "kernel/signal/interval.hpp"

#include <gtest/gtest.h>

using kernel::add_overrun;
using kernel::Interval;

namespace {

TEST(IntervalTest, OnceIsOnce)
{
    Interval once{.deadline = 100, .period = 0};
    EXPECT_FALSE(once.is_due(99));
    EXPECT_TRUE(once.is_due(100));
    EXPECT_EQ(once.advance(1000), 0u);
    EXPECT_FALSE(once.is_on());
    EXPECT_FALSE(once.is_due(2000));
}

TEST(IntervalTest, TheNextTimeIsAWholePeriodAfterTheLast)
{
    Interval interval{.deadline = 100, .period = 10};
    EXPECT_EQ(interval.advance(100), 0u);
    EXPECT_EQ(interval.deadline, 110u);
    EXPECT_EQ(interval.advance(119), 0u);
    EXPECT_EQ(interval.deadline, 120u);
}

TEST(IntervalTest, WhatWasMissedIsCounted)
{
    Interval interval{.deadline = 100, .period = 10};
    EXPECT_EQ(interval.advance(135), 3u); // 110, 120 and 130
    EXPECT_EQ(interval.deadline, 140u);
    EXPECT_EQ(interval.advance(150), 1u); // exactly at a time it has gone off, too
    EXPECT_EQ(interval.deadline, 160u);
}

TEST(IntervalTest, AheadOfTimeNothingWasMissed)
{
    Interval interval{.deadline = 100, .period = 10};
    EXPECT_EQ(interval.advance(50), 0u);
    EXPECT_EQ(interval.deadline, 110u);
}

TEST(IntervalTest, TheEndOfAllTimeIsNotPassed)
{
    Interval interval{.deadline = 1, .period = UINT64_MAX};
    EXPECT_EQ(interval.advance(UINT64_MAX - 1), 0u);
    EXPECT_EQ(interval.deadline, UINT64_MAX);
    Interval fast{.deadline = 1, .period = 1};
    EXPECT_EQ(fast.advance(UINT64_MAX), UINT64_MAX - 1);
    EXPECT_EQ(fast.deadline, UINT64_MAX);
}

TEST(IntervalTest, OneThatIsOnIsNeverToldZero)
{
    Interval interval{.deadline = 100, .period = 0};
    EXPECT_EQ(interval.left(40, 1), 60u);
    EXPECT_EQ(interval.left(100, 1), 1u);
    EXPECT_EQ(interval.left(500, 1000), 1000u);
    EXPECT_EQ(Interval{}.left(40, 1), 0u);
}

// For all small numbers: the deadline is the first one of its row after now, and nothing is lost or invented.
TEST(IntervalTest, EveryTimeIsEitherToldOrMissed)
{
    for (uint64_t period = 1; period < 12; period++) {
        for (uint64_t now = 5; now < 100; now++) {
            Interval interval{.deadline = 5, .period = period};
            uint64_t missed = interval.advance(now);
            ASSERT_GT(interval.deadline, now);
            ASSERT_LE(interval.deadline, now + period);
            ASSERT_EQ(interval.deadline, 5 + (missed + 1) * period);
        }
    }
}

TEST(IntervalTest, TheCountStaysAtItsGreatest)
{
    EXPECT_EQ(add_overrun(3, 4), 7u);
    EXPECT_EQ(add_overrun(INT32_MAX - 1, 5), static_cast<uint32_t>(INT32_MAX));
    EXPECT_EQ(add_overrun(0, UINT64_MAX), static_cast<uint32_t>(INT32_MAX));
}

} // namespace
