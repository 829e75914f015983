// fork(2) and swapping: slots are shared, and whoever writes, moves or leaves first, everybody has what he
// had.
#include "mm/page_out.hpp"
#include "mm/swap_area.hpp"
#include "mm/swap_in.hpp"
#include "tests/host/swapping.hpp"

namespace {

using namespace host;

class ForkSwap : public SwapTest {
protected:
    // Goes out now, whatever the policy thinks.
    void page_out(Program &program, VirtAddr at, uint64_t pages)
    {
        ASSERT_TRUE(program->advise(at, pages * PageSize, Advice::PageOut).ok());
        scheduler().settle();
        ASSERT_EQ(places(program, at, pages), std::string(pages, 's'));
    }
};

TEST_F(ForkSwap, PagesOnDiskAreSharedByTheirSlots)
{
    Program &parent = program();
    VirtAddr at = parent.map(8);
    fill(parent, at, 8);
    page_out(parent, at, 8);
    uint64_t reads = swap_device().calls.reads;
    Program &child = fork(parent);
    EXPECT_EQ(swap_device().calls.reads, reads) << "nothing is read in for it";
    EXPECT_EQ(used_slots(), 8u);
    EXPECT_EQ(child->counts().swapped, 8u);
    EXPECT_EQ(mm::slot_users(slot_at(child, at)), 2u);
    mm::AreaStatistics pages = child->statistics(*child->areas().find(at));
    EXPECT_EQ(pages.swapped, 8u);
    EXPECT_EQ(pages.proportional_swapped_bytes, 4 * PageSize);
    audit();

    check(child, at, 8);
    audit();
    fill(child, at, 4, 100);
    check(parent, at, 8);
    check(child, at, 4, 100);
    check(child, at + 4 * PageSize, 4, 5);
    audit();
}

TEST_F(ForkSwap, APageInMemoryGoesOutOnceForBoth)
{
    Program &parent = program();
    VirtAddr at = parent.map(8);
    fill(parent, at, 8);
    Program &child = fork(parent);
    page_out(child, at, 8);
    EXPECT_EQ(places(parent, at, 8), "ssssssss");
    EXPECT_EQ(used_slots(), 8u);
    EXPECT_EQ(parent->counts().swapped, 8u);
    audit();
    check(parent, at, 8);
    EXPECT_EQ(mm::frames().count(FrameKind::Anonymous), 8u);
    check(child, at, 8);
    EXPECT_EQ(mm::frames().count(FrameKind::Anonymous), 8u) << "they share the frames again";
}

TEST_F(ForkSwap, WhoIsLeftAloneWritesInPlaceAlsoWithASlot)
{
    Program &parent = program();
    VirtAddr at = parent.map(1);
    fill(parent, at, 1);
    page_out(parent, at, 1);
    Program &child = fork(parent);
    check(parent, at, 1);
    check(child, at, 1);
    PhysAddr frame = parent->inspect(at).frame;
    EXPECT_EQ(child->inspect(at).frame, frame);
    end(child);
    ASSERT_EQ(places(parent, at, 1), "b");
    fill(parent, at, 1, 9);
    EXPECT_EQ(parent->inspect(at).frame, frame);
    // While somebody has the slot, the frame alone is not enough.
    page_out(parent, at, 1);
    Program &other = fork(parent);
    check(parent, at, 1, 9);
    fill(parent, at, 1, 10);
    check(other, at, 1, 9);
    audit();
}

// The page has been back and was written since: what lies in its slot is old, whoever asks.
TEST_F(ForkSwap, AWrittenPageIsWrittenAgainWhoeverIsLeft)
{
    Program &parent = program();
    VirtAddr at = parent.map(1);
    fill(parent, at, 1);
    page_out(parent, at, 1);
    check(parent, at, 1);
    fill(parent, at, 1, 50);
    ASSERT_EQ(places(parent, at, 1), "b");
    Program &child = fork(parent);
    check(child, at, 1, 50);
    end(parent);
    page_out(child, at, 1);
    check(child, at, 1, 50);
}

TEST_F(ForkSwap, PagesUnderWayAreShared)
{
    Program &parent = program();
    VirtAddr at = parent.map(8);
    fill(parent, at, 8);
    std::vector<uint32_t> going;
    for (uint64_t i = 0; i < 8; i++) {
        auto frame = static_cast<uint32_t>(parent->inspect(at + i * PageSize).frame.page());
        ASSERT_TRUE(mm::hold_page(frame));
        going.push_back(frame);
    }
    ASSERT_EQ(mm::page_out(going).started, 8u);
    ASSERT_NE(swap_device().under_way(), 0u);
    Program &child = fork(parent);
    audit();
    fill(child, at, 4, 30);
    scheduler().settle();
    check(parent, at, 8);
    check(child, at, 4, 30);
    check(child, at + 4 * PageSize, 4, 5);
}

// The device fails to write: memory is all that both have.
TEST_F(ForkSwap, APageWhoseSlotIsBadIsStillBoths)
{
    Program &parent = program();
    VirtAddr at = parent.map(4);
    fill(parent, at, 4);
    Program &child = fork(parent);
    swap_device().fail_transfers(0, 1, mm::PageTransfer::Direction::Out);
    ASSERT_TRUE(parent->advise(at, 4 * PageSize, Advice::PageOut).ok());
    scheduler().settle();
    audit();
    fill(parent, at, 2, 60);
    check(child, at, 4);
    check(parent, at, 2, 60);
    page_out(child, at, 4);
    check(child, at, 4);
}

// A slot's count ends at 127, and the swap cache needs one of them to read the page.
TEST_F(ForkSwap, AFamilyLargerThanASlotsCount)
{
    set_up({.frames = 1500, .slots = 60});
    constexpr unsigned Children = mm::SwapArea::MaxUsers + 20;
    Program &parent = program();
    VirtAddr at = parent.map(3);
    fill(parent, at, 3);
    page_out(parent, at, 3);
    std::vector<AddressSpace *> family{&parent.space()};
    for (unsigned i = 0; i < Children; i++) {
        auto child = parent->fork();
        ASSERT_TRUE(child.ok()) << "child " << i;
        family.push_back(*child);
        // As when memory is short: of a page that everybody has there are too many entries to exchange.
        if (i % 40 == 39) {
            ASSERT_TRUE(parent->advise(at, 3 * PageSize, Advice::PageOut).ok());
        }
    }
    scheduler().settle();
    audit_all(family);
    EXPECT_LE(used_slots(), 6u);
    const uint8_t *expected = page_bytes(*family[0]->page_table().find(at));
    for (AddressSpace *each : family) {
        const uint8_t *found = page_bytes(*each->page_table().find(at));
        ASSERT_TRUE(std::equal(found, found + PageSize, expected));
    }
    // The first child, which has the slot, can still read and write.
    {
        AddressSpace &first = *family[1];
        ASSERT_TRUE(first.page_table().find(at)->is_swap());
        first.share();
        Program child(first, 1);
        check(child, at, 3);
        fill(child, at, 3, 70);
    }
    check(parent, at, 3);
    for (size_t i = 1; i < family.size(); i++) family[i]->drop();
    check(parent, at, 3);
}

TEST_F(ForkSwap, SwapoffBringsAFamilysPagesBackOnce)
{
    Program &parent = program();
    VirtAddr at = parent.map(20);
    fill(parent, at, 20);
    page_out(parent, at, 20);
    Program &child = fork(parent), &grandchild = fork(child);
    fill(child, at, 5, 200);
    scheduler().settle();
    ASSERT_TRUE(host::remove_swap_area(0).ok());
    audit();
    EXPECT_EQ(mm::frames().count(FrameKind::Anonymous), 25u);
    check(parent, at, 20);
    check(grandchild, at, 20);
    check(child, at, 5, 200);
}

// A child comes while swapoff is under way, of a space that it has been to and of one that it has not.
TEST_F(ForkSwap, AFamilyGrowsDuringSwapoff)
{
    Program &parent = program();
    VirtAddr at = parent.map(20);
    fill(parent, at, 20);
    page_out(parent, at, 20);
    Program &child = fork(parent);
    Result<void> removed;
    AddressSpace *made[2]{};
    scheduler().spawn("swapoff", 3, nullptr, [&] { removed = host::remove_swap_area(0); });
    scheduler().spawn("fork", 4, nullptr, [&] {
        while (places(parent, at, 20).find('b') == std::string::npos) scheduler().yield();
        made[0] = *parent->fork();
        made[1] = *child->fork();
    });
    scheduler().run();
    EXPECT_TRUE(removed.ok());
    AddressSpace *all[] = {&parent.space(), &child.space(), made[0], made[1]};
    audit_all(all);
    for (AddressSpace *each : made) each->drop();
    check(parent, at, 20);
    check(child, at, 20);
}

// A private page is found by its virtual page number in every space of the family.
TEST_F(ForkSwap, MovedPagesAreOnesOwn)
{
    Program &parent = program();
    VirtAddr at = parent.map(9), elsewhere = at - 64 * MiB;
    fill(parent, at, 9);
    page_out(parent, at, 6);
    Program &child = fork(parent);
    mm::allow_read_ahead(false);
    check(child, at, 3); // so there are all kinds: back for one, on disk for both, never gone
    mm::allow_read_ahead(true);
    ASSERT_EQ(places(parent, at, 9), "bbbsssmmm");
    RemapRequest request;
    request.old_address = at;
    request.old_size = request.new_size = 9 * PageSize;
    request.may_move = request.fixed = true;
    request.new_address = elsewhere;
    ASSERT_TRUE(parent->remap(request).ok());
    audit();
    push_out(child, at, 9);
    push_out(parent, elsewhere, 9);
    audit();
    check(parent, elsewhere, 9);
    check(child, at, 9);
    audit(); // each page has the number of the one place where it is
    fill(child, at, 9, 300);
    check(parent, elsewhere, 9);
    audit();
}

// What is alone in the world moves as it is.
TEST_F(ForkSwap, AfterTheChildsEndNothingIsCopiedToMove)
{
    Program &parent = program();
    VirtAddr at = parent.map(4);
    fill(parent, at, 4);
    Program &child = fork(parent), &other = fork(parent);
    end(child);
    fill(other, at, 2, 90); // the copies are the other's
    uint64_t copies = machine().calls.copy_frame;
    RemapRequest request;
    request.old_address = at;
    request.old_size = request.new_size = 2 * PageSize;
    request.may_move = request.fixed = true;
    request.new_address = at - 64 * MiB;
    ASSERT_TRUE(parent->remap(request).ok());
    EXPECT_EQ(machine().calls.copy_frame, copies);
    audit();
    check(parent, at - 64 * MiB, 2);
    check(other, at, 2, 90);
}

// Tables for the child come from what others give up, and a page of theirs may have to be written first.
TEST_F(ForkSwap, WaitsForMemory)
{
    Program &parent = program();
    constexpr uint64_t Places = 24;
    VirtAddr at{0x10000000};
    for (uint64_t i = 0; i < Places; i++) {
        parent.map_at(at + i * 4 * MiB, 1);
        fill(parent, at + i * 4 * MiB, 1, static_cast<uint32_t>(i));
    }
    Program &other = program();
    VirtAddr theirs = other.map(200);
    fill(other, theirs, 200, 1000);
    Program &child = fork(parent);
    audit();
    for (uint64_t i = 0; i < Places; i++) {
        check(child, at + i * 4 * MiB, 1, static_cast<uint32_t>(i));
        fill(child, at + i * 4 * MiB, 1, 500);
        check(parent, at + i * 4 * MiB, 1, static_cast<uint32_t>(i));
    }
    check(other, theirs, 200, 1000);
}

} // namespace
