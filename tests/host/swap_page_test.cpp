// One page's way to a swap device and back: byte for byte, only what may go, and only as often as it must.
#include "tests/host/swapping.hpp"

#include "mm/memory_events.hpp"
#include "mm/swap_in.hpp"

namespace {

using namespace host;
using Direction = mm::PageTransfer::Direction;

class SwapPage : public SwapTest {
protected:
    // Pages read from the device, or written, since the last question.
    uint64_t reads()
    {
        return swap_device().calls.pages_read - std::exchange(reads_before_, swap_device().calls.pages_read);
    }
    uint64_t writes()
    {
        return swap_device().calls.pages_written -
               std::exchange(writes_before_, swap_device().calls.pages_written);
    }

private:
    uint64_t reads_before_ = 0, writes_before_ = 0;
};

TEST_F(SwapPage, GoesOutAndComesBackByteForByte)
{
    Program &own = program();
    VirtAddr at = own.map(40);
    fill(own, at, 40);
    push_out(own, at, 40);
    ASSERT_EQ(places(own, at, 40), std::string(40, 's'));
    EXPECT_EQ(own->counts().swapped, 40u);
    EXPECT_EQ(own->counts().resident_anonymous, 0u);
    EXPECT_EQ(used_slots(), 40u);
    audit();
    check(own, at, 40);
    EXPECT_EQ(own->counts().swapped, 0u);
    EXPECT_EQ(own->counts().resident_anonymous, 40u);
}

// (What the policy Aging goes by. The frame had other pages before, which grew old.)
TEST_F(SwapPage, ComesBackAsNewAsAnyOther)
{
    Program &own = program();
    VirtAddr at = own.map(8);
    fill(own, at, 8);
    push_out(own, at, 8);
    for (uint64_t frame = 0; frame < mm::frames().end_of_ram(); frame++) {
        if (mm::machine::frame_array()[frame].kind == mm::FrameKind::Free)
            mm::machine::frame_array()[frame].age = 0;
    }
    check(own, at, 8);
    for (uint64_t i = 0; i < 8; i++) {
        PhysAddr frame = own->page_table().find(at + i * PageSize)->address();
        EXPECT_EQ(mm::descriptor(frame).age, mm::Frame::NewAge) << "page " << i;
    }
}

TEST_F(SwapPage, MoreThanThereIsMemory)
{
    Program &own = program();
    VirtAddr at = own.map(400);
    fill(own, at, 400);
    audit();
    check(own, at, 400);
    audit();
}

TEST_F(SwapPage, MajorFaultsAreCountedAndSoAreThePages)
{
    Program &own = program();
    VirtAddr at = own.map(8);
    fill(own, at, 8);
    push_out(own, at, 8);
    mm::MemoryCounters before = mm::memory_counters();
    uint64_t major = own->counts().major_faults;
    reads();
    check(own, at, 8);
    uint64_t faults = own->counts().major_faults - major;
    EXPECT_GE(faults, 1u);
    EXPECT_LE(faults, 8u);
    EXPECT_EQ(mm::memory_counters().pswpin - before.pswpin, reads());
}

TEST_F(SwapPage, InspectSaysWhereItIs)
{
    Program &own = program();
    VirtAddr at = own.map(1);
    fill(own, at, 1);
    EXPECT_FALSE(own->inspect(at).swapped);
    push_out(own, at, 1);
    mm::PageInformation page = own->inspect(at);
    EXPECT_FALSE(page.present);
    ASSERT_TRUE(page.swapped);
    EXPECT_EQ(page.slot, slot_at(own, at));
    EXPECT_EQ(own.residents(at, 1), ".");
    check(own, at, 1);
}

TEST_F(SwapPage, LockedPagesNeverGo)
{
    Program &own = program();
    VirtAddr at = own.map(10), other = own.map(10);
    fill(own, at, 10);
    fill(own, other, 10, 100);
    ASSERT_TRUE(own->lock(at, 10 * PageSize, false).ok());
    push_out(own, other, 10);
    EXPECT_EQ(places(own, at, 10), std::string(10, 'm'));
    ASSERT_TRUE(own->unlock(at, 10 * PageSize).ok());
    push_out(own, at, 10);
    EXPECT_EQ(places(own, at, 10), std::string(10, 's'));
    check(own, at, 10);
    check(own, other, 10, 100);
}

TEST_F(SwapPage, LockingBringsPagesBack)
{
    Program &own = program();
    VirtAddr at = own.map(10);
    fill(own, at, 10);
    push_out(own, at, 10);
    ASSERT_TRUE(own->lock(at, 10 * PageSize, false).ok());
    EXPECT_EQ(own.residents(at, 10), std::string(10, 'x'));
    EXPECT_EQ(own->counts().swapped, 0u);
    check(own, at, 10);
}

// Somebody in the kernel uses the frame: a device, say.
TEST_F(SwapPage, PinnedPagesNeverGo)
{
    Program &own = program();
    VirtAddr at = own.map(2);
    fill(own, at, 2);
    PhysAddr frame = own->page_table().find(at)->address();
    mm::frames().share(frame);
    push_out(own, at + PageSize, 1);
    EXPECT_EQ(places(own, at, 2), "ms");
    EXPECT_EQ(own->page_table().find(at)->address(), frame);
    mm::frames().drop(frame);
    push_out(own, at, 2);
    EXPECT_EQ(places(own, at, 2), "ss");
    check(own, at, 2);
}

TEST_F(SwapPage, SharedMemoryGoesOnceAndComesBackToAll)
{
    Program &one = program(), &two = program();
    VirtAddr at = one.map(12, ReadWrite, {.shared = true});
    MemoryObject *object = one->areas().find(at)->object;
    VirtAddr there = two.map_file(*object, 0, 12, ReadWrite, {.shared = true});
    fill(one, at, 12);
    check(two, there, 12);
    writes();
    push_out(one, at, 0);
    for (uint64_t i = 0; i < 12; i++) {
        EXPECT_FALSE(object->has_page(i)) << i;
        EXPECT_NE(object->slot_of(i).offset(), 0u) << i;
    }
    unsigned times = 0;
    for (const auto &each : swap_device().history) {
        mm::SwapSlot first = object->slot_of(0);
        times += each.direction == Direction::Out && first.raw() - each.first.raw() < each.count;
    }
    EXPECT_EQ(times, 1u);
    audit();
    check(two, there, 12);
    reads();
    check(one, at, 12);
    EXPECT_EQ(reads(), 0u);
    ASSERT_EQ(two.write(there, 99), FaultResult::Resolved);
    EXPECT_EQ(one.byte(at), 99);
}

// It came in and was not written since: the slot still holds it.
TEST_F(SwapPage, CleanPageGoesWithoutAWrite)
{
    Program &own = program();
    VirtAddr at = own.map(1);
    fill(own, at, 1);
    push_out(own, at, 1);
    mm::SwapSlot slot = slot_at(own, at);
    auto written = [&] {
        unsigned times = 0;
        for (const auto &each : swap_device().history)
            times += each.direction == Direction::Out && slot.raw() - each.first.raw() < each.count;
        return times;
    };
    ASSERT_EQ(written(), 1u);
    check(own, at, 1);
    EXPECT_EQ(places(own, at, 1), "b");
    push_out(own, at, 1);
    EXPECT_EQ(slot_at(own, at), slot);
    EXPECT_EQ(written(), 1u);
    check(own, at, 1);
}

TEST_F(SwapPage, WrittenPageIsWrittenAgain)
{
    Program &own = program();
    VirtAddr at = own.map(4);
    fill(own, at, 4);
    push_out(own, at, 4);
    check(own, at, 4);
    fill(own, at, 4, 50);
    push_out(own, at, 4);
    check(own, at, 4, 50);
}

// Read first, which leaves a clean page in the swap cache, then written without a fault of its own.
TEST_F(SwapPage, WriteThatCausesNoFaultIsNotForgotten)
{
    Program &own = program();
    VirtAddr at = own.map(1);
    fill(own, at, 1);
    for (uint32_t round = 2; round < 8; round++) {
        push_out(own, at, 1);
        (void)own.byte(at);
        scheduler().settle();
        fill(own, at, 1, round);
        push_out(own, at, 1);
        check(own, at, 1, round);
    }
}

TEST_F(SwapPage, CleanFilePagesAreDroppedAndReadAgain)
{
    TestFile file(30 * PageSize);
    MemoryObject &object = file_object(file);
    Program &own = program();
    VirtAddr at = own.map_file(object, 0, 30, ReadOnly);
    for (uint64_t i = 0; i < 30; i++) EXPECT_EQ(own.byte(at + i * PageSize), file.byte(i * PageSize));
    VirtAddr other = own.map(4);
    fill(own, other, 4);
    push_out(own, other, 4);
    EXPECT_LT(object.cached_pages(), 30u);
    for (uint64_t i = 0; i < 30; i++) EXPECT_EQ(own.byte(at + i * PageSize), file.byte(i * PageSize));
}

// What a private mapping wrote of a file's page is anonymous memory like any other.
TEST_F(SwapPage, PrivateCopiesOfFilePagesGoToSwap)
{
    TestFile file(8 * PageSize);
    MemoryObject &object = file_object(file);
    Program &own = program();
    VirtAddr at = own.map_file(object, 0, 8, ReadWrite);
    fill(own, at, 8);
    push_out(own, at, 8);
    EXPECT_EQ(places(own, at, 8), std::string(8, 's'));
    EXPECT_EQ(own->counts().swapped, 8u);
    check(own, at, 8);
}

TEST_F(SwapPage, NeverTouchedPagesCostNoSlot)
{
    Program &own = program();
    VirtAddr at = own.map(4), other = own.map(1);
    for (uint64_t i = 0; i < 4; i++) EXPECT_EQ(own.byte(at + i * PageSize), 0);
    fill(own, other, 1);
    push_out(own, other, 1);
    EXPECT_EQ(places(own, at, 4), "0000");
    EXPECT_EQ(used_slots(), 1u);
    EXPECT_EQ(own.write(at, 1), FaultResult::Resolved);
}

// ---- Calls on pages that are on disk

TEST_F(SwapPage, UnmappingFreesTheSlots)
{
    Program &own = program();
    VirtAddr at = own.map(10);
    fill(own, at, 10);
    push_out(own, at, 10);
    ASSERT_TRUE(own->unmap(at, 4 * PageSize).ok());
    EXPECT_EQ(used_slots(), 6u);
    ASSERT_TRUE(own->advise(at + 4 * PageSize, 3 * PageSize, Advice::DontNeed).ok());
    EXPECT_EQ(used_slots(), 3u);
    EXPECT_EQ(own->counts().swapped, 3u);
    EXPECT_EQ(own.byte(at + 4 * PageSize), 0);
    check(own, at + 7 * PageSize, 3, 8);
}

TEST_F(SwapPage, ComesBackWhereItWasMovedTo)
{
    Program &own = program();
    VirtAddr at = own.map(6), there = own.map(6);
    fill(own, at, 6);
    push_out(own, at, 6);
    RemapRequest request{.old_address = at,
                         .old_size = 6 * PageSize,
                         .new_size = 6 * PageSize,
                         .may_move = true,
                         .fixed = true,
                         .new_address = there};
    ASSERT_TRUE(own->remap(request).ok());
    EXPECT_EQ(places(own, there, 6), "ssssss");
    audit();
    check(own, there, 6);
    push_out(own, there, 6);
    check(own, there, 6);
}

TEST_F(SwapPage, ComesBackWithTheProtectionOfNow)
{
    Program &own = program();
    VirtAddr at = own.map(3);
    fill(own, at, 3);
    push_out(own, at, 3);
    ASSERT_TRUE(own->protect(at, PageSize, ReadOnly).ok());
    ASSERT_TRUE(own->protect(at + PageSize, PageSize, NoAccess).ok());
    audit();
    check(own, at, 1);
    EXPECT_EQ(own.write(at, 1), FaultResult::Denied);
    EXPECT_EQ(own.read(at + PageSize), FaultResult::Denied);
    ASSERT_TRUE(own->protect(at, 3 * PageSize, ReadWrite).ok());
    check(own, at, 3);
}

TEST_F(SwapPage, PagesWithoutAccessGoTooAndComeBack)
{
    Program &own = program();
    VirtAddr at = own.map(3);
    fill(own, at, 3);
    ASSERT_TRUE(own->protect(at, 3 * PageSize, NoAccess).ok());
    push_out(own, at, 3);
    EXPECT_EQ(places(own, at, 3), "sss");
    ASSERT_TRUE(own->protect(at, 3 * PageSize, ReadWrite).ok());
    check(own, at, 3);
}

// Somebody asked for the neighbour and went away before it had come: it is in memory, and mapped nowhere.
TEST_F(SwapPage, ReadingAheadEndsAtAPageThatIsInMemory)
{
    Program &own = program();
    VirtAddr at = own.map(8);
    fill(own, at, 8);
    mm::MemoryObject *object = mm::descriptor(own->page_table().find(at)->address()).object;
    push_out(own, at, 8);
    VirtAddr second = at + PageSize;
    ASSERT_EQ(*mm::begin_reading(
                  {.first = slot_at(own, second), .count = 1, .object = object, .index = second.page()}),
              1u);
    scheduler().settle();
    ASSERT_EQ(places(own, at, 8), "sbssssss");
    reads();
    check(own, at, 8);
    EXPECT_EQ(reads(), 7u);
    audit();
}

TEST_F(SwapPage, PopulatingBringsPagesBack)
{
    Program &own = program();
    VirtAddr at = own.map(6);
    fill(own, at, 6);
    push_out(own, at, 6);
    ASSERT_TRUE(own->advise(at, 6 * PageSize, Advice::PopulateRead).ok());
    EXPECT_EQ(own.residents(at, 6), "xxxxxx");
    check(own, at, 6);
}

TEST_F(SwapPage, AProgramThatEndsLeavesNoSlot)
{
    {
        Program own(3);
        VirtAddr at = own.map(10);
        fill(own, at, 10);
        push_out(own, at, 10);
        EXPECT_EQ(used_slots(), 10u);
    }
    scheduler().settle();
    EXPECT_EQ(used_slots(), 0u);
}

} // namespace
