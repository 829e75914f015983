// The slots of a swap area against a model, in random operations.
#include "mm/swap_area.hpp"
#include "tests/host/random.hpp"
#include "tests/host/test.hpp"

#include <algorithm>
#include <vector>

using namespace mm;

namespace {

SwapHeader header_of(uint32_t last_page, const std::vector<uint32_t> &bad = {})
{
    SwapHeader header;
    header.last_page = last_page;
    header.bad_count = static_cast<uint32_t>(bad.size());
    std::copy(bad.begin(), bad.end(), header.bad.begin());
    return header;
}

// What an area should be: the count of users of each slot, and which are bad.
class Model {
public:
    Model(uint32_t last_page, const std::vector<uint32_t> &bad) : users(last_page + 1), bad(last_page + 1)
    {
        this->bad[0] = true;
        for (uint32_t offset : bad) this->bad[offset] = true;
    }
    uint32_t end() const { return static_cast<uint32_t>(users.size()); }
    bool is_free(uint32_t offset) const { return users[offset] == 0 && !bad[offset]; }
    uint32_t in_use() const
    {
        return static_cast<uint32_t>(end() - std::count(users.begin(), users.end(), 0));
    }
    uint32_t size() const
    {
        uint32_t size = 0;
        for (uint32_t i = 0; i < end(); i++) size += !bad[i] || users[i] != 0;
        return size;
    }
    uint32_t next_in_use(uint32_t offset) const
    {
        while (offset < end() && users[offset] == 0) offset++;
        return offset;
    }
    uint32_t longest_hole() const
    {
        uint32_t longest = 0, hole = 0;
        for (uint32_t i = 0; i < end(); i++) {
            hole = is_free(i) ? hole + 1 : 0;
            longest = std::max(longest, hole);
        }
        return longest;
    }

    std::vector<unsigned> users;
    std::vector<bool> bad;
};

class SwapAreaPropertyTest : public host::MachineTest {};

} // namespace

// Random operations on areas of all sizes, against the model.
TEST_F(SwapAreaPropertyTest, it_does_what_the_model_says)
{
    host::Random random;
    for (unsigned round = 0; round < 40; round++) {
        auto last_page = static_cast<uint32_t>(round % 2 == 0 ? random.between(1, SwapArea::Patience - 1)
                                                              : random.between(1, 20000));
        std::vector<uint32_t> bad;
        for (uint32_t offset = 1; offset < last_page && bad.size() < SwapHeader::MaxBad; offset++)
            if (random.one_in(50)) bad.push_back(offset);
        SwapArea &area = **SwapArea::create(header_of(last_page, bad));
        Model model(last_page, bad);
        // A slot in use, not evenly chosen; end() when there is none.
        auto any_in_use = [&] {
            uint32_t offset = model.next_in_use(static_cast<uint32_t>(random.below(model.end())));
            return offset < model.end() ? offset : model.next_in_use(0);
        };
        // It goes up and down, between nearly empty and full.
        for (unsigned step = 0; step < 1500; step++) {
            bool fills = step / 300 % 2 == 0;
            uint64_t what = random.below(100);
            if (what < (fills ? 60 : 15)) {
                auto wanted = static_cast<uint32_t>(random.one_in(20) ? last_page : random.between(1, 40));
                SwapArea::Run run = area.allocate(wanted);
                ASSERT_LE(run.count, wanted);
                ASSERT_LE(run.first + run.count, model.end());
                for (uint32_t i = run.first; i < run.first + run.count; i++) {
                    ASSERT_TRUE(model.is_free(i)) << i;
                    model.users[i] = 1;
                }
                if (last_page < SwapArea::Patience) {
                    // It has seen all holes. (The model's users are set already: what is left is no longer.)
                    ASSERT_TRUE(run.count == wanted || model.longest_hole() <= run.count);
                }
                ASSERT_TRUE(run.count != 0 || model.longest_hole() == 0) << "it is full and is not";
            } else if (what < 75) {
                uint32_t offset = any_in_use();
                if (offset == model.end()) continue;
                // Sometimes many neighbours at once, as when a process ends.
                for (uint64_t n = random.one_in(10) ? random.between(1, 500) : 1; n > 0; n--, offset++) {
                    if (offset == model.end() || model.users[offset] == 0) break;
                    ASSERT_EQ(area.drop(offset), --model.users[offset]);
                }
            } else if (what < 95) {
                uint32_t offset = any_in_use();
                if (offset == model.end()) continue;
                bool may = model.users[offset] < SwapArea::MaxUsers;
                ASSERT_EQ(area.share(offset), may);
                model.users[offset] += may;
            } else if (what < 96) {
                auto offset = static_cast<uint32_t>(random.between(1, last_page));
                area.mark_bad(offset);
                model.bad[offset] = true;
            } else {
                auto offset = static_cast<uint32_t>(random.below(model.end()));
                ASSERT_EQ(area.users(offset), model.users[offset]);
                ASSERT_EQ(area.is_bad(offset), model.bad[offset]);
                ASSERT_EQ(area.next_in_use(offset), model.next_in_use(offset));
            }
            if (step % 10 != 0) continue; // counting takes long
            ASSERT_EQ(area.in_use(), model.in_use());
            ASSERT_EQ(area.size(), model.size());
            ASSERT_EQ(area.free(), model.size() - model.in_use());
            area.audit();
        }
        for (uint32_t at = 0; at < model.end(); at++) {
            ASSERT_EQ(area.users(at), model.users[at]);
            while (model.users[at] != 0) area.drop(at), model.users[at]--;
        }
        ASSERT_EQ(area.in_use(), 0u);
        area.audit();
        area.destroy();
    }
}
