// Pages of a file that come along with one that is touched (mm/fault_around.hpp).
#include "mm/fault_around.hpp"
#include "mm/reference_recorder.hpp"
#include "tests/host/space.hpp"

namespace {

using namespace host;

constexpr uint64_t Pages = 64;

class FaultAroundTest : public SpaceTest {
protected:
    // All of the file is in memory, because somebody else shows it.
    void SetUp() override
    {
        SpaceTest::SetUp();
        object_ = &file_object(file_);
        Program &other = program();
        VirtAddr at = other.map_file(*object_, 0, Pages, ReadOnly);
        for (uint64_t i = 0; i < Pages; i++) ASSERT_EQ(other.read(at + i * PageSize), FaultResult::Resolved);
        reader_ = &program();
    }

    void after_programs() override
    {
        if (recorder_ != nullptr) recorder_->destroy();
    }
    static uint64_t ticks() { return 0; }
    static void nobody_asks() {}

    // One character a page: 'x' mapped, '.' not.
    std::string mapped(VirtAddr at, uint64_t pages = 20)
    {
        std::string result;
        for (uint64_t i = 0; i < pages; i++)
            result += reader_->space().inspect(at + i * PageSize).present ? 'x' : '.';
        return result;
    }
    void read(VirtAddr at, uint64_t page)
    {
        ASSERT_EQ(reader_->byte(at + page * PageSize), file_.byte(page * PageSize));
    }
    VirtAddr map(Protection protection = ReadOnly, AreaFlags flags = {}, uint64_t pages = Pages)
    {
        return reader_->map_file(*object_, 0, pages, protection, flags);
    }

    TestFile file_{Pages * PageSize};
    MemoryObject *object_ = nullptr;
    Program *reader_ = nullptr;
    mm::ReferenceRecorder *recorder_ = nullptr;
};

TEST_F(FaultAroundTest, TheFirstTouchBringsOnePage)
{
    VirtAddr at = map();
    read(at, 3);
    EXPECT_EQ(mapped(at), "...x................");
    read(at, 9);
    read(at, 2);
    EXPECT_EQ(mapped(at), "..xx.....x..........");
    EXPECT_EQ(reader_->minor_faults(), 3u);
}

TEST_F(FaultAroundTest, WhoTouchesInOrderGetsTwiceAsManyEachTime)
{
    VirtAddr at = map();
    read(at, 0);
    EXPECT_EQ(mapped(at), "x...................");
    read(at, 1);
    EXPECT_EQ(mapped(at), "xxx.................");
    read(at, 3);
    EXPECT_EQ(mapped(at), "xxxxxxx.............");
    for (uint64_t i = 0; i < Pages; i++) read(at, i);
    EXPECT_EQ(reader_->minor_faults(), 1u + 1 + 1 + 1 + 4) << "1, 2, 4, 8, then sixteen at a time";
    audit();
}

TEST_F(FaultAroundTest, OutOfOrderItBeginsAnew)
{
    VirtAddr at = map();
    for (uint64_t i = 0; i < 7; i++) read(at, i);
    read(at, 12);
    EXPECT_EQ(mapped(at), "xxxxxxx.....x.......");
    read(at, 13);
    EXPECT_EQ(mapped(at), "xxxxxxx.....xxx.....");
}

TEST_F(FaultAroundTest, NobodyHasUsedWhatCameAlong)
{
    VirtAddr at = map(ReadWrite, {.shared = true});
    read(at, 0);
    ASSERT_EQ(reader_->write(at + PageSize, 1), FaultResult::Resolved);
    auto entry = [&](uint64_t page) { return *reader_->space().page_table().find(at + page * PageSize); };
    EXPECT_TRUE(entry(1).accessed() && entry(1).dirty());
    ASSERT_TRUE(entry(2).present());
    EXPECT_TRUE(entry(2).writable());
    EXPECT_FALSE(entry(2).accessed() || entry(2).dirty());
}

TEST_F(FaultAroundTest, APrivateMappingStillCopiesWhatItWrites)
{
    VirtAddr at = map(ReadWrite);
    read(at, 0);
    read(at, 1);
    ASSERT_EQ(reader_->write(at + 2 * PageSize, 99), FaultResult::Resolved);
    EXPECT_TRUE(reader_->space().inspect(at + 2 * PageSize).exclusive);
    VirtAddr again = map();
    EXPECT_EQ(reader_->byte(again + 2 * PageSize), file_.byte(2 * PageSize));
}

TEST_F(FaultAroundTest, WhatIsThereStays)
{
    VirtAddr at = map(ReadWrite);
    ASSERT_EQ(reader_->write(at + 5 * PageSize, 99), FaultResult::Resolved);
    for (uint64_t i = 0; i < 4; i++) read(at, i);
    EXPECT_EQ(mapped(at), "xxxxxxx.............");
    EXPECT_EQ(reader_->byte(at + 5 * PageSize), 99);
    audit();
}

TEST_F(FaultAroundTest, ItEndsWithTheArea)
{
    VirtAddr at = map(ReadOnly, {}, 5);
    VirtAddr behind = reader_->map_file(*object_, 5, 1, NoAccess);
    for (uint64_t i = 0; i < 4; i++) read(at, i);
    EXPECT_EQ(mapped(at, 5), "xxxxx");
    EXPECT_FALSE(reader_->space().inspect(behind).present);
}

TEST_F(FaultAroundTest, ItEndsWithTheTable)
{
    constexpr VirtAddr Border{uint64_t{8} << 30};
    MapRequest request;
    request.address = Border - 4 * PageSize;
    request.length = 16 * PageSize;
    request.protection = ReadOnly;
    request.placement = MapRequest::Placement::Fixed;
    request.object = object_;
    VirtAddr at = *reader_->space().map(request);
    for (uint64_t i = 0; i < 4; i++) read(at, i);
    EXPECT_EQ(mapped(at), "xxxx................");
    audit();
}

TEST_F(FaultAroundTest, WhatIsNotInMemoryIsNotFetched)
{
    TestFile cold(Pages * PageSize, 9);
    VirtAddr at = reader_->map_file(file_object(cold), 0, Pages, ReadOnly);
    for (uint64_t i = 0; i < 4; i++) ASSERT_EQ(reader_->byte(at + i * PageSize), cold.byte(i * PageSize));
    EXPECT_EQ(mapped(at), "xxxx................");
    EXPECT_EQ(reader_->minor_faults(), 4u);
}

TEST_F(FaultAroundTest, ARecordedSpaceHidesWhatCameAlong)
{
    recorder_ = *mm::ReferenceRecorder::create(16, ticks, nobody_asks);
    reader_->space().record(*recorder_);
    VirtAddr at = map();
    for (uint64_t i = 0; i < 4; i++) read(at, i);
    EXPECT_FALSE(reader_->space().page_table().find(at + 5 * PageSize)->present());
    audit();
}

} // namespace
