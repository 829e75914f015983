// The pool of contiguous pieces against a model that has one number a page.
#include "mm/pool.hpp"

#include "tests/host/random.hpp"
#include "tests/host/test.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace {

using mm::Errno;
using mm::Fit;
using mm::FrameKind;
using mm::PageSize;
using mm::PhysAddr;
using mm::pool;
using mm::PoolExtent;

constexpr Fit Fits[] = {Fit::First, Fit::Best, Fit::Worst};

// Who has each page: 0 nobody.
class Model {
public:
    Model(uint64_t pages, Fit fit) : owners_(pages), fit_(fit) {}

    struct Hole {
        uint64_t begin, pages;
    };
    std::vector<Hole> holes() const
    {
        std::vector<Hole> result;
        for (uint64_t i = 0; i < owners_.size(); i++) {
            if (owners_[i] != 0) continue;
            bool goes_on = i > 0 && owners_[i - 1] == 0;
            if (!goes_on) result.push_back({i, 0});
            result.back().pages++;
        }
        return result;
    }
    // Where a piece goes; none: no hole is large enough.
    std::optional<Hole> chosen(uint64_t pages) const
    {
        std::vector<Hole> fitting;
        for (const Hole &hole : holes()) {
            if (hole.pages >= pages) fitting.push_back(hole);
        }
        if (fitting.empty()) return {};
        // (Of equal ones std::min_element and max_element say the first.)
        auto smaller = [](const Hole &a, const Hole &b) { return a.pages < b.pages; };
        if (fit_ == Fit::Best) return *std::min_element(fitting.begin(), fitting.end(), smaller);
        if (fit_ == Fit::Worst) return *std::max_element(fitting.begin(), fitting.end(), smaller);
        return fitting.front();
    }
    void set(uint64_t begin, uint64_t pages, int owner)
    {
        std::fill_n(owners_.begin() + static_cast<long>(begin), pages, owner);
    }
    const std::vector<int> &owners() const { return owners_; }

private:
    std::vector<int> owners_;
    Fit fit_;
};

class PoolTest : public host::MachineTest {
protected:
    void TearDown() override
    {
        mm::frames().fail_allocations(0, 0);
        if (pool().exists()) {
            pool().audit();
            EXPECT_EQ(pool().statistics().pieces, 0u);
            EXPECT_EQ(mm::frames().count(FrameKind::Pool), pool().statistics().pages);
        }
        host::MachineTest::TearDown();
    }
    // On a new machine.
    void set_up(uint64_t pages, Fit fit = Fit::First)
    {
        host::machine().reset();
        begin_ = *mm::frames().take_extent(pages, FrameKind::Pool);
        ASSERT_TRUE(pool().init(begin_, pages, fit).ok());
    }
    PoolExtent &piece(uint64_t pages) { return **pool().allocate(pages, 1); }
    // A page of the piece comes, and its user goes.
    static void use(PoolExtent &piece, uint64_t page)
    {
        pool().use_frame(piece, piece.begin + page * PageSize);
    }
    static void drop(PoolExtent &piece, uint64_t page) { mm::frames().drop(piece.begin + page * PageSize); }
    uint64_t place(const PoolExtent &extent) const { return (extent.begin - begin_) / PageSize; }
    // "4 (2) 3": a piece of 4 pages, a hole of 2, a piece of 3.
    static std::string drawn()
    {
        std::string text;
        for (const PoolExtent *extent = pool().first(); extent != nullptr; extent = pool().next(*extent)) {
            if (!text.empty()) text += ' ';
            std::string pages = std::to_string(extent->pages);
            text += extent->is_hole ? '(' + pages + ')' : pages;
        }
        return text;
    }

    PhysAddr begin_;
};

TEST_F(PoolTest, WithoutInitThereIsNone)
{
    EXPECT_FALSE(pool().exists());
    EXPECT_FALSE(pool().contains(PhysAddr::of_page(300)));
    EXPECT_EQ(pool().first(), nullptr);
    EXPECT_EQ(pool().allocate(1, 1).error(), Errno::NoMemory);
    pool().audit();
}

