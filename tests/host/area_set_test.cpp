// AreaSet: order, neighbours, and the search for free space, against a plain list that is searched from end
// to end.
#include "mm/area_set.hpp"
#include "tests/host/test.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <random>

namespace {

using mm::AreaSet;
using mm::Mapping;
using mm::PageSize;
using mm::VirtAddr;
using mm::VirtRange;
using mm::VmArea;

constexpr VirtAddr page(uint64_t number)
{
    return VirtAddr::of_page(number);
}

class AreaSetTest : public ::testing::Test {
protected:
    // Pages [begin, end).
    VmArea &add(uint64_t begin, uint64_t end, bool grows_down = false)
    {
        Mapping mapping{.range = {page(begin), page(end)}};
        mapping.flags.grows_down = grows_down;
        auto area = std::make_unique<VmArea>(mapping, host::no_space());
        VmArea &result = *area;
        set.insert(result);
        areas[begin] = std::move(area);
        set.audit();
        return result;
    }
    void remove(uint64_t begin)
    {
        set.remove(*areas.at(begin));
        areas.erase(begin);
        set.audit();
    }
    // After area.range.begin changed.
    void rekey(uint64_t old_begin)
    {
        auto area = std::move(areas.at(old_begin));
        areas.erase(old_begin);
        uint64_t begin = area->range.begin.page();
        areas[begin] = std::move(area);
    }

    // The answer of a search that looks at every page from one end to the other.
    std::optional<VirtAddr> search(uint64_t pages, uint64_t low, uint64_t high, bool from_top) const
    {
        std::optional<VirtAddr> best;
        uint64_t free_from = low;
        auto consider = [&](uint64_t free_to) {
            uint64_t end = std::min(free_to, high);
            if (free_from >= end || end - free_from < pages) return;
            if (from_top)
                best = page(end - pages);
            else if (!best)
                best = page(free_from);
        };
        for (const auto &[begin, area] : areas) {
            consider(area->guarded_begin().page());
            free_from = std::max(low, area->range.end.page());
        }
        consider(high);
        return best;
    }

