// mmap(2): where a mapping goes, what refuses it, and what MAP_FIXED does to what is there.
#include "tests/host/space.hpp"

namespace {

using namespace host;
using Placement = MapRequest::Placement;

constexpr VirtAddr MapTop{0x7ffff7fff000}; // 128 MiB below the end: the stack's room

class MapTest : public SpaceTest {
protected:
    static MapRequest request(uint64_t bytes, Protection protection = ReadWrite)
    {
        MapRequest request;
        request.length = bytes;
        request.protection = protection;
        return request;
    }
    static MapRequest request_at(VirtAddr address, uint64_t bytes, Placement placement = Placement::Fixed)
    {
        MapRequest result = request(bytes);
        result.address = address;
        result.placement = placement;
        return result;
    }
    static Errno error_of(Program &p, const MapRequest &request) { return p->map(request).error(); }
};

TEST_F(MapTest, TheFirstMappingEndsBelowTheStacksRoomAndTheNextBelowIt)
{
    Program &p = program();
    EXPECT_EQ(p.map(1), MapTop - PageSize);
    EXPECT_EQ(p.map(2, ReadOnly), MapTop - 3 * PageSize);
}

TEST_F(MapTest, TheHighestHoleThatFitsIsTaken)
{
    Program &p = program();
    VirtAddr base = p.map(10, NoAccess);
    ASSERT_TRUE(p->unmap(base + 1 * PageSize, 2 * PageSize).ok());
    ASSERT_TRUE(p->unmap(base + 5 * PageSize, 1 * PageSize).ok());
    EXPECT_EQ(p.map(1), base + 5 * PageSize);
    EXPECT_EQ(p.map(1), base + 2 * PageSize);
    EXPECT_EQ(p.map(2), base - 2 * PageSize);
}

TEST_F(MapTest, TheStacksRoomFollowsItsLimit)
{
    struct {
        uint64_t limit, room;
    } cases[] = {{8 * MiB, 128 * MiB},
                 {200 * MiB, 201 * MiB}, // and the guard gap
                 {mm::Unlimited, mm::UserEnd.value() / 6 * 5}};
    for (auto [limit, room] : cases) {
        Program p(7);
        p->limits.stack = limit;
        ASSERT_TRUE(p->map_stack(mm::UserEnd, 4 * PageSize, ReadWrite).ok());
        EXPECT_EQ(p.map(1) + PageSize, (mm::UserEnd - room).page_up());
    }
}

TEST_F(MapTest, WhenNothingFitsBelowTheSearchGoesUpwards)
{
    Program &p = program();
    ASSERT_TRUE(p->map_stack(mm::UserEnd, 4 * PageSize, ReadWrite).ok());
    p.map_at(mm::UserBegin, (MapTop - mm::UserBegin) / PageSize, NoAccess, {.no_reserve = true});
    EXPECT_EQ(p.map(1), MapTop) << "the lowest free place above";
}

TEST_F(MapTest, AHintIsTakenWhenItIsFree)
{
    Program &p = program();
    VirtAddr wanted{0x10000000};
    MapRequest hinted = request_at(wanted + 123, PageSize, Placement::Anywhere);
    EXPECT_EQ(*p->map(hinted), wanted) << "rounded down to a page";
    EXPECT_EQ(*p->map(hinted), MapTop - PageSize) << "it is taken now";
    hinted.address = VirtAddr{0x2000};
    EXPECT_EQ(*p->map(hinted), mm::UserBegin) << "raised to vm.mmap_min_addr, as on Linux";
    hinted.address = VirtAddr{0xfff};
    EXPECT_EQ(*p->map(hinted), MapTop - 2 * PageSize) << "a hint within page zero is none";
    hinted.address = mm::UserEnd - 16;
    hinted.length = 2 * PageSize;
    EXPECT_EQ(*p->map(hinted), MapTop - 4 * PageSize) << "it would leave the user half";
}

TEST_F(MapTest, AHintInTheGuardGapOfAStackIsNotTaken)
{
    Program &p = program();
    ASSERT_TRUE(p->map_stack(mm::UserEnd, 4 * PageSize, ReadWrite).ok());
    VirtAddr guard_end = mm::UserEnd - 4 * PageSize;
    VirtAddr guard_begin = guard_end - mm::StackGuardGap;
    EXPECT_NE(*p->map(request_at(guard_end - PageSize, PageSize, Placement::Anywhere)), guard_end - PageSize);
    EXPECT_EQ(*p->map(request_at(guard_begin - PageSize, PageSize, Placement::Anywhere)),
              guard_begin - PageSize);
    EXPECT_EQ(*p->map(request_at(guard_end - PageSize, PageSize)), guard_end - PageSize)
        << "MAP_FIXED insists";
}

TEST_F(MapTest, FixedReplacesWhatIsThere)
{
    Program &p = program();
    VirtAddr at = p.map(4);
    p.touch(at, 4);
    ASSERT_TRUE(p->map(request_at(at + PageSize, 2 * PageSize)).ok());
    EXPECT_EQ(p.byte(at), 1);
    EXPECT_EQ(p.byte(at + PageSize), 0) << "the old page is gone";
    EXPECT_EQ(p.byte(at + 3 * PageSize), 1);
    EXPECT_EQ(p->resident(), 2u);
    EXPECT_EQ(p->counts().mapped, 4u);
}

TEST_F(MapTest, FixedNoReplaceRefusesWhatOverlaps)
{
    Program &p = program();
    VirtAddr at{0x10000000};
    ASSERT_TRUE(p->map(request_at(at, 2 * PageSize, Placement::FixedNoReplace)).ok());
    for (int i = -1; i <= 1; i++) {
        EXPECT_EQ(error_of(p, request_at(at + i * PageSize, 2 * PageSize, Placement::FixedNoReplace)),
                  Errno::Exists);
    }
    EXPECT_TRUE(p->map(request_at(at + 2 * PageSize, PageSize, Placement::FixedNoReplace)).ok());
    EXPECT_TRUE(p->map(request_at(at - PageSize, PageSize, Placement::FixedNoReplace)).ok());
}

TEST_F(MapTest, ArgumentsThatMakeNoSense)
{
    Program &p = program();
    VirtAddr at{0x10000000};
    EXPECT_EQ(error_of(p, request(0)), Errno::Invalid) << "EINVAL: length was 0";
    EXPECT_EQ(error_of(p, request_at(at + 1, PageSize)), Errno::Invalid) << "EINVAL: not on a page boundary";
    EXPECT_EQ(error_of(p, request_at(at + 1, PageSize, Placement::FixedNoReplace)), Errno::Invalid);
    EXPECT_EQ(error_of(p, request(UINT64_MAX)), Errno::NoMemory) << "rounded up it is nothing";
    EXPECT_EQ(error_of(p, request(mm::UserEnd.value() + 1)), Errno::NoMemory);
    EXPECT_EQ(error_of(p, request_at(mm::UserEnd, PageSize)), Errno::NoMemory);
    EXPECT_EQ(error_of(p, request_at(mm::UserEnd - PageSize, 2 * PageSize)), Errno::NoMemory);
    EXPECT_EQ(error_of(p, request_at(VirtAddr{0xffffffff80000000}, PageSize)), Errno::NoMemory);
    EXPECT_EQ(error_of(p, request_at(VirtAddr{}, PageSize)), Errno::NotPermitted) << "page zero";
    EXPECT_EQ(error_of(p, request_at(mm::UserBegin - PageSize, PageSize)), Errno::NotPermitted);
    EXPECT_TRUE(p->map(request_at(mm::UserBegin, PageSize)).ok());
    EXPECT_TRUE(p->map(request_at(mm::UserEnd - PageSize, PageSize)).ok())
        << "the last page of the user half";
}

TEST_F(MapTest, AnOffsetPastTheLargestFileOverflows)
{
    TestFile file(PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program();
    MapRequest far = request(2 * PageSize, ReadOnly);
    far.object = &object;
    far.offset = ((uint64_t{1} << 63) >> mm::PageShift) - 1;
    EXPECT_EQ(error_of(p, far), Errno::Overflow);
    far.length = PageSize;
    EXPECT_TRUE(p->map(far).ok());
    far.offset = UINT64_MAX;
    EXPECT_EQ(error_of(p, far), Errno::Overflow);
}

TEST_F(MapTest, ALengthIsRoundedUpToPages)
{
    Program &p = program();
    VirtAddr at = *p->map(request(PageSize + 1));
    EXPECT_EQ(p->counts().mapped, 2u);
    EXPECT_EQ(p.write(at + 2 * PageSize - 1, 1), FaultResult::Resolved);
    EXPECT_EQ(p.write(at + 2 * PageSize, 1), FaultResult::NotMapped);
}

// getrlimit(2), RLIMIT_AS: ENOMEM for mmap.
TEST_F(MapTest, TheLimitOfTheAddressSpaceHolds)
{
    Program &p = program();
    p->limits.address_space = 10 * PageSize + 4095;
    VirtAddr at = p.map(8, NoAccess);
    EXPECT_EQ(error_of(p, request(3 * PageSize)), Errno::NoMemory);
    EXPECT_TRUE(p->map(request(2 * PageSize)).ok());
    EXPECT_EQ(error_of(p, request(PageSize)), Errno::NoMemory);
    EXPECT_TRUE(p->map(request_at(at, 8 * PageSize)).ok()) << "what is replaced does not count";
    EXPECT_EQ(error_of(p, request_at(at - 3 * PageSize, 9 * PageSize)), Errno::NoMemory);
    EXPECT_EQ(p.areas(at), "-2-8 rw-p") << "and nothing was unmapped for it";
}

// getrlimit(2), RLIMIT_DATA: private writable memory.
TEST_F(MapTest, TheLimitOfDataCountsPrivateWritableMemory)
{
    Program &p = program();
    p->limits.data = 4 * PageSize;
    p.map(3);
    EXPECT_EQ(error_of(p, request(2 * PageSize)), Errno::NoMemory);
    p.map(2, ReadOnly);
    p.map(2, ReadWrite, {.shared = true});
    EXPECT_TRUE(p->map(request(PageSize)).ok());
    EXPECT_EQ(p->counts().data, 4u);
}

TEST_F(MapTest, ADataLimitOfZeroIsNoLimitAsLongAsTheHardOneIsNot)
{
    Program &p = program();
    p->limits.data = 0;
    EXPECT_TRUE(p->map(request(PageSize)).ok()) << "Linux does this for Valgrind";
    p->limits.data_maximum = PageSize;
    EXPECT_EQ(error_of(p, request(PageSize)), Errno::NoMemory);
}

// proc(5), vm.overcommit_memory, mode 0: obvious overcommits are refused.
TEST_F(MapTest, OneRequestAboveAllRamIsRefusedUnlessItNeedsNone)
{
    Program &p = program();
    uint64_t ram = mm::usable_ram_pages() * PageSize;
    EXPECT_TRUE(p->map(request(ram)).ok());
    EXPECT_TRUE(p->map(request(ram)).ok()) << "each request is looked at alone";
    EXPECT_EQ(error_of(p, request(ram + 1)), Errno::NoMemory);
    MapRequest large = request(64 * GiB, ReadOnly);
    EXPECT_TRUE(p->map(large).ok()) << "read-only";
    large.flags.shared = true;
    EXPECT_EQ(error_of(p, large), Errno::NoMemory) << "shared memory counts even when read-only";
    large.flags.no_reserve = true;
    EXPECT_TRUE(p->map(large).ok());
    large = request(64 * GiB);
    large.flags.no_reserve = true;
    EXPECT_TRUE(p->map(large).ok()) << "MAP_NORESERVE";
    EXPECT_EQ(p->resident(), 0u);
}

TEST_F(MapTest, PopulateMakesAllPagesPresentWithoutCountingFaults)
{
    Program &p = program();
    MapRequest populated = request(8 * PageSize);
    populated.populate = true;
    VirtAddr at = *p->map(populated);
    EXPECT_EQ(p->resident(), 8u);
    EXPECT_EQ(p.minor_faults(), 0u);
    p.touch(at, 8);
    EXPECT_EQ(p.minor_faults(), 0u);
    populated.protection = ReadOnly;
    at = *p->map(populated);
    EXPECT_EQ(p->resident(), 8u) << "pages that are only read are the zero page";
    EXPECT_EQ(p.byte(at), 0);
    EXPECT_EQ(p.minor_faults(), 0u);
    populated.protection = NoAccess;
    EXPECT_TRUE(p->map(populated).ok()) << "a failure to populate is no failure to map";
}

TEST_F(MapTest, PopulateThatRunsOutOfMemoryKeepsTheMapping)
{
    Program &p = program();
    MapRequest populated = request(mm::frames().free_count() * PageSize);
    populated.populate = true;
    auto at = p->map(populated);
    ASSERT_TRUE(at.ok());
    audit();
    EXPECT_TRUE(p->unmap(*at, populated.length).ok());
    EXPECT_EQ(p->resident(), 0u);
}

TEST_F(MapTest, SharedMemoryIsItsOwnObjectEachTime)
{
    Program &p = program();
    VirtAddr one = p.map(1, ReadWrite, {.shared = true}), other = p.map(1, ReadWrite, {.shared = true});
    p.write(one, 1);
    EXPECT_EQ(p.byte(other), 0);
    EXPECT_NE(p->areas().find(one)->object, p->areas().find(other)->object);
}

TEST_F(MapTest, OneSharedObjectInTwoSpacesIsOneMemory)
{
    Program &p = program(), &q = program();
    VirtAddr at = p.map(2, ReadWrite, {.shared = true});
    VirtAddr there = q.map_file(*p->areas().find(at)->object, 1, 1, ReadWrite, {.shared = true});
    p.write(at + PageSize + 7, 77);
    EXPECT_EQ(q.byte(there + 7), 77);
    q.write(there + 8, 88);
    EXPECT_EQ(p.byte(at + PageSize + 8), 88);
    audit();
    ASSERT_TRUE(p->unmap(at, 2 * PageSize).ok());
    EXPECT_EQ(q.byte(there + 7), 77) << "it lives as long as somebody shows it";
}

TEST_F(MapTest, WithoutMemoryForTheAreaNothingChanges)
{
    Program &p = program();
    p.map(1, ReadOnly);
    MapRequest shared = request(PageSize);
    shared.flags.shared = true;
    for (const MapRequest &each : {request(PageSize), shared}) {
        std::string before = p.areas(MapTop);
        unsigned allocations = fail_each_allocation([&] { return p->map(each); },
                                                    [&] {
                                                        audit();
                                                        EXPECT_EQ(p.areas(MapTop), before);
                                                    });
        EXPECT_GE(allocations, each.flags.shared ? 2u : 1u);
    }
}

TEST_F(MapTest, NoMoreThanTheMaximumOfAreas)
{
    machine().reset({{256, 16384}});
    Program &p = program();
    // Every second one differs, so that none merge. Linux, too, lets the count be one above the limit.
    for (uint64_t i = 0; i <= mm::MaxAreas; i++) {
        ASSERT_TRUE(p->map(request(PageSize, i % 2 == 0 ? ReadOnly : ReadWrite)).ok());
    }
    EXPECT_EQ(error_of(p, request(PageSize, NoAccess)), Errno::NoMemory);
    VirtAddr lowest = p->areas().first()->range.begin;
    EXPECT_TRUE(p->unmap(lowest, 2 * PageSize).ok());
    EXPECT_TRUE(p->map(request(PageSize, NoAccess)).ok());
}

TEST_F(MapTest, SixtyFourGigabytesCostNothingUntilTheyAreTouched)
{
    Program &p = program();
    MapRequest large = request(64 * GiB);
    large.flags.no_reserve = true;
    uint64_t free = mm::frames().free_count();
    VirtAddr at = *p->map(large);
    mm::drain_heap();
    EXPECT_GE(mm::frames().free_count() + 1, free) << "an area";
    for (uint64_t i = 0; i < 64; i++) ASSERT_EQ(p.write(at + i * GiB, 1), FaultResult::Resolved);
    EXPECT_EQ(p->resident(), 64u);
    EXPECT_LE(p->page_table().table_frames(), 1 + 2 + 64 + 64u);
    ASSERT_TRUE(p->unmap(at, large.length).ok());
    EXPECT_EQ(p->page_table().table_frames(), 1u) << "only the root is left";
}

} // namespace
