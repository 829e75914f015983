// Files whose pages are shared anonymous memory (mm/memory_object.hpp): where they end, what cutting them off
// does to everybody who shows them, and pages that the kernel holds (mm/held_page.hpp).
#include "mm/held_page.hpp"
#include "mm/page_frame.hpp"
#include "mm/page_out.hpp"
#include "tests/host/swapping.hpp"

namespace {

using namespace host;

constexpr uint64_t Others = 150; // pages of somebody else: more than there are frames

// A file of pages that were never written: each is full of its number plus 1.
class Pattern final : public mm::PageSource {
public:
    Result<void> read_page(uint64_t index, PhysAddr frame) override
    {
        auto *bytes = static_cast<uint8_t *>(mm::machine::window(frame));
        std::fill_n(bytes, PageSize, static_cast<uint8_t>(index + 1));
        return {};
    }
    uint64_t size() const override { return pages * PageSize; }
    void retain() override { references++; }
    void release() override { references--; }

    uint64_t pages = 6;
    int references = 0;
};

class SharedFile : public SwapTest {
protected:
    void SetUp() override
    {
        SwapTest::SetUp();
        runner_ = &program(); // with the first one there is a ring of pages
        file_ = *MemoryObject::create(MemoryObject::Kind::SharedAnonymous, &source_);
    }
    void after_programs() override
    {
        EXPECT_EQ(source_.references, 0) << "a mapping or a page kept the file";
        file_->drop();
        SwapTest::after_programs();
    }
    VirtAddr map_shared(Program &program, uint64_t offset = 0, uint64_t pages = 6)
    {
        return program.map_file(*file_, offset, pages, ReadWrite, {.shared = true});
    }
    void cut(uint64_t pages)
    {
        source_.pages = pages;
        file_->truncate(pages);
    }

