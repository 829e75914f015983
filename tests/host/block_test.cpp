// The block layer with a disk made of memory that answers when the test says so: order, limits, errors,
// time-outs, and who owns the frames meanwhile. The clock is the test's.
#include "kernel/device/block.hpp"
#include "kernel/log.hpp"
#include "mm/frame_allocator.hpp"
#include "tests/host/machine.hpp"
#include "tests/host/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <list>
#include <memory>
#include <string>

namespace kernel {

// What block.cpp needs from the kernel.
uint64_t test_clock = 0;
std::vector<std::string> test_log;

uint64_t clock_nanoseconds()
{
    return test_clock;
}
void log_line(LogLevel, std::string_view format, std::span<const lib::FormatArgument> arguments)
{
    char text[512];
    lib::BufferSink sink(text);
    lib::format_arguments(sink, format, arguments);
    test_log.emplace_back(sink.text());
}

// add_disk() gives names; a disk alone is "vd?".

namespace {

constexpr uint64_t Second = 1'000'000'000;
constexpr uint64_t Sectors = 1024;

class MemoryDisk final : public BlockDevice {
public:
    explicit MemoryDisk(BlockGeometry geometry = {.sectors = Sectors,
                                                  .max_segments = 4,
                                                  .has_write_cache = true})
        : bytes(geometry.sectors * SectorSize)
    {
        set_geometry(geometry);
        set_timeout(10 * Second);
    }

    struct Taken {
        unsigned slot;
        BlockOperation operation;
        uint64_t sector;
        std::vector<BlockSegment> segments;
    };
    // The device does the n-th of what it has.
    void answer(size_t n, bool ok = true)
    {
        Taken taken = with_device[n];
        with_device.erase(with_device.begin() + static_cast<long>(n));
        uint64_t at = taken.sector * SectorSize;
        for (const BlockSegment &piece : taken.segments) {
            auto *memory = static_cast<std::byte *>(mm::machine::window(piece.address));
            if (ok && taken.operation == BlockOperation::Read) std::memcpy(memory, &bytes[at], piece.bytes);
            if (ok && taken.operation == BlockOperation::Write) std::memcpy(&bytes[at], memory, piece.bytes);
            at += piece.bytes;
        }
        finished.push_back({Finished::What::Request, taken.slot, ok});
    }
    void answer_question()
    {
        asked = false;
        finished.push_back({Finished::What::Answer, 0, true});
    }
    void interrupt() { collect(); }
    void provoke_silence() override {}

    std::vector<std::byte> bytes;
    std::vector<Taken> with_device;
    std::deque<Finished> finished;
    std::array<Taken, MaxUnderWay> last_in_slot;
    size_t room = MaxUnderWay;
    bool asked = false, confused = false, answers_reset = true;
    bool finishes_in_reset = false;
    const char *start_problem = nullptr;
    unsigned notifications = 0, resets = 0;

private:
    bool begin(unsigned slot, const BlockRequest &request) override
    {
        if (with_device.size() >= room) return false;
        for (const Taken &taken : with_device) EXPECT_NE(taken.slot, slot) << "a slot is used twice";
        Taken taken{
            slot, request.operation, request.sector, {request.segments.begin(), request.segments.end()}};
        with_device.push_back(taken);
        last_in_slot[slot] = taken;
        return true;
    }
    void notify() override { notifications++; }
    Finished take_finished() override
    {
        if (finished.empty()) return {};
        Finished first = finished.front();
        finished.pop_front();
        return first;
    }
    bool segment(unsigned slot, unsigned index, BlockSegment &found) const override
    {
        if (index >= last_in_slot[slot].segments.size()) return false;
        found = last_in_slot[slot].segments[index];
        return true;
    }
    bool ask() override { return asked = true; }
    bool is_confused() const override { return confused; }
    bool stop() override
    {
        resets++;
        if (!answers_reset) return false;
        if (finishes_in_reset && !with_device.empty()) answer(0);
        with_device.clear();
        asked = confused = false;
        return true;
    }
    const char *start_again() override { return start_problem; }
};

// A request with its own frames, which counts its completions.
struct Request : BlockRequest {
    Request(BlockOperation wanted, uint64_t at, unsigned pieces = 1)
    {
        operation = wanted;
        sector = at;
        for (unsigned i = 0; i < pieces && wanted != BlockOperation::Flush; i++)
            memory.push_back({*mm::frames().allocate(mm::FrameKind::Buffer), mm::PageSize});
        segments = memory;
        completed = [](BlockRequest &request) { static_cast<Request &>(request).completions++; };
    }
    ~Request()
    {
        for (const BlockSegment &piece : memory) mm::frames().drop(piece.address);
    }
    std::byte *window(unsigned piece = 0) const
    {
        return static_cast<std::byte *>(mm::machine::window(memory[piece].address));
    }
    bool succeeded() const { return completions == 1 && result.ok(); }
    bool failed() const { return completions == 1 && !result.ok() && result.error() == Errno::InputOutput; }

