// Recording: what is used is noted, in order and not more than once an interval, and nothing is noted that
// was not used, whatever else puts pages in place.
#include "mm/reference_recorder.hpp"

#include "mm/kernel_heap.hpp"
#include "tests/host/random.hpp"
#include "tests/host/reference_oracle.hpp"
#include "tests/host/swapping.hpp"

#include <algorithm>

namespace {

using namespace host;
using mm::ReferenceRecord;
using mm::ReferenceRecorder;

uint64_t ticks()
{
    static uint64_t now = 0;
    return ++now;
}

uint64_t requests = 0;
void count_request()
{
    requests++;
}

// With plenty of memory; a test that wants less sets another machine up first.
class RecorderTest : public SwapTest {
protected:
    void SetUp() override
    {
        SwapSetup setup;
        setup.frames = 1024;
        set_up(setup);
    }

    ReferenceRecorder &record(Program &program, unsigned pages)
    {
        recorder_ = *ReferenceRecorder::create(pages, ticks, count_request);
        recorders_.push_back(recorder_);
        program->record(*recorder_);
        return *recorder_;
    }
    void after_programs() override
    {
        for (ReferenceRecorder *recorder : recorders_) recorder->destroy();
        SwapTest::after_programs();
    }

    // What was recorded since the last time, in pages from `base` on: "| 0w 1 2w | 3".
    std::string recorded(VirtAddr base)
    {
        std::string text;
        ReferenceRecord records[7]; // fewer at a time than there are
        while (size_t count = recorder_->take(records)) {
            for (const ReferenceRecord &record : std::span(records, count)) {
                if (!text.empty()) text += ' ';
                if (record.kind() == ReferenceRecord::Kind::Time) {
                    text += '|';
                    continue;
                }
                text += std::to_string(static_cast<int64_t>(record.page().page() - base.page()));
                if (record.is_write()) text += 'w';
            }
        }
        return text;
    }

    static bool is_present(Program &program, VirtAddr page)
    {
        const mm::PageTableEntry *entry = program->page_table().find(page);
        return entry != nullptr && entry->present();
    }