    AreaSet set;
    std::map<uint64_t, std::unique_ptr<VmArea>> areas;
};

TEST_F(AreaSetTest, AnEmptySetHasNoAreaAndOneGap)
{
    EXPECT_EQ(set.size(), 0u);
    EXPECT_EQ(set.first(), nullptr);
    EXPECT_EQ(set.last(), nullptr);
    EXPECT_EQ(set.find(page(5)), nullptr);
    EXPECT_EQ(set.first_ending_above(page(5)), nullptr);
    EXPECT_EQ(set.highest_gap(2 * PageSize, page(10), page(20)), page(18));
    EXPECT_EQ(set.lowest_gap(2 * PageSize, page(10), page(20)), page(10));
    EXPECT_EQ(set.highest_gap(11 * PageSize, page(10), page(20)), std::nullopt);
    set.audit();
}

TEST_F(AreaSetTest, FindsTheAreaThatHoldsAnAddressAndNoOther)
{
    VmArea &low = add(10, 12);
    VmArea &high = add(20, 30);
    EXPECT_EQ(set.find(page(10)), &low);
    EXPECT_EQ(set.find(page(12) - 1), &low);
    EXPECT_EQ(set.find(page(12)), nullptr) << "the end is outside";
    EXPECT_EQ(set.find(page(20) - 1), nullptr);
    EXPECT_EQ(set.find(page(29)), &high);
}

TEST_F(AreaSetTest, FirstEndingAboveIsTheAreaItselfOrTheNextOne)
{
    VmArea &low = add(10, 12);
    VmArea &high = add(20, 30);
    EXPECT_EQ(set.first_ending_above(page(0)), &low);
    EXPECT_EQ(set.first_ending_above(page(11)), &low);
    EXPECT_EQ(set.first_ending_above(page(12)), &high);
    EXPECT_EQ(set.first_ending_above(page(30)), nullptr);
}

TEST_F(AreaSetTest, NeighboursAreInOrderOfAddress)
{
    VmArea &middle = add(20, 21);
    VmArea &last = add(30, 31);
    VmArea &first = add(10, 11);
    EXPECT_EQ(set.first(), &first);
    EXPECT_EQ(AreaSet::next(first), &middle);
    EXPECT_EQ(AreaSet::next(middle), &last);
    EXPECT_EQ(AreaSet::next(last), nullptr);
    EXPECT_EQ(AreaSet::previous(last), &middle);
    EXPECT_EQ(AreaSet::previous(first), nullptr);
    EXPECT_EQ(set.last(), &last);
}

TEST_F(AreaSetTest, TheHighestGapEndsBelowAnAreaOrAtTheLimit)
{
    add(10, 12);
    add(20, 30);
    EXPECT_EQ(set.highest_gap(PageSize, page(0), page(40)), page(39));
    EXPECT_EQ(set.highest_gap(8 * PageSize, page(0), page(31)), page(12)) << "an exact fit";
    EXPECT_EQ(set.highest_gap(9 * PageSize, page(0), page(31)), page(1));
    EXPECT_EQ(set.highest_gap(PageSize, page(0), page(17)), page(16)) << "a gap cut by the limit";
    EXPECT_EQ(set.highest_gap(6 * PageSize, page(15), page(30)), std::nullopt);
}

TEST_F(AreaSetTest, BelowAStackTheGuardGapIsNoFreeSpace)
{
    uint64_t guard = mm::StackGuardGap / PageSize;
    add(10, 12);
    add(2000, 2010, true);
    EXPECT_EQ(set.highest_gap(PageSize, page(0), page(2010)), page(2000 - guard - 1));
    EXPECT_EQ(set.lowest_gap((2000 - guard - 12) * PageSize, page(11), page(2010)), page(12))
        << "all but the guard";
    EXPECT_EQ(set.lowest_gap((2000 - guard - 11) * PageSize, page(11), page(2010)), std::nullopt);
}

TEST_F(AreaSetTest, AStackCloserToItsNeighbourThanTheGuardHasNoGap)
{
    add(10, 1900);
    add(2000, 2010, true);
    EXPECT_EQ(set.lowest_gap(PageSize, page(1000), page(2010)), std::nullopt);
}

TEST_F(AreaSetTest, ResizingChangesTheGapsOnBothSides)
{
    add(10, 12);
    VmArea &middle = add(20, 30);
    add(40, 50);
    middle.range = {page(15), page(38)};
    set.begin_changed(middle);
    set.end_changed(middle);
    rekey(20);
    set.audit();
    EXPECT_EQ(set.highest_gap(PageSize, page(0), page(50)), page(39));
    EXPECT_EQ(set.highest_gap(3 * PageSize, page(0), page(50)), page(12));
}

TEST_F(AreaSetTest, RemovingJoinsTheGapsOnBothSides)
{
    add(10, 12);
    add(20, 30);
    add(40, 50);
    remove(20);
    EXPECT_EQ(set.size(), 2u);
    EXPECT_EQ(set.highest_gap(28 * PageSize, page(10), page(50)), page(12));
}

TEST_F(AreaSetTest, TheTreeStaysFlatWhenAreasComeInOrder)
{
    for (uint64_t i = 0; i < 4096; i++) add(10 + 2 * i, 11 + 2 * i);
    int height = 0;
    for (const VmArea *area = set.first(); area != nullptr; area = AreaSet::next(*area))
        height = std::max(height, area->tree.height);
    EXPECT_LE(height, 18) << "1.44 log2(4097)";
}

TEST_F(AreaSetTest, AuditFindsAWrongGapAndAnOverlap)
{
    VmArea &low = add(10, 12);
    VmArea &high = add(20, 30);
    high.tree.gap += PageSize;
    EXPECT_FAILURE(set.audit(), "gap");
    high.tree.gap -= PageSize;
    low.range.end = page(21);
    EXPECT_FAILURE(set.audit(), "overlap");
    low.range.end = page(12);
    set.audit();
}

// 40,000 random changes and searches in a space of 400 pages, so that everything touches everything.
TEST_F(AreaSetTest, AgreesWithASearchOfEveryPage)
{
    constexpr uint64_t Pages = 400;
    std::mt19937_64 random(20260101);
    auto below = [&](uint64_t n) { return random() % n; };
    auto is_free = [&](uint64_t begin, uint64_t end) {
        return std::none_of(areas.begin(), areas.end(), [&](const auto &entry) {
            return entry.second->range.overlaps({page(begin), page(end)});
        });
    };
    for (int step = 0; step < 40000; step++) {
        uint64_t begin = below(Pages), size = 1 + below(6);
        switch (below(5)) {
        case 0:
        case 1:
            if (is_free(begin, begin + size)) add(begin, begin + size, below(10) == 0);
            break;
        case 2:
            if (!areas.empty())
                remove(std::next(areas.begin(), static_cast<long>(below(areas.size())))->first);
            break;
        case 3: {
            if (areas.empty()) break;
            auto chosen = std::next(areas.begin(), static_cast<long>(below(areas.size())));
            VmArea &area = *chosen->second;
            uint64_t old_begin = chosen->first;
            uint64_t new_begin = old_begin + below(4) - std::min<uint64_t>(2, old_begin);
            uint64_t new_end = new_begin + 1 + below(8);
            VirtRange old = area.range;
            bool fits = true;
            for (const auto &[at, other] : areas)
                fits &= at == old_begin || !other->range.overlaps({page(new_begin), page(new_end)});
            // Not past a neighbour.
            auto after = std::next(chosen);
            fits &= after == areas.end() || new_end <= after->first;
            fits &= chosen == areas.begin() || new_begin >= std::prev(chosen)->second->range.end.page();
            if (!fits) break;
            area.range = {page(new_begin), page(new_end)};
            if (area.range.begin != old.begin) set.begin_changed(area);
            if (area.range.end != old.end) set.end_changed(area);
            if (old.begin != area.range.begin) rekey(old_begin);
            set.audit();
            break;
        }
        default: {
            uint64_t low = below(Pages), high = low + below(Pages);
            ASSERT_EQ(set.highest_gap(size * PageSize, page(low), page(high)), search(size, low, high, true));
            ASSERT_EQ(set.lowest_gap(size * PageSize, page(low), page(high)), search(size, low, high, false));
            const VmArea *expected = nullptr;
            for (const auto &[at, area] : areas) {
                if (area->range.end > page(begin)) {
                    expected = area.get();
                    break;
                }
            }
            ASSERT_EQ(set.first_ending_above(page(begin)), expected);
            ASSERT_EQ(set.find(page(begin)),
                      expected != nullptr && expected->range.contains(page(begin)) ? expected : nullptr);
        }
        }
        ASSERT_EQ(set.size(), areas.size());
    }
}

} // namespace