TEST_F(PoolTest, FitsHaveNames)
{
    for (Fit fit : Fits) EXPECT_EQ(mm::fit_named(mm::name_of(fit)), fit);
    EXPECT_EQ(mm::name_of(Fit::First), "first");
    EXPECT_EQ(mm::fit_named("next"), std::nullopt);
    EXPECT_EQ(mm::fit_named(""), std::nullopt);
}

TEST_F(PoolTest, APieceIsTheLowerEndOfItsHole)
{
    set_up(20);
    PoolExtent &a = piece(5), &b = piece(6);
    EXPECT_EQ(place(a), 0u);
    EXPECT_EQ(place(b), 5u);
    EXPECT_EQ(drawn(), "5 6 (9)");
    PoolExtent &c = piece(9);
    EXPECT_EQ(drawn(), "5 6 9") << "all of a hole";
    EXPECT_EQ(pool().allocate(1, 1).error(), Errno::NoMemory);
    for (PoolExtent *each : {&b, &a, &c}) pool().give_back(*each);
    EXPECT_EQ(drawn(), "(20)");
    EXPECT_TRUE(pool().contains(begin_ + 20 * PageSize - 1));
    EXPECT_FALSE(pool().contains(begin_ + 20 * PageSize));
    EXPECT_FALSE(pool().contains(begin_ - 1));
}

TEST_F(PoolTest, ThreeFitsChooseThreeHoles)
{
    struct {
        Fit fit;
        const char *after;
    } expected[] = {
        {Fit::First, "3 (2) 1 (3) 1 (9)"}, {Fit::Best, "(5) 1 3 1 (9)"}, {Fit::Worst, "(5) 1 (3) 1 3 (6)"}};
    for (auto [fit, after] : expected) {
        set_up(19, fit);
        PoolExtent &a = piece(5), &b = piece(1), &c = piece(3), &d = piece(1);
        pool().give_back(a);
        pool().give_back(c);
        ASSERT_EQ(drawn(), "(5) 1 (3) 1 (9)");
        PoolExtent &e = piece(3);
        EXPECT_EQ(drawn(), after) << mm::name_of(fit);
        for (PoolExtent *each : {&b, &d, &e}) pool().give_back(*each);
    }
}

TEST_F(PoolTest, HolesThatTogetherSufficeAreNotEnough)
{
    set_up(12);
    PoolExtent &a = piece(4), &b = piece(4), &c = piece(4);
    pool().give_back(a);
    pool().give_back(c);
    auto statistics = pool().statistics();
    EXPECT_EQ(statistics.pages, 12u);
    EXPECT_EQ(statistics.free_pages, 8u);
    EXPECT_EQ(statistics.holes, 2u);
    EXPECT_EQ(statistics.pieces, 1u);
    EXPECT_EQ(statistics.largest_hole, 4u);
    EXPECT_EQ(pool().allocate(5, 1).error(), Errno::NoMemory);
    pool().give_back(b);
    EXPECT_EQ(pool().statistics().largest_hole, 12u);
}

TEST_F(PoolTest, APieceKnowsWhomItBelongsTo)
{
    set_up(4);
    PoolExtent *a = *pool().allocate(4, 17);
    EXPECT_EQ(a->id, 17u);
    EXPECT_FALSE(a->is_hole);
    pool().give_back(*a);
}

TEST_F(PoolTest, APieceThatIsInUseCannotBeGivenBack)
{
    set_up(4);
    PoolExtent &a = piece(2);
    use(a, 1);
    EXPECT_FAILURE(pool().give_back(a), "in use");
    drop(a, 1);
    pool().give_back(a);
    EXPECT_FAILURE(pool().give_back(a), "no piece");
}

TEST_F(PoolTest, AFrameIsAPageWhileItHasUsers)
{
    set_up(4);
    PoolExtent &a = piece(3);
    use(a, 2);
    const mm::Frame &frame = mm::descriptor(a.begin + 2 * PageSize);
    EXPECT_EQ(frame.kind, FrameKind::Anonymous);
    EXPECT_EQ(frame.flags, mm::Frame::OfPool | mm::Frame::Held);
    EXPECT_EQ(frame.references.load(), 1u);
    EXPECT_EQ(a.frames_in_use, 1u);
    EXPECT_EQ(mm::frames().count(FrameKind::Pool), 3u);
    EXPECT_EQ(mm::frames().count(FrameKind::Anonymous), 1u);
    use(a, 2);
    EXPECT_EQ(frame.references.load(), 2u);
    EXPECT_EQ(a.frames_in_use, 1u) << "one frame with two users";
    drop(a, 2);
    EXPECT_EQ(frame.kind, FrameKind::Anonymous);
    drop(a, 2);
    EXPECT_EQ(frame.kind, FrameKind::Pool);
    EXPECT_EQ(frame.flags, 0);
    pool().give_back(a);
}

