// Spaces that live flat in one piece of the pool (mm/flat.cpp): one test for each rule.
#include "mm/page_frame.hpp"
#include "tests/host/pool.hpp"
#include "tests/host/swapping.hpp"

namespace {

using namespace host;

constexpr uint64_t Pages = 40; // of the usual piece
constexpr VirtAddr Base{0x400000}, End = Base + Pages * PageSize;
constexpr VirtAddr Outside{0x40000000};

class FlatTest : public SwapTest {
protected:
    void SetUp() override
    {
        set_up({.frames = 400});
        set_up_pool(200);
    }
    void after_programs() override
    {
        take_down_pool();
        SwapTest::after_programs();
    }

    // A program in a piece of its own, without a stack unless it gets one.
    static void make_flat(Program &program, uint64_t pages = Pages)
    {
        auto piece = mm::pool().allocate(pages, 1);
        ASSERT_TRUE(piece.ok());
        ASSERT_TRUE(program->live_in(**piece, Base).ok());
    }
    Program &flat_program(uint64_t pages = Pages)
    {
        Program &made = program();
        make_flat(made, pages);
        return made;
    }
    static MapRequest request(VirtAddr at, uint64_t pages, AreaFlags flags = {})
    {
        MapRequest request;
        request.address = at;
        request.length = pages * PageSize;
        request.protection = ReadWrite;
        request.flags = flags;
        return request;
    }
    static MapRequest fixed(VirtAddr at, uint64_t pages, AreaFlags flags = {})
    {
        MapRequest result = request(at, pages, flags);
        result.placement = MapRequest::Placement::Fixed;
        return result;
    }
    static RemapRequest moving(VirtAddr from, uint64_t old_pages, uint64_t new_pages)
    {
        RemapRequest request;
        request.old_address = from;
        request.old_size = old_pages * PageSize;
        request.new_size = new_pages * PageSize;
        request.may_move = true;
        return request;
    }
    static PhysAddr frame_at(Program &p, VirtAddr page) { return p->inspect(page).frame; }
    // All are there, each in the frame where it belongs, and no access needs a fault.
    static void expect_present(Program &p, VirtAddr at, uint64_t pages, Access access = Access::Write)
    {
        for (uint64_t i = 0; i < pages; i++, at += PageSize) {
            auto information = p->inspect(at);
            ASSERT_TRUE(information.present) << "page " << i;
            EXPECT_EQ(information.frame, p->piece()->begin + (at - Base)) << "page " << i;
            EXPECT_FALSE(information.file_or_shared);
            EXPECT_EQ(p.access(at, access, 7), FaultResult::Resolved);
            EXPECT_EQ(p.faults, 0u) << "page " << i;
        }
    }
    static void number(Program &p, VirtAddr at, uint64_t pages)
    {
        for (uint64_t i = 0; i < pages; i++)
            ASSERT_EQ(p.write(at + i * PageSize, static_cast<uint8_t>(1 + i)), FaultResult::Resolved);
    }
    static std::string numbers(Program &p, VirtAddr at, uint64_t pages)
    {
        std::string text;
        for (uint64_t i = 0; i < pages; i++) text += std::to_string(p.byte(at + i * PageSize));
        return text;
    }
};

// ---- The piece

TEST_F(FlatTest, ASpaceMovesIntoOnePieceOnceAndEmpty)
{
    Program &p = flat_program();
    EXPECT_TRUE(p->is_flat());
    EXPECT_EQ(p->flat_range().begin, Base);
    EXPECT_EQ(p->flat_range().end, End);
    mm::PoolExtent &other = **mm::pool().allocate(3, 2);
    EXPECT_EQ(p->live_in(other, Base).error(), Errno::Invalid) << "it has one";
    Program &used = program();
    used.map(1);
    EXPECT_EQ(used->live_in(other, Base).error(), Errno::Invalid) << "something is mapped";
    Program &q = program();
    EXPECT_EQ(q->live_in(other, Base + 1).error(), Errno::Invalid);
    EXPECT_EQ(q->live_in(other, mm::UserBegin - PageSize).error(), Errno::Invalid);
    EXPECT_EQ(q->live_in(other, mm::UserEnd - 2 * PageSize).error(), Errno::Invalid);
    EXPECT_FALSE(q->is_flat());
    EXPECT_EQ(q->piece(), nullptr);
    EXPECT_TRUE(q->flat_range().empty());
    mm::pool().give_back(other);
}

TEST_F(FlatTest, ThePieceGoesBackWithTheSpace)
{
    {
        Program p(5);
        make_flat(p);
        p.map(10);
        EXPECT_EQ(mm::pool().statistics().pieces, 1u);
        EXPECT_EQ(p->piece()->frames_in_use, 10u);
        EXPECT_EQ(mm::frames().count(FrameKind::Pool), 190u);
    }
    EXPECT_EQ(mm::pool().statistics().pieces, 0u);
    EXPECT_EQ(mm::frames().count(FrameKind::Pool), 200u);
}

TEST_F(FlatTest, UnmappedPagesGoBackToThePieceAndNowhereElse)
{
    Program &p = flat_program();
    VirtAddr at = p.map_at(Base, 8);
    uint64_t free = mm::frames().free_count();
    ASSERT_TRUE(p->unmap(at + 2 * PageSize, 3 * PageSize).ok());
    EXPECT_EQ(p->piece()->frames_in_use, 5u);
    EXPECT_EQ(mm::frames().free_count(), free);
    EXPECT_EQ(mm::frames().count(FrameKind::Pool), 195u);
    EXPECT_EQ(p->resident(), 5u);
}

// ---- What is mapped is there

TEST_F(FlatTest, EveryPageIsAtItsPlaceFromTheStart)
{
    Program &p = flat_program();
    expect_present(p, p.map(5), 5);
    expect_present(p, p.map_at(Base + 3 * PageSize, 4), 4);
    EXPECT_EQ(p.minor_faults(), 0u);
    EXPECT_EQ(p->counts().resident_anonymous, 9u);
    EXPECT_EQ(p.residents(Base + 2 * PageSize, 6), "?xxxx?");
}

TEST_F(FlatTest, PagesThatAreOnlyReadHaveFramesOfTheirOwn)
{
    Program &p = flat_program();
    VirtAddr at = p.map(3, ReadOnly);
    expect_present(p, at, 3, Access::Read);
    EXPECT_EQ(p.byte(at), 0);
    EXPECT_EQ(p->resident(), 3u);
    EXPECT_EQ(p.write(at, 1), FaultResult::Denied);
    ASSERT_TRUE(p->protect(at, 3 * PageSize, ReadWrite).ok());
    expect_present(p, at, 3);
}

TEST_F(FlatTest, PrivateFilesAreReadInAtOnce)
{
    TestFile file(4 * PageSize);
    MemoryObject &object = file_object(file);
    Program &p = flat_program();
    VirtAddr text = p.map_file(object, 1, 2, ReadExecute), data = p.map_file(object, 0, 3, ReadWrite);
    expect_present(p, text, 2, Access::Execute);
    EXPECT_EQ(p.byte(text + 5), file.byte(PageSize + 5));
    EXPECT_EQ(p.byte(data + 9), file.byte(9));
    expect_present(p, data, 3);
    EXPECT_EQ(p.byte(text + PageSize), file.byte(2 * PageSize)) << "a write to a copy changes no other";
    EXPECT_EQ(p->counts().resident_file, 0u);
    EXPECT_EQ(object.drain(), 4u - 1) << "the page cache keeps its own frames, and nobody else has them";
}

TEST_F(FlatTest, PagesPastTheEndOfAFileAreBusErrors)
{
    TestFile file(PageSize + 100);
    MemoryObject &object = file_object(file);
    Program &p = flat_program();
    VirtAddr at = p.map_file(object, 0, 4, ReadOnly);
    EXPECT_EQ(p.residents(at, 4), "xx..");
    EXPECT_EQ(p.read(at + 2 * PageSize), FaultResult::BusError);
}

TEST_F(FlatTest, APageThatTheDiskDoesNotReadComesWhenItDoes)
{
    TestFile file(2 * PageSize);
    MemoryObject &object = file_object(file);
    Program &p = flat_program();
    file.fails = true;
    VirtAddr at = p.map_file(object, 0, 2, ReadOnly);
    EXPECT_EQ(p.read(at), FaultResult::BusError);
    file.fails = false;
    EXPECT_EQ(p.byte(at + 3), file.byte(3));
    expect_present(p, at, 1, Access::Read);
}

TEST_F(FlatTest, InaccessibleMemoryGetsItsPagesWhenItBecomesAccessible)
{
    Program &p = flat_program();
    VirtAddr at = p.map(4, NoAccess);
    EXPECT_EQ(p.residents(at, 4), "....");
    EXPECT_EQ(p->piece()->frames_in_use, 0u);
    ASSERT_TRUE(p->protect(at + PageSize, 2 * PageSize, ReadWrite).ok());
    EXPECT_EQ(p.residents(at, 4), ".xx.");
    expect_present(p, at + PageSize, 2);
    // There and back: the contents stay.
    ASSERT_TRUE(p->protect(at + PageSize, PageSize, NoAccess).ok());
    EXPECT_EQ(p.read(at + PageSize), FaultResult::Denied);
    ASSERT_TRUE(p->protect(at, 4 * PageSize, ReadOnly).ok());
    expect_present(p, at, 4, Access::Read);
    EXPECT_EQ(p.byte(at + PageSize), 7);
}

TEST_F(FlatTest, WhatMprotectChangedBeforeItMetAHoleIsThere)
{
    Program &p = flat_program();
    VirtAddr at = p.map_at(Base, 3, NoAccess);
    EXPECT_EQ(p->protect(at, 5 * PageSize, ReadWrite).error(), Errno::NoMemory);
    expect_present(p, at, 3);
}

TEST_F(FlatTest, LockingOnFaultLocksWhatIsThereAnyway)
{
    Program &p = flat_program();
    VirtAddr at = p.map(3, ReadWrite, {.locked = true, .lock_on_fault = true});
    expect_present(p, at, 3);
    p.map_at(Base, 2, NoAccess);
    EXPECT_TRUE(p->lock(Base, 2 * PageSize, true).ok());
    EXPECT_EQ(p->lock(Base, 2 * PageSize, false).error(), Errno::NoMemory) << "as always";
}

// ---- Where there is room

TEST_F(FlatTest, OutsideOfTheRangeThereIsNothing)
{
    Program &p = flat_program();
    auto error = [&](VirtAddr at, uint64_t pages) { return p->map(fixed(at, pages)).error(); };
    EXPECT_EQ(error(Outside, 1), Errno::NoMemory);
    EXPECT_EQ(error(End, 1), Errno::NoMemory);
    EXPECT_EQ(error(End - PageSize, 2), Errno::NoMemory);
    EXPECT_EQ(error(Base - PageSize, 2), Errno::NoMemory);
    EXPECT_EQ(error(VirtAddr{}, 1), Errno::NotPermitted) << "as always";
    EXPECT_EQ(error(Base + 1, 1), Errno::Invalid) << "as always";
    EXPECT_EQ(error(End - PageSize, 1), Errno{});
    EXPECT_EQ(error(Base, Pages), Errno{}) << "all of it";
    EXPECT_EQ(p->map(request({}, 1)).error(), Errno::NoMemory);
    EXPECT_EQ(p.read(Outside), FaultResult::NotMapped);
    EXPECT_EQ(p.read(End), FaultResult::NotMapped);
}

TEST_F(FlatTest, HintsCountWithinTheRangeAlone)
{
    Program &p = flat_program();
    EXPECT_EQ(*p->map(request(Base + 5 * PageSize, 2)), Base + 5 * PageSize);
    EXPECT_EQ(*p->map(request(Outside, 2)), End - 2 * PageSize);
    EXPECT_EQ(*p->map(request(Base - PageSize, 2)), End - 4 * PageSize);
    EXPECT_EQ(*p->map(request(Base + 6 * PageSize, 2)), End - 6 * PageSize) << "it is taken";
    EXPECT_EQ(*p->map(request(End - PageSize, 2)), End - 8 * PageSize) << "half of it is outside";
}

TEST_F(FlatTest, MmapAndTheHeapMeetInTheMiddle)
{
    Program &p = flat_program(12);
    VirtAddr top = Base + 12 * PageSize;
    p->start_break(Base);
    EXPECT_EQ(p->set_break(Base + 4 * PageSize), Base + 4 * PageSize);
    expect_present(p, Base, 4);
    EXPECT_EQ(p.map(6), top - 6 * PageSize);
    EXPECT_EQ(p->map(request({}, 3)).error(), Errno::NoMemory);
    EXPECT_EQ(p->set_break(Base + 7 * PageSize), Base + 4 * PageSize) << "it would overlap";
    EXPECT_EQ(p->set_break(Base + 6 * PageSize), Base + 4 * PageSize) << "one page stays free, as always";
    EXPECT_EQ(p->set_break(Base + 5 * PageSize), Base + 5 * PageSize);
    EXPECT_EQ(p.map(1), Base + 5 * PageSize);
    EXPECT_EQ(p->set_break(Base + 5 * PageSize + 1), Base + 5 * PageSize);
    EXPECT_EQ(p->map(request({}, 1)).error(), Errno::NoMemory);
    EXPECT_EQ(p->set_break(Base), Base);
    EXPECT_EQ(p->piece()->frames_in_use, 7u);
    EXPECT_EQ(p.map(5), Base);
}

TEST_F(FlatTest, TheHeapEndsWithThePiece)
{
    Program &p = flat_program(12);
    p->start_break(Base);
    EXPECT_EQ(p->set_break(Base + 13 * PageSize), Base);
    EXPECT_EQ(p->set_break(Base + 12 * PageSize), Base + 12 * PageSize);
    expect_present(p, Base, 12);
}

TEST_F(FlatTest, TheStackIsThereAndDoesNotGrow)
{
    Program &p = flat_program();
    ASSERT_TRUE(p->map_stack(End, 4 * PageSize, ReadWrite).ok());
    expect_present(p, End - 4 * PageSize, 4);
    EXPECT_EQ(p.write(End - 5 * PageSize, 1), FaultResult::NotMapped);
    EXPECT_EQ(p.map(1), End - 6 * PageSize) << "one guard page is left below";
    EXPECT_EQ(*p->map(request(End - 5 * PageSize, 1)), End - 7 * PageSize) << "also by who hints at it";
    p->start_break(Base);
    ASSERT_TRUE(p->unmap(Base, Pages * PageSize).ok());
    EXPECT_EQ(p->set_break(End - 4 * PageSize), Base) << "the stack's place is the stack's";
}

TEST_F(FlatTest, AStackThatDoesNotFitIsRefused)
{
    Program &p = flat_program();
    EXPECT_EQ(p->map_stack(End, Pages * PageSize, ReadWrite).error(), Errno::NoMemory) << "no guard page";
    EXPECT_EQ(p->map_stack(End, (Pages + 1) * PageSize, ReadWrite).error(), Errno::NoMemory);
    EXPECT_EQ(p->map_stack(Outside, PageSize, ReadWrite).error(), Errno::NoMemory);
    EXPECT_EQ(p->areas().size(), 0u);
    EXPECT_TRUE(p->map_stack(End, (Pages - 1) * PageSize, ReadWrite).ok());
    EXPECT_EQ(p->map(request({}, 1)).error(), Errno::NoMemory) << "all is stack and guard";
}

TEST_F(FlatTest, NothingGrowsDown)
{
    Program &p = flat_program();
    VirtAddr at = p.map(2, ReadWrite, {.grows_down = true});
    EXPECT_EQ(p.write(at - 1, 1), FaultResult::NotMapped);
}

// ---- Sharing

TEST_F(FlatTest, SharedFilesAreRefusedBeforeAnythingIsUnmapped)
{
    TestFile file(4 * PageSize);
    MemoryObject &object = file_object(file);
    Program &p = flat_program();
    p.map_at(Base, 2);
    MapRequest shared = fixed(Base, 2, {.shared = true});
    shared.object = &object;
    EXPECT_EQ(p->map(shared).error(), Errno::NoDevice);
    expect_present(p, Base, 2);
    shared.placement = MapRequest::Placement::Anywhere;
    EXPECT_EQ(p->map(shared).error(), Errno::NoDevice);
}

TEST_F(FlatTest, SharedAnonymousMemoryIsPrivate)
{
    Program &p = flat_program();
    VirtAddr at = p.map(2, ReadWrite, {.shared = true});
    expect_present(p, at, 2);
    EXPECT_EQ(p.areas(at), "0-2 rw-p");
}

TEST_F(FlatTest, ProgramsDoNotSeeEachOther)
{
    Program &a = flat_program(), &b = flat_program();
    number(a, a.map_at(Base, Pages), Pages);
    b.map_at(Base, Pages);
    EXPECT_EQ(b.byte(Base), 0);
    for (uint64_t i = 0; i < Pages; i++) ASSERT_EQ(b.write(Base + i * PageSize, 99), FaultResult::Resolved);
    for (uint64_t i = 0; i < Pages; i++) EXPECT_EQ(a.byte(Base + i * PageSize), 1 + i);
}

TEST_F(FlatTest, ANewProgramSeesNothingOfTheOneBefore)
{
    PhysAddr begin;
    {
        Program p(5);
        make_flat(p);
        begin = p->piece()->begin;
        p.map_at(Base, Pages);
        p.touch(Base, Pages, 0x55);
    }
    TestFile file(100);
    Program &q = flat_program();
    ASSERT_EQ(q->piece()->begin, begin);
    q.map_at(Base, Pages / 2, ReadOnly);
    q.map_at(Base + Pages / 2 * PageSize, Pages / 2);
    for (uint64_t i = 0; i < Pages; i++) EXPECT_EQ(q.byte(Base + i * PageSize), 0);
    MapRequest beyond = fixed(Base, 1);
    beyond.object = &file_object(file);
    ASSERT_TRUE(q->map(beyond).ok());
    EXPECT_EQ(q.byte(Base + 101), 0) << "behind the end of a file";
}

// ---- mremap

TEST_F(FlatTest, MremapGrowsInPlaceWithPages)
{
    Program &p = flat_program();
    p.map_at(Base, 2);
    number(p, Base, 2);
    EXPECT_EQ(*p->remap(moving(Base, 2, 6)), Base);
    EXPECT_EQ(numbers(p, Base, 6), "120000");
    expect_present(p, Base, 6);
    EXPECT_EQ(*p->remap(moving(Base, 6, Pages)), Base);
    EXPECT_EQ(p->remap(moving(Base, Pages, Pages + 1)).error(), Errno::NoMemory) << "the piece ends here";
    EXPECT_EQ(*p->remap(moving(Base, Pages, 1)), Base);
    EXPECT_EQ(p->piece()->frames_in_use, 1u);
}

TEST_F(FlatTest, MremapMovesBytes)
{
    Program &p = flat_program();
    VirtAddr from = p.map_at(Base, 3);
    p.map_at(Base + 3 * PageSize, 1); // no room to grow
    number(p, from, 3);
    auto to = p->remap(moving(from, 3, 5));
    ASSERT_TRUE(to.ok());
    EXPECT_EQ(*to, End - 5 * PageSize);
    EXPECT_EQ(numbers(p, *to, 5), "12300");
    expect_present(p, *to, 5);
    EXPECT_EQ(p.read(from), FaultResult::NotMapped);
    EXPECT_EQ(p->piece()->frames_in_use, 6u);
}

TEST_F(FlatTest, MremapKeepsWhatNobodyMayAccess)
{
    Program &p = flat_program();
    VirtAddr from = p.map_at(Base, 2);
    number(p, from, 2);
    ASSERT_TRUE(p->protect(from, 2 * PageSize, NoAccess).ok());
    RemapRequest request = moving(from, 2, 2);
    request.fixed = true;
    request.new_address = Base + 10 * PageSize;
    ASSERT_TRUE(p->remap(request).ok());
    audit();
    ASSERT_TRUE(p->protect(Base + 10 * PageSize, 2 * PageSize, ReadOnly).ok());
    EXPECT_EQ(numbers(p, Base + 10 * PageSize, 2), "12");
}

TEST_F(FlatTest, MremapLeavesZerosBehindWhereItDoesNotUnmap)
{
    Program &p = flat_program();
    VirtAddr from = p.map_at(Base + 10 * PageSize, 2);
    number(p, from, 2);
    RemapRequest request = moving(from, 2, 2);
    request.dont_unmap = true;
    VirtAddr to = *p->remap(request);
    EXPECT_EQ(numbers(p, to, 2), "12");
    EXPECT_EQ(numbers(p, from, 2), "00");
    expect_present(p, to, 2);
    expect_present(p, from, 2);
}

TEST_F(FlatTest, MremapGoesNowhereElse)
{
    Program &p = flat_program();
    p.map_at(Base, 2);
    number(p, Base, 2);
    RemapRequest request = moving(Base, 2, 2);
    request.fixed = true;
    for (VirtAddr to : {Outside, End, End - PageSize}) {
        request.new_address = to;
        EXPECT_EQ(p->remap(request).error(), Errno::NoMemory);
    }
    EXPECT_EQ(numbers(p, Base, 2), "12");
}

// ---- madvise

TEST_F(FlatTest, AfterDontNeedZerosAreThereAtOnce)
{
    Program &p = flat_program();
    VirtAddr at = p.map_at(Base, 4);
    number(p, at, 4);
    ASSERT_TRUE(p->advise(at + PageSize, 2 * PageSize, Advice::DontNeed).ok());
    EXPECT_EQ(p->counts().resident(), 4u);
    EXPECT_EQ(numbers(p, at, 4), "1004");
    expect_present(p, at, 4);
    EXPECT_EQ(p->advise(at, 6 * PageSize, Advice::DontNeed).error(), Errno::NoMemory) << "a hole behind";
    expect_present(p, at, 4);
}

TEST_F(FlatTest, NoAdviceMovesAPageOut)
{
    Program &p = flat_program();
    VirtAddr at = p.map(4);
    number(p, at, 4);
    for (Advice advice : {Advice::PageOut, Advice::Cold, Advice::Free, Advice::WillNeed})
        EXPECT_TRUE(p->advise(at, 4 * PageSize, advice).ok());
    EXPECT_EQ(places(p, at, 4), "mmmm");
    EXPECT_EQ(numbers(p, at, 4), "1234");
}

TEST_F(FlatTest, TheReclaimerTakesPagesOfOthersAlone)
{
    Program &p = flat_program();
    VirtAddr at = p.map(Pages);
    fill(p, at, Pages);
    Program &other = program();
    VirtAddr large = other.map(300); // there are 400 frames, of which the pool has 200
    fill(other, large, 300);
    EXPECT_GT(other->counts().swapped, 0u);
    EXPECT_EQ(p->counts().swapped, 0u);
    EXPECT_EQ(places(p, at, Pages), std::string(Pages, 'm'));
    check(p, at, Pages);
    check(other, large, 300);
}

// ---- Reports

TEST_F(FlatTest, ReportsShowPrivatePages)
{
    TestFile file(2 * PageSize);
    Program &p = flat_program();
    p.map_file(file_object(file), 0, 2, ReadOnly);
    auto statistics = p->statistics(*p->areas().first());
    EXPECT_EQ(statistics.resident, 2u);
    EXPECT_EQ(statistics.anonymous, 2u);
    EXPECT_EQ(statistics.private_dirty, 2u);
    EXPECT_EQ(statistics.proportional_bytes, 2 * PageSize);
    EXPECT_TRUE(p->inspect(p->areas().first()->range.begin).exclusive);
}

// ---- Devices

TEST_F(FlatTest, ADeviceMayKeepAFrameLongerThanItsProgramLives)
{
    PhysAddr frame;
    {
        Program p(5);
        make_flat(p);
        p.map_at(Base, 3);
        frame = frame_at(p, Base + PageSize);
        mm::pin(frame);
    }
    EXPECT_EQ(mm::pool().statistics().pieces, 1u) << "the piece waits for the device";
    EXPECT_TRUE(mm::pool().first()->left);
    EXPECT_EQ(mm::pool().first()->frames_in_use, 1u);
    EXPECT_EQ(mm::descriptor(frame).kind, FrameKind::Anonymous);
    Program q(6);
    make_flat(q);
    EXPECT_GT(q->piece()->begin, frame) << "nobody else gets it meanwhile";
    mm::unpin(frame);
    EXPECT_EQ(mm::pool().statistics().pieces, 1u);
    EXPECT_TRUE(mm::pool().first()->is_hole);
    mm::pool().audit();
}

TEST_F(FlatTest, APageIsAtItsPlaceEvenIfADeviceHasTheFrame)
{
    Program &p = flat_program();
    p.map_at(Base, 2);
    number(p, Base, 2);
    PhysAddr frame = frame_at(p, Base);
    mm::pin(frame);
    ASSERT_TRUE(p->unmap(Base, 2 * PageSize).ok());
    EXPECT_EQ(p->piece()->frames_in_use, 1u);
    p.map_at(Base, 2);
    EXPECT_EQ(numbers(p, Base, 2), "00");
    expect_present(p, Base, 2);
    EXPECT_EQ(p->piece()->frames_in_use, 2u);
    *static_cast<uint8_t *>(mm::machine::window(frame)) = 42; // what the device writes arrives
    EXPECT_EQ(p.byte(Base), 42);
    mm::unpin(frame);
    EXPECT_EQ(p.byte(Base), 42);
}

TEST_F(FlatTest, APinnedPageIsTheProgramsOwnAllTheSame)
{
    Program &p = flat_program();
    p.map_at(Base, 1);
    PhysAddr frame = frame_at(p, Base);
    mm::pin(frame);
    uint64_t copies = machine().calls.copy_frame;
    ASSERT_TRUE(p->protect(Base, PageSize, ReadOnly).ok());
    ASSERT_TRUE(p->protect(Base, PageSize, ReadWrite).ok());
    expect_present(p, Base, 1);
    EXPECT_EQ(machine().calls.copy_frame, copies) << "nobody else's, so there is nothing to copy";
    p->audit();
    mm::unpin(frame);
}

// ---- Memory for page tables

TEST_F(FlatTest, WithoutMemoryForTablesAMappingIsThereAndItsPagesComeLater)
{
    for (unsigned allocations = 0; allocations < 8; allocations++) {
        Program p(5);
        make_flat(p);
        mm::frames().fail_allocations(allocations, mm::FrameAllocator::AllFail);
        auto mapped = p->map(fixed(Base, 3));
        mm::frames().fail_allocations(0, 0);
        AddressSpace *space = &p.space();
        audit_all({&space, 1});
        if (!mapped.ok()) {
            EXPECT_EQ(mapped.error(), Errno::NoMemory);
            EXPECT_EQ(p->areas().size(), 0u);
            continue;
        }
        number(p, Base, 3);
        EXPECT_EQ(numbers(p, Base, 3), "123");
        expect_present(p, Base, 3);
    }
}

TEST_F(FlatTest, MremapThatFailsChangesNothing)
{
    set_up({.frames = 1200});
    set_up_pool(600);
    Program &p = flat_program(520);
    p.map_at(Base, 3);
    number(p, Base, 3);
    RemapRequest request = moving(Base, 3, 3);
    request.fixed = true;
    request.new_address = Base + 515 * PageSize; // other 2 MiB, which need a table
    auto remap = [&] { return p->remap(request); };
    auto unchanged = [&] {
        EXPECT_EQ(numbers(p, Base, 3), "123");
        audit();
    };
    EXPECT_GE(fail_each_allocation(remap, unchanged), 1u);
    EXPECT_EQ(numbers(p, request.new_address, 3), "123");
    expect_present(p, request.new_address, 3);
}

// ---- The audit

TEST_F(FlatTest, TheAuditSeesWhatCannotBe)
{
    Program &p = flat_program();
    VirtAddr at = p.map_at(Base, 3);
    auto entry_at = [&](VirtAddr page) {
        return const_cast<mm::PageTableEntry *>(p->page_table().find(page));
    };
    auto expect_found = [&](auto &what, auto wrong, const char *sentence) {
        auto right = what;
        what = wrong;
        EXPECT_FAILURE(p->audit(), sentence);
        what = right;
    };
    expect_found(*entry_at(at), *entry_at(at + PageSize), "not where it belongs");
    expect_found(*entry_at(at), entry_at(at)->with(mm::PageTableEntry::ZeroPage), "without its own frame");
    expect_found(*entry_at(at), entry_at(at)->with(mm::PageTableEntry::Swapped), "without its own frame");
    auto *area = const_cast<VmArea *>(p->areas().first());
    expect_found(area->flags, AreaFlags{.shared = true}, "shared");
    expect_found(const_cast<mm::PoolExtent *>(p->piece())->pages, 2u, "leaves the piece");
    expect_found(const_cast<mm::PoolExtent *>(p->piece())->frames_in_use, 2u, "the piece lacks");
    p->audit();
    Program &ordinary = program();
    VirtAddr other = ordinary.map(1);
    ordinary.touch(other, 1);
    auto &flags = mm::descriptor(frame_at(ordinary, other)).flags;
    flags |= mm::Frame::OfPool;
    EXPECT_FAILURE(ordinary->audit(), "of the pool in an ordinary space");
    flags &= static_cast<uint8_t>(~mm::Frame::OfPool);
}

// fork(2): nothing can be shared.
TEST_F(FlatTest, AChildHasCopiesInAPieceOfItsOwn)
{
    TestFile file(2 * PageSize);
    Program &parent = flat_program();
    ASSERT_TRUE(parent->map(fixed(Base, 5)).ok());
    number(parent, Base, 5);
    MapRequest of_file = fixed(Base + 8 * PageSize, 3);
    of_file.object = &file_object(file);
    ASSERT_TRUE(parent->map(of_file).ok());
    parent->start_break(Base + 20 * PageSize);
    EXPECT_EQ(parent->fork().error(), Errno::Invalid);

    auto piece = mm::pool().allocate(Pages, 2);
    ASSERT_TRUE(piece.ok());
    auto forked = parent->fork_into(**piece);
    ASSERT_TRUE(forked.ok());
    Program &child = adopt(**forked);
    audit();
    EXPECT_EQ(child.areas(Base), parent.areas(Base));
    EXPECT_EQ(child->counts().resident(), parent->counts().resident());
    EXPECT_EQ(child->current_break(), parent->current_break());
    for (uint64_t i = 0; i < 5; i++) EXPECT_EQ(child.byte(Base + i * PageSize), i + 1);
    EXPECT_EQ(child.byte(Base + 9 * PageSize), file.byte(PageSize));
    EXPECT_EQ(child.read(Base + 10 * PageSize), FaultResult::BusError);
    expect_present(child, Base, 5);
    EXPECT_EQ(parent.byte(Base), 1) << "the child wrote 7 there";
    EXPECT_EQ(parent.write(Base, 8), FaultResult::Resolved);
    EXPECT_EQ(parent.faults, 0u) << "nothing was made read-only";
    EXPECT_EQ(child.byte(Base), 7);
}

TEST_F(FlatTest, WhatIsWipedIsThereInTheChildAndEmpty)
{
    Program &parent = flat_program();
    ASSERT_TRUE(parent->map(fixed(Base, 3)).ok());
    number(parent, Base, 3);
    ASSERT_TRUE(parent->advise(Base + PageSize, PageSize, Advice::WipeOnFork).ok());
    auto piece = mm::pool().allocate(Pages, 2);
    ASSERT_TRUE(piece.ok());
    auto forked = parent->fork_into(**piece);
    ASSERT_TRUE(forked.ok());
    Program &child = adopt(**forked);
    EXPECT_EQ(child.byte(Base + PageSize), 0);
    EXPECT_EQ(child.faults, 0u);
    EXPECT_EQ(child.byte(Base + 2 * PageSize), 3);
}

TEST_F(FlatTest, WithoutMemoryForAChildItsPieceIsFreeAgain)
{
    Program &parent = flat_program();
    ASSERT_TRUE(parent->map(fixed(Base, 5)).ok());
    number(parent, Base, 5);
    AddressSpace *made = nullptr;
    auto try_it = [&]() -> Result<void> {
        auto piece = mm::pool().allocate(Pages, 2);
        if (!piece.ok()) return piece.error();
        auto forked = parent->fork_into(**piece);
        if (!forked.ok()) return forked.error();
        made = *forked;
        return {};
    };
    auto as_before = [&] {
        audit();
        EXPECT_EQ(mm::pool().statistics().pieces, 1u);
        EXPECT_EQ(parent.byte(Base), 1);
    };
    EXPECT_GE(fail_each_allocation(try_it, as_before, mm::FrameAllocator::AllFail), 5u);
    made->drop();
    as_before();

    auto wrong = mm::pool().allocate(Pages - 1, 2);
    ASSERT_TRUE(wrong.ok());
    EXPECT_EQ(parent->fork_into(**wrong).error(), Errno::Invalid);
    as_before();
}

} // namespace