    ReferenceRecorder *recorder_ = nullptr; // the newest

private:
    std::vector<ReferenceRecorder *> recorders_;
};

TEST_F(RecorderTest, AnIntervalEndsWhenSoManyPagesWereUsed)
{
    Program &p = program();
    VirtAddr at = p.map(20);
    record(p, 8);
    for (int round = 0; round < 3; round++)
        for (uint64_t i = 0; i < 8; i++) p.touch(at + i * PageSize, 1);
    EXPECT_EQ(recorded(at), "| 0w 1w 2w 3w 4w 5w 6w 7w")
        << "used again in the same interval: not noted again";
    p.touch(at + 8 * PageSize, 1);
    for (uint64_t i = 0; i < 8; i++)
        EXPECT_FALSE(is_present(p, at + i * PageSize)) << "page " << i << " of the interval before";
    p.touch(at + 3 * PageSize, 1);
    EXPECT_EQ(recorded(at), "| 8w 3w");
    audit();
}

TEST_F(RecorderTest, AFirstWriteIsNotedAfterARead)
{
    Program &p = program();
    VirtAddr at = p.map(4);
    p.touch(at, 2, 7);
    record(p, 8);
    EXPECT_EQ(p.byte(at), 7);
    EXPECT_EQ(p.byte(at), 7);
    p.touch(at, 1, 8);
    p.touch(at, 1, 9);
    EXPECT_EQ(p.byte(at), 9);
    p.touch(at + PageSize, 1);
    EXPECT_EQ(p.byte(at + PageSize), 1);
    EXPECT_EQ(p.byte(at + 2 * PageSize), 0) << "the zero page";
    p.touch(at + 2 * PageSize, 1);
    EXPECT_EQ(recorded(at), "| 0 0w 1w 2 2w") << "reading what was written is no news";
    audit();
}

TEST_F(RecorderTest, WhatIsThereBeforeIsHidden)
{
    Program &p = program();
    TestFile file(3 * PageSize);
    VirtAddr at = p.map(3), code = p.map_file(file_object(file), 0, 3, ReadExecute);
    p.touch(at, 2);
    EXPECT_EQ(p.byte(at + 2 * PageSize), 0);
    EXPECT_EQ(p.execute(code), FaultResult::Resolved);
    auto before = p->counts();
    record(p, 8);
    for (VirtAddr page : {at, at + PageSize, at + 2 * PageSize, code}) EXPECT_FALSE(is_present(p, page));
    EXPECT_EQ(p.execute(code), FaultResult::Resolved);
    EXPECT_EQ(p.byte(at + PageSize), 1);
    EXPECT_EQ(p.byte(at + 2 * PageSize), 0);
    auto code_at = std::to_string(static_cast<int64_t>(code.page() - at.page()));
    EXPECT_EQ(recorded(at), "| " + code_at + " 1 2");
    auto after = p->counts();
    EXPECT_EQ(after.minor_faults, before.minor_faults) << "faults of the recording's making are not counted";
    EXPECT_EQ(after.resident(), before.resident()) << "hidden pages are resident";
    EXPECT_EQ(p.residents(at, 3), "xxx");
    p.touch(at + 2 * PageSize, 1);
    EXPECT_EQ(p->counts().minor_faults, before.minor_faults + 1) << "the zero page's copy: one of its own";
    audit();
}

TEST_F(RecorderTest, PopulatingIsNoUse)
{
    Program &p = program();
    record(p, 8);
    MapRequest request;
    request.length = 3 * PageSize;
    request.protection = ReadWrite;
    request.populate = true;
    VirtAddr at = *p->map(request);
    EXPECT_EQ(p.residents(at, 3), "xxx");
    EXPECT_EQ(recorded(at), "");
    EXPECT_EQ(p.byte(at + PageSize), 0);
    ASSERT_TRUE(p->lock(at, 3 * PageSize, false).ok());
    EXPECT_EQ(p.byte(at + PageSize), 0);
    p.touch(at + 2 * PageSize, 1);
    p.touch(at + PageSize, 1);
    ASSERT_TRUE(p->advise(at, 3 * PageSize, Advice::PopulateWrite).ok());
    p.touch(at, 1);
    EXPECT_EQ(recorded(at), "| 1 2w 1w 0w");
    audit();
}

TEST_F(RecorderTest, AnotherProtectionShowsNothing)
{
    Program &p = program();
    VirtAddr at = p.map(4);
    p.touch(at, 4);
    record(p, 8);
    ASSERT_TRUE(p->protect(at, 4 * PageSize, ReadOnly).ok());
    EXPECT_EQ(p.byte(at), 1);
    ASSERT_TRUE(p->protect(at, 4 * PageSize, ReadWrite).ok());
    p.touch(at, 1);
    p.touch(at + PageSize, 1);
    EXPECT_EQ(recorded(at), "| 0 0w 1w") << "the page that was read may not be written silently";
    ASSERT_TRUE(p->protect(at, 4 * PageSize, NoAccess).ok());
    EXPECT_EQ(p.read(at), FaultResult::Denied);
    audit();
    ASSERT_TRUE(p->protect(at, 4 * PageSize, ReadWrite).ok());
    EXPECT_EQ(p.byte(at), 1);
    EXPECT_EQ(p.byte(at + 2 * PageSize), 1);
    EXPECT_EQ(recorded(at), "2") << "page 0 was noted in this interval";
    audit();
}

TEST_F(RecorderTest, APageThatMovesIsAnotherPage)
{
    Program &p = program();
    VirtAddr at = p.map(2), to = at - 64 * PageSize;
    record(p, 8);
    p.touch(at, 2, 5);
    RemapRequest request;
    request.old_address = at;
    request.old_size = request.new_size = 2 * PageSize;
    request.may_move = request.fixed = true;
    request.new_address = to;
    ASSERT_TRUE(p->remap(request).ok());
    audit();
    EXPECT_EQ(p.byte(to), 5);
    EXPECT_EQ(recorded(at), "| 0w 1w -64");
    EXPECT_EQ(p.read(at), FaultResult::NotMapped);
    audit();
}

// Pages come back from disk, one that is asked for and others along with it.
TEST_F(RecorderTest, WhatIsReadAheadIsNoUse)
{
    Program &p = program();
    VirtAddr at = p.map(12);
    fill(p, at, 12);
    record(p, 8);
    push_out(p, at, 12);
    (void)recorded(at);
    uint64_t majors = p->counts().major_faults;
    for (uint64_t i : {0, 1, 2, 3}) EXPECT_EQ(p.read(at + i * PageSize), FaultResult::Resolved);
    EXPECT_LT(p->counts().major_faults, majors + 4) << "some came along";
    std::string pages = recorded(at);
    EXPECT_TRUE(pages.ends_with("0 1 2 3")) << pages;
    check(p, at, 12);
    audit();
}

TEST_F(RecorderTest, ReferencesWithoutRoomAreCounted)
{
    Program &p = program();
    VirtAddr at = p.map(9);
    ReferenceRecorder &recorder = record(p, 8);
    uint64_t references = 0;
    requests = 0;
    for (; requests == 0; references++) p.touch(at + references % 9 * PageSize, 1);
    EXPECT_TRUE(recorder.is_half_full());
    EXPECT_EQ(references, ReferenceRecorder::Room / 2 / 9 * 8 + ReferenceRecorder::Room / 2 % 9 - 1)
        << "and each eight of them a time";
    EXPECT_EQ(recorder.lost(), 0u);
    // Walking 9 pages with intervals of 8: each use is noted, 9 records for 8 of them.
    uint64_t fit = ReferenceRecorder::Room - ReferenceRecorder::Room / 9 - 1;
    for (; references < fit + 80; references++) p.touch(at + references % 9 * PageSize, 1);
    EXPECT_EQ(recorder.lost(), 80u);
    std::string text = recorded(at);
    EXPECT_EQ(std::ranges::count(text, 'w'), fit);
    p.touch(at + references % 9 * PageSize, 1);
    EXPECT_EQ(recorder.lost(), 80u) << "there is room again";
}

// Every combination of pages that one instruction may need together, tried again from its first page after
// each fault as a processor does, gets through when an interval has eight.
TEST_F(RecorderTest, AnInstructionGetsThrough)
{
    Program &p = program();
    VirtAddr at = p.map(64);
    record(p, ReferenceRecorder::LeastPages);
    Random random;
    for (int i = 0; i < 2000; i++) {
        VirtAddr first = at + random.below(63) * PageSize, from = at + random.below(63) * PageSize,
                 to = at + random.below(63) * PageSize;
        int faults = 0;
        auto done = [&] {
            PhysAddr root = p->page_table().root();
            for (VirtAddr page : {first, first + PageSize, from, from + PageSize})
                if (!machine().access(root, page, Access::Read)) return false;
            return machine().access(root, to, Access::Write) &&
                   machine().access(root, to + PageSize, Access::Write);
        };
        for (; !done(); faults++) {
            ASSERT_LT(faults, 12) << "6 pages, 2 of them first read and then written, and not one twice";
            ASSERT_EQ(p->fault(Fault{machine().last_fault()}), FaultResult::Resolved);
        }
    }
    audit();
}

// The exact string of a program's accesses is known: each first use in an interval is there, in order.
TEST_F(RecorderTest, RandomReferencesAreAllThere)
{
    Random random;
    for (unsigned pages : {8u, 16u, 64u}) {
        Program &p = program();
        VirtAddr at = p.map(100);
        ReferenceRecorder &recorder = record(p, pages);
        ReferenceOracle oracle(pages);
        for (int i = 0; i < 20000; i++) {
            // Now and then nearly everywhere, mostly at a few places.
            VirtAddr page = at + (random.one_in(4) ? random.below(100) : random.below(12)) * PageSize;
            bool write = random.one_in(3);
            ASSERT_EQ(write ? p.write(page, 1) : p.read(page), FaultResult::Resolved);
            oracle.access(page, write);
            if (random.one_in(100)) oracle.compare(recorder);
        }
        oracle.compare(recorder);
        EXPECT_GT(oracle.compared(), 3000u);
        EXPECT_EQ(recorder.lost(), 0u);
        audit();
    }
}

TEST_F(RecorderTest, NoMemoryForARecorderIsAnError)
{
    fail_each_allocation(
        [] {
            auto recorder = ReferenceRecorder::create(16, ticks, count_request);
            if (recorder.ok()) (*recorder)->destroy();
            return recorder;
        },
        [] {});
}

TEST_F(RecorderTest, AChildIsNotRecorded)
{
    Program &parent = program();
    VirtAddr at = parent.map(6);
    parent.touch(at, 6, 5);
    record(parent, 8);
    ASSERT_EQ(parent.byte(at), 5);
    ASSERT_EQ(parent.write(at + PageSize, 6), FaultResult::Resolved);
    Program &child = fork(parent);
    audit();
    for (uint64_t i = 0; i < 6; i++) {
        EXPECT_EQ(child.byte(at + i * PageSize), i == 1 ? 6 : 5);
        EXPECT_EQ(child.faults, 0u) << "page " << i << " is hidden from the child";
    }
    ASSERT_EQ(parent.write(at + PageSize, 7), FaultResult::Resolved);
    EXPECT_EQ(child.byte(at + PageSize), 6);
    child.touch(at, 6, 9);
    EXPECT_EQ(parent.byte(at + 5 * PageSize), 5);
    audit();
}

} // namespace