TEST_F(PoolTest, APieceThatWasLeftBecomesAHoleWithItsLastFrame)
{
    set_up(8);
    PoolExtent &a = piece(3), &b = piece(2);
    use(a, 0);
    use(a, 2);
    pool().leave(a);
    EXPECT_TRUE(a.left);
    EXPECT_EQ(drawn(), "3 2 (3)");
    drop(a, 2);
    EXPECT_EQ(drawn(), "3 2 (3)");
    drop(a, 0);
    EXPECT_EQ(drawn(), "(3) 2 (3)");
    pool().leave(b);
    EXPECT_EQ(drawn(), "(8)") << "without a frame in use: at once";
}

TEST_F(PoolTest, TheAuditSeesWhatIsWrong)
{
    set_up(8);
    PoolExtent &a = piece(3);
    auto expect_found = [&](auto &what, auto wrong, const char *sentence) {
        auto right = what;
        what = wrong;
        EXPECT_FAILURE(pool().audit(), sentence);
        what = right;
    };
    expect_found(a.pages, 2u, "overlap, or leave a gap");
    expect_found(a.begin, a.begin + PageSize, "overlap, or leave a gap");
    expect_found(a.is_hole, true, "side by side");
    expect_found(a.left, true, "is no hole");
    expect_found(a.frames_in_use, 1u, "miscounted");
    expect_found(mm::descriptor(a.begin).flags, mm::Frame::Held, "marks of a page");
    use(a, 0);
    expect_found(mm::descriptor(a.begin).flags, mm::Frame::Held, "lacks its marks");
    expect_found(mm::descriptor(a.begin).kind, FrameKind::File, "does not live here");
    drop(a, 0);
    pool().give_back(a);
}

// Random pieces that come, use frames, and go, with and without memory for nodes.
class PoolWorld {
public:
    PoolWorld(PhysAddr begin, uint64_t pages, Fit fit, host::Random &random)
        : begin_(begin), pages_(pages), model_(pages, fit), random_(random)
    {}

    void step()
    {
        switch (random_.below(8)) {
        case 0 ... 2:
            allocate();
            break;
        case 3 ... 4:
            leave();
            break;
        default:
            use_or_drop();
        }
        compare();
    }
    void end()
    {
        while (!pieces_.empty()) {
            auto &[extent, users] = *pieces_.begin();
            if (!users.gone) pool().leave(*extent);
            for (PhysAddr frame : users.frames) mm::frames().drop(frame);
            pieces_.erase(pieces_.begin());
        }
    }

    uint64_t allocated = 0, refused = 0, without_node = 0, outlived = 0;

private:
    struct Users {
        int owner;
        std::vector<PhysAddr> frames; // one entry a reference
        bool gone = false;
    };