    std::vector<BlockSegment> memory;
    unsigned completions = 0;
};

class Block : public testing::Test {
protected:
    void SetUp() override
    {
        host::machine().reset();
        test_clock = 0;
        test_log.clear();
        disk_watch_hook = nullptr;
        free_before = mm::frames().free_count();
    }
    bool logged(std::string_view words) const
    {
        return std::ranges::any_of(test_log, [&](const std::string &line) { return line.contains(words); });
    }
    uint64_t used() const { return free_before - mm::frames().free_count(); }

    uint64_t free_before = 0;
};

TEST_F(Block, DataGoesThereAndBack)
{
    MemoryDisk disk;
    Request write(BlockOperation::Write, 16, 2), read(BlockOperation::Read, 16, 2);
    std::memset(write.window(0), 0x11, mm::PageSize);
    std::memset(write.window(1), 0x22, mm::PageSize);
    ASSERT_TRUE(disk.submit(write).ok());
    EXPECT_EQ(write.completions, 0u);
    disk.answer(0);
    disk.interrupt();
    EXPECT_TRUE(write.succeeded());
    ASSERT_TRUE(disk.submit(read).ok());
    disk.answer(0);
    disk.interrupt();
    EXPECT_TRUE(read.succeeded());
    EXPECT_EQ(read.window(0)[5], std::byte{0x11});
    EXPECT_EQ(read.window(1)[4095], std::byte{0x22});
    EXPECT_EQ(disk.statistics()[1].sectors, 16u);
}

TEST_F(Block, WhatCannotBeDoneIsRefusedBeforeTheDevice)
{
    MemoryDisk disk({.sectors = Sectors, .block_size = 4096, .max_segments = 2});
    auto refuses = [&](BlockRequest &request, Errno error) {
        auto submitted = disk.submit(request);
        return !submitted.ok() && submitted.error() == error && disk.with_device.empty();
    };
    Request last(BlockOperation::Read, Sectors - 8), behind(BlockOperation::Read, Sectors),
        across(BlockOperation::Read, Sectors - 8, 2), huge(BlockOperation::Write, UINT64_MAX - 7),
        odd(BlockOperation::Read, 4), many(BlockOperation::Read, 0, 3), none(BlockOperation::Read, 0, 0);
    EXPECT_TRUE(refuses(behind, Errno::Invalid));
    EXPECT_TRUE(refuses(across, Errno::Invalid));
    EXPECT_TRUE(refuses(huge, Errno::Invalid));
    EXPECT_TRUE(refuses(odd, Errno::Invalid));
    EXPECT_TRUE(refuses(many, Errno::Invalid));
    EXPECT_TRUE(refuses(none, Errno::Invalid));
    Request part(BlockOperation::Read, 0);
    part.memory[0].bytes = 512;
    EXPECT_TRUE(refuses(part, Errno::Invalid));
    EXPECT_TRUE(disk.submit(last).ok());

    MemoryDisk read_only({.sectors = Sectors, .max_segments = 2, .read_only = true});
    Request write(BlockOperation::Write, 0);
    EXPECT_EQ(read_only.submit(write).error(), Errno::NotPermitted);
}

TEST_F(Block, AnErrorIsOfOneRequestOnly)
{
    MemoryDisk disk;
    Request bad(BlockOperation::Read, 0), good(BlockOperation::Read, 8);
    ASSERT_TRUE(disk.submit(bad).ok() && disk.submit(good).ok());
    disk.answer(0, false);
    disk.answer(0);
    disk.interrupt();
    EXPECT_TRUE(bad.failed());
    EXPECT_TRUE(good.succeeded());
    EXPECT_FALSE(disk.is_broken());
}

TEST_F(Block, RequestsWithoutRoomWaitInOrder)
{
    MemoryDisk disk;
    disk.room = 2;
    std::list<Request> requests;
    for (uint64_t i = 0; i < 6; i++)
        ASSERT_TRUE(disk.submit(requests.emplace_back(BlockOperation::Read, 8 * i)).ok());
    EXPECT_EQ(disk.under_way(), 6u);
    for (uint64_t next = 2; next < 6; next++) {
        disk.answer(0);
        disk.interrupt();
        ASSERT_EQ(disk.with_device.size(), 2u);
        EXPECT_EQ(disk.with_device.back().sector, 8 * next);
    }
}

TEST_F(Block, NoMoreThanItsSlotsAreWithTheDevice)
{
    MemoryDisk disk;
    disk.room = 1000;
    std::list<Request> requests;
    for (uint64_t i = 0; i < 40; i++)
        ASSERT_TRUE(disk.submit(requests.emplace_back(BlockOperation::Read, 8 * i)).ok());
    EXPECT_EQ(disk.with_device.size(), BlockDevice::MaxUnderWay);
    while (!disk.with_device.empty()) {
        disk.answer(disk.with_device.size() / 2);
        disk.interrupt();
    }
    for (Request &request : requests) EXPECT_TRUE(request.succeeded());
}

TEST_F(Block, FlushingADiskWithoutACacheIsDoneAtOnce)
{
    MemoryDisk disk({.sectors = Sectors, .max_segments = 2});
    Request flush(BlockOperation::Flush, 0);
    ASSERT_TRUE(disk.submit(flush).ok());
    EXPECT_TRUE(flush.succeeded());
    EXPECT_TRUE(disk.with_device.empty());
}

TEST_F(Block, ACallbackMaySubmitAgain)
{
    MemoryDisk disk;
    static MemoryDisk *target;
    static Request *second;
    target = &disk;
    Request first(BlockOperation::Read, 0), next(BlockOperation::Read, 8);
    second = &next;
    first.completed = [](BlockRequest &) { ASSERT_TRUE(target->submit(*second).ok()); };
    ASSERT_TRUE(disk.submit(first).ok());
    disk.answer(0);
    disk.interrupt();
    ASSERT_EQ(disk.with_device.size(), 1u);
    EXPECT_EQ(disk.with_device[0].sector, 8u);
}

TEST_F(Block, TheWatchIsCalledOnceUntilNothingIsUnderWay)
{
    static unsigned calls;
    calls = 0;
    disk_watch_hook = [] { calls++; };
    MemoryDisk disk;
    Request first(BlockOperation::Read, 0), second(BlockOperation::Read, 8), third(BlockOperation::Read, 16);
    ASSERT_TRUE(disk.submit(first).ok() && disk.submit(second).ok());
    EXPECT_EQ(calls, 1u);
    EXPECT_EQ(disk.check_timeouts(0), 10 * Second);
    disk.answer(0);
    disk.answer(0);
    disk.interrupt();
    EXPECT_EQ(disk.check_timeouts(10 * Second), BlockDevice::NoDeadline);
    ASSERT_TRUE(disk.submit(third).ok());
    EXPECT_EQ(calls, 2u);
}

TEST_F(Block, ALateAnswerFreesTheFrames)
{
    MemoryDisk disk;
    {
        Request slow(BlockOperation::Read, 0, 3);
        ASSERT_TRUE(disk.submit(slow).ok());
        test_clock = 10 * Second - 1;
        EXPECT_EQ(disk.check_timeouts(test_clock), 10 * Second);
        EXPECT_EQ(slow.completions, 0u);
        test_clock = 10 * Second;
        disk.check_timeouts(test_clock);
        EXPECT_TRUE(slow.failed());
    }
    EXPECT_EQ(used(), 3u) << "the device may still write there";
    EXPECT_EQ(disk.held_frames(), 3u);
    EXPECT_TRUE(disk.asked);
    disk.answer_question();
    disk.interrupt();
    disk.check_timeouts(12 * Second);
    EXPECT_EQ(disk.resets, 0u) << "it is alive";
    Request other(BlockOperation::Read, 8);
    ASSERT_TRUE(disk.submit(other).ok());
    disk.answer(1);
    disk.answer(0);
    disk.interrupt();
    EXPECT_TRUE(other.succeeded());
    EXPECT_EQ(disk.held_frames(), 0u);
    EXPECT_EQ(used(), 1u); // `other`
}

TEST_F(Block, ADeviceThatAnswersNothingIsReset)
{
    MemoryDisk disk;
    disk.room = 2;
    Request lost(BlockOperation::Read, 0), later(BlockOperation::Write, 8), waiting(BlockOperation::Read, 16);
    ASSERT_TRUE(disk.submit(lost).ok());
    test_clock = 9 * Second;
    ASSERT_TRUE(disk.submit(later).ok() && disk.submit(waiting).ok());
    test_clock = 10 * Second;
    EXPECT_EQ(disk.check_timeouts(test_clock), 11 * Second) << "then it must have answered";
    EXPECT_TRUE(lost.failed());
    test_clock = 11 * Second;
    disk.check_timeouts(test_clock);
    EXPECT_EQ(disk.resets, 1u);
    EXPECT_EQ(disk.held_frames(), 0u);
    ASSERT_EQ(disk.with_device.size(), 2u) << "what had not failed is given to it again";
    EXPECT_EQ(disk.with_device[0].sector, 8u) << "before those that waited";
    disk.answer(0);
    disk.answer(0);
    disk.interrupt();
    EXPECT_TRUE(later.succeeded());
    EXPECT_TRUE(waiting.succeeded());
    EXPECT_FALSE(disk.is_broken());
}

TEST_F(Block, WhatTheDeviceFinishedBeforeItStoppedIsGood)
{
    MemoryDisk disk;
    disk.finishes_in_reset = true;
    Request first(BlockOperation::Read, 0), second(BlockOperation::Read, 8);
    ASSERT_TRUE(disk.submit(first).ok());
    test_clock = Second;
    ASSERT_TRUE(disk.submit(second).ok());
    disk.confused = true;
    test_clock = 10 * Second;
    disk.check_timeouts(test_clock);
    EXPECT_TRUE(first.failed());
    EXPECT_EQ(disk.resets, 1u) << "it says itself that it needs it";
    EXPECT_EQ(disk.held_frames(), 0u);
    EXPECT_EQ(disk.with_device.size(), 1u);
}

TEST_F(Block, AResetThatDoesNotHelpEndsTheDisk)
{
    MemoryDisk disk;
    Request first(BlockOperation::Read, 0), second(BlockOperation::Read, 8), third(BlockOperation::Read, 16);
    ASSERT_TRUE(disk.submit(first).ok());
    for (test_clock = 10 * Second; test_clock <= 11 * Second; test_clock += Second)
        disk.check_timeouts(test_clock);
    ASSERT_EQ(disk.resets, 1u);
    ASSERT_TRUE(disk.submit(second).ok());
    disk.room = 1;
    ASSERT_TRUE(disk.submit(third).ok());
    for (unsigned i = 0; i < 30; i++) disk.check_timeouts(test_clock += Second);
    EXPECT_TRUE(disk.is_broken());
    EXPECT_EQ(disk.resets, 1u);
    EXPECT_TRUE(second.failed());
    EXPECT_TRUE(third.failed());
    Request refused(BlockOperation::Read, 24);
    EXPECT_EQ(disk.submit(refused).error(), Errno::InputOutput);
    EXPECT_EQ(refused.completions, 0u);
    EXPECT_EQ(std::ranges::count_if(test_log, [](auto &line) { return line.contains("the disk is broken"); }),
              1);
}

TEST_F(Block, ADeviceThatDoesNotEvenResetKeepsItsMemory)
{
    MemoryDisk disk;
    disk.answers_reset = false;
    disk.confused = true;
    {
        Request first(BlockOperation::Read, 0), second(BlockOperation::Read, 8, 2);
        ASSERT_TRUE(disk.submit(first).ok());
        test_clock = Second;
        ASSERT_TRUE(disk.submit(second).ok());
        test_clock = 10 * Second;
        disk.check_timeouts(test_clock);
        EXPECT_TRUE(first.failed());
        EXPECT_TRUE(second.failed());
    }
    EXPECT_TRUE(disk.is_broken());
    EXPECT_EQ(used(), 3u);
    EXPECT_TRUE(logged("it does not even answer a reset"));
}

TEST_F(Block, ADiskThatDoesNotStartAgainIsBroken)
{
    MemoryDisk disk;
    disk.confused = true;
    disk.start_problem = "it is not the same disk any more";
    Request first(BlockOperation::Read, 0);
    ASSERT_TRUE(disk.submit(first).ok());
    disk.check_timeouts(test_clock = 10 * Second);
    EXPECT_TRUE(disk.is_broken());
    EXPECT_EQ(disk.held_frames(), 0u) << "it has stopped";
    EXPECT_TRUE(logged("not the same disk"));
}

TEST_F(Block, WaitersFailOnlyWhenNothingMoves)
{
    MemoryDisk disk;
    disk.room = 1;
    Request first(BlockOperation::Read, 0), second(BlockOperation::Read, 8), third(BlockOperation::Read, 16);
    ASSERT_TRUE(disk.submit(first).ok() && disk.submit(second).ok() && disk.submit(third).ok());
    test_clock = 6 * Second;
    disk.answer(0);
    disk.interrupt();
    disk.check_timeouts(test_clock = 12 * Second);
    EXPECT_EQ(third.completions, 0u) << "12 s old, but the disk answered something 6 s ago";
    disk.check_timeouts(test_clock = 16 * Second);
    EXPECT_TRUE(second.failed());
    EXPECT_TRUE(third.failed());
    EXPECT_EQ(disk.held_frames(), 1u) << "the device has never seen the third";
}

TEST_F(Block, WithoutALimitNothingEverFails)
{
    MemoryDisk disk;
    disk.set_timeout(0);
    Request slow(BlockOperation::Read, 0);
    ASSERT_TRUE(disk.submit(slow).ok());
    EXPECT_EQ(disk.check_timeouts(1'000'000 * Second), BlockDevice::NoDeadline);
    EXPECT_EQ(slow.completions, 0u);
}

// Any order of submitting, answering, failing, time passing and resetting: every request completes exactly
// once, and in the end every frame is back, or held by a disk that is broken.
TEST_F(Block, AnyOrderOfThings)
{
    for (uint64_t seed = 1; seed <= 300; seed++) {
        SetUp();
        host::Random random(seed);
        MemoryDisk disk;
        std::list<Request> requests;
        size_t refused = 0;
        for (unsigned step = 0; step < 200; step++) {
            switch (random.below(8)) {
            case 0:
            case 1:
            case 2: {
                auto operation = static_cast<BlockOperation>(random.below(3));
                Request &request =
                    requests.emplace_back(operation, 8 * random.below(Sectors / 8 - 3), 1 + random.below(3));
                if (operation == BlockOperation::Write)
                    std::memset(request.window(), static_cast<int>(step), mm::PageSize);
                if (!disk.submit(request).ok()) {
                    EXPECT_TRUE(disk.is_broken());
                    requests.pop_back();
                    refused++;
                }
                break;
            }
            case 3:
            case 4:
                if (!disk.with_device.empty())
                    disk.answer(random.below(disk.with_device.size()), random.below(5) != 0);
                if (random.below(2)) disk.interrupt();
                break;
            case 5:
                disk.room = 1 + random.below(40);
                disk.confused = random.below(20) == 0;
                break;
            case 6:
                if (disk.asked && random.below(3)) disk.answer_question();
                break;
            default:
                test_clock += random.below(4 * Second);
                disk.check_timeouts(test_clock);
            }
            for (const Request &request : requests) ASSERT_LE(request.completions, 1u) << "seed " << seed;
        }
        // The device answers all that it has, and everything else.
        disk.room = 1000;
        for (unsigned i = 0; i < 300; i++) {
            while (!disk.with_device.empty()) disk.answer(0);
            if (disk.asked) disk.answer_question();
            disk.interrupt();
            disk.check_timeouts(test_clock += Second);
        }
        for (const Request &request : requests) ASSERT_EQ(request.completions, 1u) << "seed " << seed;
        requests.clear();
        ASSERT_EQ(used(), disk.held_frames()) << "seed " << seed;
        ASSERT_TRUE(disk.is_broken() || disk.held_frames() == 0) << "seed " << seed;
    }
}

} // namespace

} // namespace kernel
