// Signals that wait: which of them count, in which order they are taken, how many records there may be.
#include "kernel/signal/pending_signals.hpp"
#include "tests/host/random.hpp"
#include "tests/host/test.hpp"

#include <deque>
#include <map>

using namespace kernel;

namespace {

class PendingSignalsTest : public host::MachineTest {
protected:
    void TearDown() override
    {
        pending.clear();
        EXPECT_EQ(queued_signal_count(), 0u) << "a record was not given back";
        EXPECT_EQ(mm::heap_bytes(), 0u);
        mm::drain_heap();
        MachineTest::TearDown();
    }

    static SignalInfo queued(int number, uint64_t value)
    {
        return {.signal = static_cast<Signal>(number),
                .origin = SignalInfo::Origin::Program,
                .code = signal_code::Queue,
                .sender = 7,
                .value = value};
    }
    static SignalInfo killed(int number)
    {
        return {.signal = static_cast<Signal>(number),
                .origin = SignalInfo::Origin::Program,
                .code = signal_code::User,
                .sender = 7};
    }

    PendingSignals pending;
};

TEST_F(PendingSignalsTest, OfAnOrdinarySignalTheFirstCounts)
{
    ASSERT_TRUE(pending.add(queued(10, 1)).ok());
    ASSERT_TRUE(pending.add(queued(10, 2)).ok());
    EXPECT_EQ(pending.take(Signal::User1).value, 1u);
    EXPECT_TRUE(pending.set().empty());
}

TEST_F(PendingSignalsTest, EveryRealTimeSignalArrivesInOrder)
{
    for (uint64_t value = 0; value < 3; value++) {
        ASSERT_TRUE(pending.add(queued(40, value)).ok());
        ASSERT_TRUE(pending.add(queued(41, 10 + value)).ok());
    }
    EXPECT_EQ(queued_signal_count(), 6u);
    for (uint64_t value = 0; value < 3; value++) {
        EXPECT_TRUE(pending.set().contains(static_cast<Signal>(41)));
        EXPECT_EQ(pending.take(static_cast<Signal>(41)).value, 10 + value);
    }
    EXPECT_FALSE(pending.set().contains(static_cast<Signal>(41)));
    EXPECT_EQ(pending.take(static_cast<Signal>(40)).value, 0u);
    EXPECT_TRUE(pending.set().contains(static_cast<Signal>(40)));
}

TEST_F(PendingSignalsTest, BeyondTheLimitOnlySigqueueIsRefused)
{
    ASSERT_TRUE(pending.add(queued(34, 1), 1).ok());
    EXPECT_EQ(pending.add(queued(34, 2), 1).error(), lib::Errno::TryAgain);
    // kill(2) of a real-time signal: it arrives, but nobody knows from whom.
    ASSERT_TRUE(pending.add(killed(35), 1).ok());
    SignalInfo info = pending.take(static_cast<Signal>(35));
    EXPECT_EQ(info.code, signal_code::User);
    EXPECT_EQ(info.sender, 0);
    // An ordinary one always has its record.
    ASSERT_TRUE(pending.add(killed(10), 1).ok());
    EXPECT_EQ(pending.take(Signal::User1).sender, 7);
}

TEST_F(PendingSignalsTest, ReservedRecordsCountToo)
{
    ASSERT_TRUE(reserve_queued_signal(2).ok());
    ASSERT_TRUE(pending.add(queued(34, 1), 2).ok());
    EXPECT_EQ(pending.add(queued(34, 2), 2).error(), lib::Errno::TryAgain);
    EXPECT_EQ(reserve_queued_signal(2).error(), lib::Errno::TryAgain);
    release_queued_signal();
    EXPECT_TRUE(pending.add(queued(34, 2), 2).ok());
}

TEST_F(PendingSignalsTest, ARecordWithAnOwnerIsToldAndStaysTheOwners)
{
    static int calls;
    calls = 0;
    QueuedSignal own;
    own.info = queued(14, 5);
    own.taken = [](QueuedSignal &queued) {
        calls++;
        queued.info.user = 99; // as a timer says how often it went off
    };
    pending.add(own);
    ASSERT_TRUE(pending.set().contains(Signal::Alarm));
    EXPECT_TRUE(own.is_queued());
    EXPECT_EQ(pending.take(Signal::Alarm).user, 99u);
    EXPECT_EQ(calls, 1);
    EXPECT_FALSE(own.is_queued());

    // A second one of the same number keeps the signal pending.
    QueuedSignal other;
    other.info = queued(14, 6);
    other.taken = own.taken;
    pending.add(own);
    pending.add(other);
    pending.remove(own);
    EXPECT_TRUE(pending.set().contains(Signal::Alarm));
    pending.remove(own); // in no queue any more: nothing happens
    pending.remove(other);
    EXPECT_TRUE(pending.set().empty());
    EXPECT_EQ(calls, 1) << "what is forgotten is not delivered";
}

TEST_F(PendingSignalsTest, TheOwnerIsToldThatItsRecordIsDropped)
{
    static int calls, dropped;
    calls = dropped = 0;
    QueuedSignal own;
    own.info = queued(14, 5);
    own.taken = [](QueuedSignal &) { calls++; };
    own.dropped = [](QueuedSignal &queued) { dropped += queued.is_queued() ? 100 : 1; };
    pending.add(own);
    ASSERT_TRUE(pending.add(queued(40, 1)).ok());
    pending.remove(Signal::Alarm);
    EXPECT_EQ(dropped, 1);
    pending.add(own); // as a timer does at once
    pending.remove(own);
    EXPECT_EQ(dropped, 1) << "who takes it back knows";
    pending.add(own);
    pending.take(Signal::Alarm);
    EXPECT_EQ(dropped, 1);
    EXPECT_EQ(calls, 1);
}

TEST_F(PendingSignalsTest, ForgettingASetLeavesTheOthersInOrder)
{
    for (uint64_t value = 0; value < 4; value++) {
        ASSERT_TRUE(pending.add(queued(40, value)).ok());
        ASSERT_TRUE(pending.add(queued(41, value)).ok());
    }
    pending.remove(static_cast<Signal>(41));
    EXPECT_EQ(pending.set(), SignalSet::of(static_cast<Signal>(40)));
    EXPECT_EQ(queued_signal_count(), 4u);
    for (uint64_t value = 0; value < 4; value++)
        EXPECT_EQ(pending.take(static_cast<Signal>(40)).value, value);
}

TEST_F(PendingSignalsTest, WithoutMemoryAnOrdinarySignalStillArrives)
{
    std::vector<void *> all;
    while (void *some = mm::heap_allocate(128)) all.push_back(some);
    while (void *some = mm::heap_allocate(sizeof(QueuedSignal))) all.push_back(some);
    ASSERT_TRUE(pending.add(queued(10, 1)).ok());
    EXPECT_EQ(pending.add(queued(34, 1)).error(), lib::Errno::TryAgain);
    EXPECT_TRUE(pending.set().contains(Signal::User1));
    EXPECT_EQ(pending.take(Signal::User1).sender, 0);
    for (void *some : all) mm::heap_free(some);
}

// Against a model of lists: whatever the order of sending, taking and forgetting.
TEST_F(PendingSignalsTest, PropertyAgainstAModel)
{
    host::Random random(2026);
    std::map<int, std::deque<uint64_t>> model;
    for (uint64_t step = 0; step < 20000; step++) {
        int number = 30 + static_cast<int>(random.below(6)); // ordinary and real-time
        auto signal = static_cast<Signal>(number);
        switch (random.below(4)) {
        case 0:
        case 1:
            ASSERT_TRUE(pending.add(queued(number, step)).ok());
            if (is_real_time(signal) || model[number].empty()) model[number].push_back(step);
            break;
        case 2:
            if (!pending.set().contains(signal)) break;
            ASSERT_EQ(pending.take(signal).value, model[number].front());
            model[number].pop_front();
            break;
        default:
            if (random.below(20) != 0) break;
            pending.remove(signal);
            model[number].clear();
        }
        size_t records = 0;
        for (auto &[each, values] : model) {
            ASSERT_EQ(pending.set().contains(static_cast<Signal>(each)), !values.empty());
            records += values.size();
        }
        ASSERT_EQ(queued_signal_count(), records);
    }
}

TEST(SignalInfoTest, WhatAProgramQueuesArrivesAsItWas)
{
    UserSignalInfo told{.number = 99, .error = 3, .code = -1};
    told.details = {0x1122334455667788, 2, 3, 4};
    UserSignalInfo seen = SignalInfo::from_user(static_cast<Signal>(40), told).to_user();
    EXPECT_EQ(seen.number, 40);
    EXPECT_EQ(seen.error, 3);
    EXPECT_EQ(seen.code, -1);
    EXPECT_EQ(seen.details, told.details);
}

TEST(SignalNumberTest, FaultsComeFirstThenTheLowestNumber)
{
    EXPECT_EQ(first_signal(SignalSet::of(Signal::Hangup, Signal::Segmentation, Signal::Bus)), Signal::Bus);
    EXPECT_EQ(first_signal(SignalSet::of(Signal::User2, Signal::Interrupt)), Signal::Interrupt);
    EXPECT_EQ(signal_name(Signal::Child), "SIGCHLD");
    EXPECT_EQ(default_action(Signal::Child), DefaultAction::Ignore);
    EXPECT_EQ(default_action(static_cast<Signal>(64)), DefaultAction::Terminate);
}

} // namespace
