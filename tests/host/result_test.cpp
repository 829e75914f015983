// lib::Result and the TRY macros.
#include "lib/result.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>

using lib::Errno;
using lib::Result;

namespace {

Result<int> half(int number)
{
    if (number % 2 != 0) return Errno::Invalid;
    return number / 2;
}

Result<void> must_be_even(int number)
{
    TRY_VOID(half(number));
    return {};
}

Result<std::string> quarter(int number, int &steps)
{
    int once = TRY(half(number));
    steps++;
    int twice = TRY(half(once));
    steps++;
    return std::to_string(twice);
}

} // namespace

TEST(Result, a_value_is_ok)
{
    Result<int> result = half(8);
    ASSERT_TRUE(result);
    EXPECT_TRUE(result.ok());
    EXPECT_EQ(*result, 4);
    EXPECT_EQ(result.error(), Errno{});
}

TEST(Result, an_error_is_not)
{
    Result<int> result = half(7);
    EXPECT_FALSE(result);
    EXPECT_EQ(result.error(), Errno::Invalid);
}

TEST(Result, zero_and_an_empty_value_are_values)
{
    EXPECT_TRUE(half(0));
    EXPECT_TRUE(Result<std::string>(std::string()));
    EXPECT_TRUE(Result<void>());
}

TEST(Result, TRY_goes_on_with_a_value_and_returns_an_error)
{
    int steps = 0;
    EXPECT_EQ(*quarter(12, steps), "3");
    EXPECT_EQ(steps, 2);
    steps = 0;
    EXPECT_EQ(quarter(6, steps).error(), Errno::Invalid);
    EXPECT_EQ(steps, 1);
    EXPECT_TRUE(must_be_even(2));
    EXPECT_EQ(must_be_even(3).error(), Errno::Invalid);
}

TEST(Result, TRY_works_inside_a_lambda)
{
    auto eighth = [](int number) -> Result<int> {
        int steps = 0;
        auto text = quarter(number, steps);
        if (!text) return text.error();
        return TRY(half(std::stoi(*text)));
    };
    EXPECT_EQ(*eighth(16), 2);
    EXPECT_EQ(eighth(12).error(), Errno::Invalid);
}

TEST(Result, a_value_that_cannot_be_copied_is_moved)
{
    Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
    std::unique_ptr<int> taken = std::move(*result);
    EXPECT_EQ(*taken, 5);
}

TEST(Errno, has_the_numbers_of_linux)
{
    EXPECT_EQ(static_cast<int>(Errno::NoMemory), ENOMEM);
    EXPECT_EQ(static_cast<int>(Errno::BadAddress), EFAULT);
    EXPECT_EQ(static_cast<int>(Errno::Invalid), EINVAL);
    EXPECT_EQ(static_cast<int>(Errno::InputOutput), EIO);
    EXPECT_EQ(static_cast<int>(Errno::NoSystemCall), ENOSYS);
    EXPECT_EQ(static_cast<int>(Errno::NotSupported), EOPNOTSUPP);
    EXPECT_EQ(static_cast<int>(Errno::NameTooLong), ENAMETOOLONG);
    EXPECT_EQ(static_cast<int>(Errno::TimedOut), ETIMEDOUT);
}