    Program *runner_ = nullptr;
    Pattern source_;
    MemoryObject *file_ = nullptr;
};

TEST_F(SharedFile, BeginsAsItsSourceSaysAndEndsThere)
{
    Program &p = *runner_;
    VirtAddr at = map_shared(p, 0, 8);
    EXPECT_EQ(p.byte(at + 5 * PageSize), 6);
    EXPECT_EQ(file_->next_page(0), 5u);
    EXPECT_EQ(file_->next_page(6), UINT64_MAX);
    EXPECT_EQ(p.read(at + 6 * PageSize), FaultResult::BusError);
    EXPECT_EQ(p.write(at + 7 * PageSize, 1), FaultResult::BusError);
}

// A page may be kept there (fallocate(2)), but it is nobody's yet.
TEST_F(SharedFile, WhatLiesBehindTheEndDoesNotComeAlong)
{
    Program &other = *runner_, &reader = program();
    other.touch(map_shared(other), 6, 77);
    source_.pages = 2;
    VirtAddr at = map_shared(reader);
    for (uint64_t i = 0; i < 2; i++) EXPECT_EQ(reader.byte(at + i * PageSize), 77);
    EXPECT_EQ(reader.read(at + 2 * PageSize), FaultResult::BusError);
    cut(2);
}

TEST_F(SharedFile, CuttingItOffTakesThePagesFromAllWhoShowThem)
{
    Program &one = *runner_, &other = program();
    VirtAddr whole = map_shared(one), part = map_shared(other, 3, 3), copy = map_shared(other);
    one.touch(whole, 6, 77);
    ASSERT_EQ(other.byte(part + PageSize), 77);
    ASSERT_EQ(other.byte(copy + PageSize), 77);
    Program &child = fork(one);
    ASSERT_EQ(child.byte(whole + 5 * PageSize), 77);
    cut(4);
    audit();
    EXPECT_EQ(mm::frames().count(FrameKind::Anonymous), 4u);
    for (Program *each : {&one, &child}) {
        EXPECT_EQ(each->byte(whole + 3 * PageSize), 77);
        EXPECT_EQ(each->read(whole + 4 * PageSize), FaultResult::BusError);
    }
    EXPECT_EQ(other.byte(part), 77);
    EXPECT_EQ(other.read(part + PageSize), FaultResult::BusError);
    EXPECT_EQ(other->counts().resident_shared, 2u);

    source_.pages = 6;
    EXPECT_EQ(one.byte(whole + 4 * PageSize), 5) << "what comes after is new";
}

TEST_F(SharedFile, PrivateCopiesGoWhenItIsCutOffAndStayInAHole)
{
    Program &p = *runner_;
    VirtAddr at = p.map_file(*file_, 0, 6, ReadWrite);
    p.touch(at, 6, 9);
    ASSERT_EQ(p.read(at + 2 * PageSize), FaultResult::Resolved);
    file_->discard(0, 2);
    EXPECT_EQ(p.byte(at), 9);
    cut(3);
    audit();
    EXPECT_EQ(p->counts().resident_anonymous, 3u);
    EXPECT_EQ(p.byte(at + 2 * PageSize), 9);
    EXPECT_EQ(p.read(at + 3 * PageSize), FaultResult::BusError);
}

TEST_F(SharedFile, HandsItsAreasOverToAnother)
{
    // What the archive brought, and the copy that takes its place: each page says whose it is.
    TestFile original(6 * PageSize);
    MemoryObject *before = *MemoryObject::create(MemoryObject::Kind::File, &original);
    Program &one = *runner_, &other = program();
    VirtAddr shared = one.map_file(*before, 0, 6, ReadOnly, {.shared = true});
    VirtAddr part = other.map_file(*before, 2, 4, ReadWrite);
    ASSERT_EQ(one.byte(shared), original.byte(0));
    ASSERT_EQ(one.byte(shared + 3 * PageSize), original.byte(3 * PageSize));
    ASSERT_EQ(other.byte(part + PageSize), original.byte(3 * PageSize));
    ASSERT_EQ(other.write(part, 99), FaultResult::Resolved); // a copy of its own
    Program &child = fork(other);

    before->hand_over(*file_);
    audit();
    EXPECT_EQ(before->cached_pages(), 0u);
    EXPECT_EQ(mm::frames().count(FrameKind::File), 0u);
    EXPECT_EQ(source_.references, 3) << "one for each area";
    before->drop();
    EXPECT_EQ(one.byte(shared), 1);
    EXPECT_EQ(one.byte(shared + 3 * PageSize), 4);
    for (Program *each : {&other, &child}) {
        EXPECT_EQ(each->byte(part), 99) << "copies stay";
        EXPECT_EQ(each->byte(part + PageSize), 4);
    }
    cut(3);
    EXPECT_EQ(other.read(part + PageSize), FaultResult::BusError);
    audit();
}

TEST_F(SharedFile, APresentPageIsHeldWithoutAWord)
{
    Program &p = *runner_;
    VirtAddr at = map_shared(p);
    EXPECT_EQ(file_->hold_present(2), PhysAddr{});
    ASSERT_EQ(p.byte(at + 2 * PageSize), 3);
    PhysAddr frame = file_->hold_present(2);
    ASSERT_NE(frame, PhysAddr{});
    cut(1);
    EXPECT_EQ(*static_cast<uint8_t *>(mm::machine::window(frame)), 3) << "the holder's, although cut off";
    EXPECT_EQ(mm::frames().count(FrameKind::Anonymous), 1u);
    mm::drop_page(frame);
    EXPECT_EQ(mm::frames().count(FrameKind::Anonymous), 0u);
}

TEST_F(SharedFile, InAHolePagesBeginAnew)
{
    Program &p = *runner_;
    VirtAddr shared = map_shared(p), reader = p.map_file(*file_, 0, 6, ReadWrite);
    p.touch(shared, 6, 9);
    ASSERT_EQ(p.byte(reader + PageSize), 9);
    ASSERT_EQ(p.byte(reader + 3 * PageSize), 9);
    file_->discard(1, 2);
    audit();
    EXPECT_EQ(p.byte(shared), 9);
    EXPECT_EQ(p.byte(shared + PageSize), 2);
    EXPECT_EQ(p.byte(shared + 2 * PageSize), 3);
    EXPECT_EQ(p.byte(shared + 3 * PageSize), 9);
    EXPECT_EQ(p.byte(reader + PageSize), 2) << "it showed the file's own page";
    EXPECT_EQ(p.byte(reader + 3 * PageSize), 9);
}

TEST_F(SharedFile, PagesOnDiskGoWithTheirSlots)
{
    Program &p = *runner_;
    VirtAddr at = map_shared(p), copy = p.map_file(*file_, 0, 6, ReadWrite);
    p.touch(copy, 6, 4);
    fill(p, at, 6);
    push_out(p, copy, 6);
    push_out(p, at, 6);
    ASSERT_EQ(used_slots(), 12u);
    cut(2);
    audit();
    EXPECT_EQ(used_slots(), 4u);
    EXPECT_EQ(p->counts().swapped, 2u);
    check(p, at, 2);
    EXPECT_EQ(p.read(at + 2 * PageSize), FaultResult::BusError);
    EXPECT_EQ(p.byte(copy + PageSize), 4);
    EXPECT_EQ(p.read(copy + 2 * PageSize), FaultResult::BusError);
}

// The transfer has the page yet; nobody else does when it ends.
TEST_F(SharedFile, PagesOnTheirWayAreCutOff)
{
    Program &p = *runner_;
    VirtAddr at = map_shared(p);
    fill(p, at, 6);
    std::vector<uint32_t> going;
    for (uint64_t i = 0; i < 6; i++) {
        auto frame = static_cast<uint32_t>(file_->page(i)->page());
        if (mm::hold_page(frame)) going.push_back(frame);
    }
    ASSERT_EQ(mm::page_out(going).started, 6u);
    cut(1);
    EXPECT_EQ(p.read(at + PageSize), FaultResult::BusError);
    scheduler().settle();
    audit();
    EXPECT_EQ(mm::frames().count(FrameKind::Anonymous), 0u);
    check(p, at, 1);
}

TEST_F(SharedFile, WhatTheKernelWritesIsThereAfterTheDisk)
{
    Program &p = *runner_;
    for (uint64_t i = 0; i < 6; i++) {
        auto page = mm::HeldPage::of(*file_, i);
        ASSERT_TRUE(page.ok());
        EXPECT_EQ(page->bytes()[5], std::byte(i + 1));
        page->bytes()[7] = std::byte(50 + i);
    }
    VirtAddr other = p.map(Others);
    fill(p, other, Others);
    ASSERT_NE(file_->slot_of(0), mm::SwapSlot{}) << "it has gone";
    for (uint64_t i = 0; i < 6; i++) {
        auto page = mm::HeldPage::of(*file_, i);
        ASSERT_TRUE(page.ok());
        EXPECT_EQ(page->bytes()[7], std::byte(50 + i));
        page->bytes()[7] = std::byte(80 + i);
    }
    VirtAddr more = p.map(Others);
    fill(p, more, Others, 500);
    ASSERT_NE(file_->slot_of(0), mm::SwapSlot{});
    for (uint64_t i = 0; i < 6; i++) EXPECT_EQ((*mm::HeldPage::of(*file_, i)).bytes()[7], std::byte(80 + i));
}

// Written to while the disk takes it away: that is no copy of it then.
TEST_F(SharedFile, WhatTheKernelWritesWhileThePageGoesOutIsNotLost)
{
    (*mm::HeldPage::of(*file_, 0)).bytes()[7] = std::byte(1);
    auto frame = static_cast<uint32_t>(file_->page(0)->page());
    ASSERT_TRUE(mm::hold_page(frame));
    ASSERT_EQ(mm::page_out({&frame, 1}).started, 1u);
    (*mm::HeldPage::of(*file_, 0)).bytes()[7] = std::byte(2);
    scheduler().settle();
    Program &p = *runner_;
    VirtAddr other = p.map(Others);
    fill(p, other, Others);
    ASSERT_NE(file_->slot_of(0), mm::SwapSlot{});
    EXPECT_EQ((*mm::HeldPage::of(*file_, 0)).bytes()[7], std::byte(2));
}

TEST_F(SharedFile, AHeldPageStaysInMemory)
{
    Program &p = *runner_;
    auto held = mm::HeldPage::of(*file_, 2);
    ASSERT_TRUE(held.ok());
    VirtAddr other = p.map(Others);
    fill(p, other, Others);
    EXPECT_EQ(*file_->page(2), held->frame());
    EXPECT_EQ(file_->slot_of(2), mm::SwapSlot{});
}

// Nobody else has it any more, so the reclaimer must not take it for the object's.
TEST_F(SharedFile, AHeldPageThatIsCutOffIsItsHoldersAlone)
{
    Program &p = *runner_;
    {
        auto held = mm::HeldPage::of(*file_, 2);
        ASSERT_TRUE(held.ok());
        cut(1);
        source_.pages = 6;
        VirtAddr other = p.map(Others);
        fill(p, other, Others);
        EXPECT_EQ(held->bytes()[0], std::byte(3));
        held->bytes()[0] = std::byte(99);
        auto again = mm::HeldPage::of(*file_, 2);
        ASSERT_TRUE(again.ok());
        EXPECT_EQ(again->bytes()[0], std::byte(3)) << "a new page";
        check(p, other, Others);
    }
    audit();
}

TEST_F(SharedFile, HoldingSaysWhyNot)
{
    EXPECT_EQ(mm::HeldPage::of(*file_, 6).error(), Errno::BadAddress);
    mm::frames().fail_allocations(0, mm::FrameAllocator::AllFail);
    EXPECT_EQ(mm::HeldPage::of(*file_, 1).error(), Errno::NoMemory);
    mm::frames().fail_allocations(0, 0);
    EXPECT_TRUE(mm::HeldPage::of(*file_, 1).ok());
}

// Room that was kept behind the end (fallocate(2)) is on the device like all else.
TEST_F(SharedFile, WhatIsKeptBehindTheEndComesBackFromADeviceThatGoes)
{
    Program &p = *runner_;
    VirtAddr at = map_shared(p);
    for (uint64_t i = 0; i < 6; i++) p.byte(at + i * PageSize);
    ASSERT_TRUE(p->advise(at, 6 * PageSize, Advice::PageOut).ok());
    scheduler().settle();
    ASSERT_EQ(used_slots(), 6u);
    source_.pages = 3;
    ASSERT_TRUE(host::remove_swap_area(0).ok());
    EXPECT_EQ(file_->cached_pages(), 6u);
    for (uint64_t i = 0; i < 6; i++) EXPECT_TRUE(file_->has_page(i)) << i;
    EXPECT_EQ(p.read(at + 3 * PageSize), FaultResult::BusError);
    EXPECT_EQ(p.byte(at + 2 * PageSize), 3);
    file_->truncate(3);
}

} // namespace
