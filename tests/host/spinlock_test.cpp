// lib::Guarded: the data is reachable only through the lock, and one holder excludes all others.
#include "lib/spinlock.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace {

TEST(Spinlock, IsHeldFromLockToUnlock)
{
    lib::Spinlock lock;
    EXPECT_FALSE(lock.is_taken());
    lock.lock();
    EXPECT_TRUE(lock.is_taken());
    EXPECT_FALSE(lock.try_lock());
    lock.unlock();
    EXPECT_TRUE(lock.try_lock());
    lock.unlock();
}

TEST(Guarded, IsHeldUntilTheEndOfTheScope)
{
    lib::Guarded<int> guarded{7};
    EXPECT_EQ(*guarded.lock(), 7);
    {
        auto held = guarded.lock();
        *held = 8;
    }
    EXPECT_EQ(*guarded.lock(), 8);
}

TEST(Guarded, OneThreadAtATime)
{
    struct Pair {
        uint64_t left = 0, right = 0;
    };
    lib::Guarded<Pair> guarded;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++) {
        threads.emplace_back([&] {
            for (int n = 0; n < 5000; n++) {
                auto held = guarded.lock();
                held->left++;
                EXPECT_EQ(held->left, held->right + 1);
                held->right++;
            }
        });
    }
    for (std::thread &thread : threads) thread.join();
    EXPECT_EQ(guarded.lock()->left, 20000u);
}

} // namespace
