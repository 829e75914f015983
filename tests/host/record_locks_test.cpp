// lib::RecordLocks, against an array that says for each byte and each owner what is held.
#include "lib/record_locks.hpp"
#include "tests/host/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

namespace {

using lib::RecordLock;
using lib::RecordLocks;

class RecordLocksTest : public testing::Test {
protected:
    ~RecordLocksTest() override
    {
        for (const void *owner : owners) locks.clear(owner, 0, RecordLocks::End, spares);
        EXPECT_TRUE(locks.empty());
        while (spares.pop_front() != nullptr) {}
    }

    void give_spares(unsigned count)
    {
        for (unsigned i = 0; i < count; i++) {
            made.push_back(std::make_unique<lib::HeldLock>());
            spares.push_back(*made.back());
        }
    }
    RecordLock wanted(unsigned owner, uint64_t first, uint64_t last, bool is_exclusive)
    {
        RecordLock lock;
        lock.owner = owners[owner];
        lock.first = first;
        lock.last = last;
        lock.is_exclusive = is_exclusive;
        lock.process = static_cast<int32_t>(owner);
        return lock;
    }
    void set(unsigned owner, uint64_t first, uint64_t last, bool is_exclusive)
    {
        give_spares(RecordLocks::SparesNeeded);
        locks.set(wanted(owner, first, last, is_exclusive), spares);
    }
    void clear(unsigned owner, uint64_t first, uint64_t last)
    {
        give_spares(1);
        locks.clear(owners[owner], first, last, spares);
    }
    std::string text() const
    {
        std::string result;
        for (const RecordLock &lock : locks.all()) {
            result += std::to_string(lock.process) + (lock.is_exclusive ? "x" : "s") +
                      std::to_string(lock.first) + "-" + std::to_string(lock.last) + " ";
        }
        return result;
    }

    static constexpr unsigned Owners = 3;
    std::array<char, Owners> places{};
    const void *owners[Owners] = {&places[0], &places[1], &places[2]};
    RecordLocks locks;
    RecordLocks::Spares spares;
    std::vector<std::unique_ptr<lib::HeldLock>> made;
};

TEST_F(RecordLocksTest, NeighboursAreJoinedAndAMiddleSplits)
{
    set(0, 10, 19, false);
    set(0, 30, 39, false);
    EXPECT_EQ(text(), "0s10-19 0s30-39 ");
    set(0, 20, 29, false);
    EXPECT_EQ(text(), "0s10-39 ");
    set(0, 15, 16, true);
    EXPECT_EQ(text(), "0s10-14 0x15-16 0s17-39 ");
    set(0, 15, 16, false);
    EXPECT_EQ(text(), "0s10-39 ");
    clear(0, 0, 9);
    clear(0, 20, 20);
    EXPECT_EQ(text(), "0s10-19 0s21-39 ");
    clear(0, 0, RecordLocks::End);
    EXPECT_EQ(text(), "");
}

TEST_F(RecordLocksTest, OwnersShareOrExcludeEachOther)
{
    set(0, 10, 19, false);
    EXPECT_EQ(locks.find_conflict(wanted(1, 0, 100, false)), nullptr);
    set(1, 15, 24, false);
    EXPECT_EQ(text(), "0s10-19 1s15-24 ");
    EXPECT_EQ(locks.find_conflict(wanted(1, 15, 19, true))->process, 0);
    EXPECT_EQ(locks.find_conflict(wanted(0, 20, 24, true))->process, 1);
    EXPECT_EQ(locks.find_conflict(wanted(2, 0, 9, true)), nullptr);
    EXPECT_EQ(locks.find_conflict(wanted(2, 25, RecordLocks::End, true)), nullptr);
    EXPECT_EQ(locks.find_conflict(wanted(0, 10, 14, true)), nullptr);
}

TEST_F(RecordLocksTest, TheLastByteOfAllHasNoNeighbour)
{
    set(0, 100, RecordLocks::End, true);
    set(0, 0, 99, true);
    EXPECT_EQ(text(), "0x0-" + std::to_string(RecordLocks::End) + " ");
    clear(0, RecordLocks::End, RecordLocks::End);
    EXPECT_EQ(text(), "0x0-" + std::to_string(RecordLocks::End - 1) + " ");
}

class RecordLocksPropertyTest : public RecordLocksTest {
protected:
    enum Held : char { None, Shared, Exclusive };
    static constexpr unsigned Bytes = 24;

    bool oracle_forbids(const RecordLock &lock, unsigned owner) const
    {
        for (uint64_t byte = lock.first; byte <= lock.last; byte++) {
            for (unsigned other = 0; other < Owners; other++) {
                Held held = oracle[other][byte];
                if (other != owner && held != None && (lock.is_exclusive || held == Exclusive)) return true;
            }
        }
        return false;
    }
    // The same bytes are held, in as few locks as can say it, and in order.
    void compare() const
    {
        Held found[Owners][Bytes] = {};
        const RecordLock *before = nullptr;
        std::vector<int32_t> seen;
        for (const RecordLock &lock : locks.all()) {
            ASSERT_LE(lock.first, lock.last);
            ASSERT_LT(lock.last, Bytes);
            if (before && before->owner == lock.owner) {
                ASSERT_LT(before->last, lock.first);
                if (before->is_exclusive == lock.is_exclusive) {
                    ASSERT_LT(before->last + 1, lock.first);
                }
            } else {
                ASSERT_EQ(std::count(seen.begin(), seen.end(), lock.process), 0);
                seen.push_back(lock.process);
            }
            before = &lock;
            for (uint64_t byte = lock.first; byte <= lock.last; byte++)
                found[lock.process][byte] = lock.is_exclusive ? Exclusive : Shared;
        }
        for (unsigned owner = 0; owner < Owners; owner++) {
            for (unsigned byte = 0; byte < Bytes; byte++) ASSERT_EQ(found[owner][byte], oracle[owner][byte]);
        }
    }

    Held oracle[Owners][Bytes] = {};
};

TEST_F(RecordLocksPropertyTest, HoldsWhatAByteArrayHolds)
{
    host::Random random;
    for (int step = 0; step < 20000; step++) {
        auto owner = static_cast<unsigned>(random.below(Owners));
        uint64_t first = random.below(Bytes), last = first + random.below(Bytes - first);
        Held what = static_cast<Held>(random.below(3));
        RecordLock lock = wanted(owner, first, last, what == Exclusive);
        if (what != None) {
            bool forbidden = oracle_forbids(lock, owner);
            ASSERT_EQ(locks.find_conflict(lock) != nullptr, forbidden) << step;
            if (forbidden) continue;
            set(owner, first, last, what == Exclusive);
        } else {
            clear(owner, first, last);
        }
        for (uint64_t byte = first; byte <= last; byte++) oracle[owner][byte] = what;
        compare();
        if (HasFatalFailure()) FAIL() << "at step " << step;
    }
}

} // namespace