    void allocate()
    {
        uint64_t pages = random_.between(1, random_.one_in(4) ? pages_ / 2 : pages_ / 8);
        bool without_memory = random_.one_in(6);
        if (without_memory) mm::frames().fail_allocations(0, mm::FrameAllocator::AllFail);
        auto made = pool().allocate(pages, static_cast<uint32_t>(next_owner_));
        mm::frames().fail_allocations(0, 0);
        auto place = model_.chosen(pages);
        bool needs_node = place && place->pages != pages;
        if (!place || (needs_node && without_memory)) {
            ASSERT_EQ(made.error(), Errno::NoMemory);
            (place ? without_node : refused)++;
            return;
        }
        ASSERT_TRUE(made.ok()) << "a hole is large enough";
        PoolExtent *piece = *made;
        ASSERT_EQ((piece->begin - begin_) / PageSize, place->begin);
        ASSERT_EQ(piece->pages, pages);
        ASSERT_EQ(piece->id, static_cast<uint32_t>(next_owner_));
        model_.set(place->begin, pages, next_owner_);
        pieces_[piece] = {.owner = next_owner_++, .frames = {}, .gone = false};
        allocated++;
    }
    void leave()
    {
        if (pieces_.empty()) return;
        auto each = some_piece();
        if (each->second.gone) return;
        bool in_use = !each->second.frames.empty();
        if (!in_use && random_.one_in(2)) {
            hole(each, [&](PoolExtent &piece) { pool().give_back(piece); });
        } else if (!in_use) {
            hole(each, [&](PoolExtent &piece) { pool().leave(piece); });
        } else {
            pool().leave(*each->first);
            each->second.gone = true;
            outlived++;
        }
    }
    void use_or_drop()
    {
        if (pieces_.empty()) return;
        auto each = some_piece();
        auto &[extent, users] = *each;
        if (!users.gone && random_.one_in(2)) {
            PhysAddr frame = extent->begin + random_.below(extent->pages) * PageSize;
            pool().use_frame(*extent, frame);
            users.frames.push_back(frame);
        } else if (!users.frames.empty()) {
            std::swap(users.frames[random_.below(users.frames.size())], users.frames.back());
            PhysAddr frame = users.frames.back();
            users.frames.pop_back();
            if (users.frames.empty() && users.gone)
                hole(each, [&](PoolExtent &) { mm::frames().drop(frame); });
            else
                mm::frames().drop(frame);
        }
    }
    std::map<PoolExtent *, Users>::iterator some_piece()
    {
        return std::next(pieces_.begin(), static_cast<long>(random_.below(pieces_.size())));
    }
    template <typename Action> void hole(std::map<PoolExtent *, Users>::iterator each, Action &&action)
    {
        PoolExtent *extent = each->first;
        model_.set((extent->begin - begin_) / PageSize, extent->pages, 0);
        pieces_.erase(each);
        action(*extent);
    }

    void compare()
    {
        pool().audit();
        mm::PoolStatistics expected{.pages = pages_, .pieces = pieces_.size()};
        for (const Model::Hole &hole : model_.holes()) {
            expected.holes++;
            expected.free_pages += hole.pages;
            expected.largest_hole = std::max(expected.largest_hole, hole.pages);
        }
        auto statistics = pool().statistics();
        ASSERT_EQ(statistics.pages, expected.pages);
        ASSERT_EQ(statistics.free_pages, expected.free_pages);
        ASSERT_EQ(statistics.holes, expected.holes);
        ASSERT_EQ(statistics.pieces, expected.pieces);
        ASSERT_EQ(statistics.largest_hole, expected.largest_hole);
        // Every page belongs to whom the model says.
        uint64_t at = 0;
        for (const PoolExtent *extent = pool().first(); extent != nullptr; extent = pool().next(*extent)) {
            for (uint64_t i = 0; i < extent->pages; i++, at++) {
                int owner = extent->is_hole ? 0 : static_cast<int>(extent->id);
                ASSERT_EQ(owner, model_.owners()[at]) << "page " << at;
            }
        }
        ASSERT_EQ(at, pages_);
    }

    PhysAddr begin_;
    uint64_t pages_;
    Model model_;
    host::Random &random_;
    std::map<PoolExtent *, Users> pieces_;
    int next_owner_ = 1;
};

TEST_F(PoolTest, AgreesWithAModelThatHasOneNumberAPage)
{
    host::Random random;
    for (Fit fit : Fits) {
        SCOPED_TRACE(mm::name_of(fit));
        uint64_t allocated = 0, refused = 0, without_node = 0, outlived = 0;
        for (int round = 0; round < 20; round++) {
            uint64_t pages = random.between(16, 300);
            set_up(pages, fit);
            PoolWorld world(begin_, pages, fit, random);
            for (int i = 0; i < 1000 && !HasFatalFailure(); i++) world.step();
            ASSERT_FALSE(HasFatalFailure()) << "round " << round;
            world.end();
            pool().audit();
            EXPECT_EQ(drawn(), '(' + std::to_string(pages) + ')');
            mm::frames().audit();
            mm::audit_heap();
            allocated += world.allocated;
            refused += world.refused;
            without_node += world.without_node;
            outlived += world.outlived;
        }
        // A test that only ever saw one of the cases would prove little.
        for (uint64_t seen : {allocated, refused, without_node, outlived}) EXPECT_GT(seen, 100u);
    }
}

} // namespace
