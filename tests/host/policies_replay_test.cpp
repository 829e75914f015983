// The replays of tools/policies: every policy against its slow and obvious oracle on 10,000 random traces,
// and what theory says of all of them.
#include "tests/host/policy_oracles.hpp"
#include "tests/host/test.hpp"
#include "tools/policies/comparison.hpp"
#include "tools/policies/optimal.hpp"
#include "tools/policies/replay.hpp"

#include <algorithm>
#include <functional>
#include <set>

using host::Outcome;
using host::References;
using mm::PolicyName;
using namespace policies;

namespace {

constexpr unsigned Traces = 10'000;
constexpr PolicyName All[] = {PolicyName::Aging, PolicyName::Clock, PolicyName::Fifo, PolicyName::Lru,
                              PolicyName::Random};

Trace as_trace(const References &references)
{
    std::string text;
    for (unsigned page : references) text += std::to_string(page) + ' ';
    return parse_trace(text);
}

// What the replay does, with the numbers that pages have in the trace.
Outcome outcome_of(const Trace &trace, const Rules &rules)
{
    Replay replay(trace.pages, rules);
    Outcome outcome;
    for (size_t now = 0; now < trace.references.size(); now++) {
        if (!replay.reference(trace.references[now])) continue;
        outcome.faults.push_back(now);
        if (replay.victim() != Replay::NoPage) outcome.victims.push_back(replay.victim());
    }
    return outcome;
}

std::vector<size_t> optimal_faults(const Trace &trace, uint32_t frames)
{
    std::vector<uint64_t> next = next_uses(trace);
    Optimal optimal(trace, next, frames);
    std::vector<size_t> faults;
    for (size_t now = 0; now < trace.references.size(); now++) {
        if (optimal.step()) faults.push_back(now);
    }
    return faults;
}

class PoliciesReplayTest : public host::MachineTest {
protected:
    using Check = std::function<void(const Trace &trace, const References &same, unsigned capacity)>;

    // `check` gets random traces, of various lengths and numbers of pages, and how many there is room for.
    void for_random_traces(unsigned count, unsigned most, const Check &check)
    {
        for (unsigned i = 0; i < count && !HasFatalFailure() && !HasNonfatalFailure(); i++) {
            auto capacity = static_cast<unsigned>(random_.between(1, most));
            auto pages = static_cast<unsigned>(random_.between(1, 3 * capacity));
            auto length = static_cast<unsigned>(random_.between(1, 8 * pages));
            Trace trace = as_trace(host::random_references(random_, pages, length));
            check(trace, {trace.references.begin(), trace.references.end()}, capacity);
        }
    }
    host::Random random_;
};

} // namespace

// ---- Oracles

TEST_F(PoliciesReplayTest, fifo_does_what_its_oracle_does)
{
    for_random_traces(Traces, 16, [](const Trace &trace, const References &same, unsigned capacity) {
        ASSERT_EQ(outcome_of(trace, {.policy = PolicyName::Fifo, .frames = capacity}),
                  host::fifo_oracle(same, capacity));
    });
}

TEST_F(PoliciesReplayTest, clock_does_what_its_oracle_does)
{
    for_random_traces(Traces, 16, [](const Trace &trace, const References &same, unsigned capacity) {
        ASSERT_EQ(outcome_of(trace, {.policy = PolicyName::Clock, .frames = capacity}),
                  host::clock_oracle(same, capacity));
    });
}

TEST_F(PoliciesReplayTest, lru_that_samples_after_every_reference_does_what_its_oracle_does)
{
    for_random_traces(Traces, 16, [](const Trace &trace, const References &same, unsigned capacity) {
        ASSERT_EQ(outcome_of(trace, {.policy = PolicyName::Lru, .frames = capacity, .sample_every = 1}),
                  host::lru_oracle(same, capacity));
    });
}

TEST_F(PoliciesReplayTest, lru_that_samples_less_often_does_what_its_oracle_does)
{
    for_random_traces(Traces, 32, [this](const Trace &trace, const References &same, unsigned capacity) {
        auto every = static_cast<unsigned>(random_.below(20));
        ASSERT_EQ(outcome_of(trace, {.policy = PolicyName::Lru, .frames = capacity, .sample_every = every}),
                  host::sampling_lru_oracle(same, capacity, every));
    });
}

TEST_F(PoliciesReplayTest, aging_does_what_its_oracle_does)
{
    for_random_traces(Traces, 32, [this](const Trace &trace, const References &same, unsigned capacity) {
        auto every = static_cast<unsigned>(random_.below(20));
        ASSERT_EQ(outcome_of(trace, {.policy = PolicyName::Aging, .frames = capacity, .sample_every = every}),
                  host::aging_oracle(same, capacity, every));
    });
}

TEST_F(PoliciesReplayTest, optimal_has_its_faults_where_its_oracle_has_them)
{
    for_random_traces(Traces, 16, [](const Trace &trace, const References &same, unsigned capacity) {
        ASSERT_EQ(optimal_faults(trace, capacity), host::optimal_oracle(same, capacity).faults);
    });
}

TEST_F(PoliciesReplayTest, nobody_who_knows_the_future_has_fewer_faults_than_optimal)
{
    for_random_traces(500, 3, [](const Trace &trace, const References &same, unsigned capacity) {
        ASSERT_EQ(optimal_faults(trace, capacity).size(), host::fewest_faults(same, capacity));
    });
}

// Random: any page that is there, but only when there is no room; the same ones with the same seed.
TEST_F(PoliciesReplayTest, random_gives_up_pages_that_are_there_when_there_is_no_room)
{
    uint64_t long_ones = 0, differ = 0;
    for_random_traces(Traces, 16, [&](const Trace &trace, const References &, unsigned capacity) {
        Rules rules{.policy = PolicyName::Random, .frames = capacity, .seed = random_.bits()};
        host::machine().reset({{256, capacity + uint64_t{1}}});
        std::set<uint32_t> pages;
        Outcome seen;
        {
            Replay replay(trace.pages, rules);
            for (size_t now = 0; now < trace.references.size(); now++) {
                uint32_t page = trace.references[now];
                bool is_fault = replay.reference(page);
                ASSERT_EQ(is_fault, !pages.contains(page));
                if (!is_fault) continue;
                seen.faults.push_back(now);
                ASSERT_EQ(replay.victim() != Replay::NoPage, pages.size() == capacity);
                if (pages.size() == capacity) {
                    ASSERT_EQ(pages.erase(replay.victim()), 1u);
                    seen.victims.push_back(replay.victim());
                }
                pages.insert(page);
            }
        }
        host::machine().reset({{256, capacity + uint64_t{1}}});
        ASSERT_EQ(outcome_of(trace, rules), seen);
        if (seen.victims.size() < 20) return;
        host::machine().reset({{256, capacity + uint64_t{1}}});
        rules.seed = ~rules.seed;
        long_ones++;
        differ += outcome_of(trace, rules) != seen;
    });
    EXPECT_GT(long_ones, 1000u);
    EXPECT_GT(differ, long_ones * 9 / 10) << "another seed makes other choices"; // except in a single frame
}

// ---- Theory

// What is in the smaller memory is in the larger one at all times: a stack algorithm (Mattson, Gecsei, Slutz
// and Traiger, "Evaluation techniques for storage hierarchies", IBM Systems Journal 9(2), 1970). So more
// memory is never worse.
TEST_F(PoliciesReplayTest, lru_has_the_inclusion_property)
{
    for_random_traces(Traces, 12, [](const Trace &trace, const References &, unsigned capacity) {
        Rules rules{.policy = PolicyName::Lru, .frames = capacity, .sample_every = 1};
        Replay small(trace.pages, rules);
        rules.frames++;
        Replay large(trace.pages, rules);
        for (uint32_t page : trace.references) {
            bool is_fault = small.reference(page);
            ASSERT_TRUE(!large.reference(page) || is_fault);
            for (uint32_t each = 0; each < trace.pages; each++)
                ASSERT_TRUE(!small.holds(each) || large.holds(each));
        }
    });
}

TEST_F(PoliciesReplayTest, optimal_has_the_inclusion_property)
{
    for_random_traces(Traces, 12, [](const Trace &trace, const References &, unsigned capacity) {
        std::vector<uint64_t> next = next_uses(trace);
        Optimal small(trace, next, capacity), large(trace, next, capacity + 1);
        for (size_t now = 0; now < trace.references.size(); now++) {
            bool is_fault = small.step();
            ASSERT_TRUE(!large.step() || is_fault);
            for (uint32_t each = 0; each < trace.pages; each++)
                ASSERT_TRUE(!small.holds(each) || large.holds(each));
        }
    });
}

TEST_F(PoliciesReplayTest, fifo_shows_beladys_anomaly)
{
    Trace trace = as_trace(host::BeladyReferences);
    EXPECT_EQ(count_faults(trace, {.policy = PolicyName::Fifo, .frames = 3}), 9u);
    EXPECT_EQ(count_faults(trace, {.policy = PolicyName::Fifo, .frames = 4}), 10u);
}

TEST_F(PoliciesReplayTest, no_policy_is_better_than_optimal_nor_than_one_fault_a_page)
{
    for_random_traces(Traces, 12, [this](const Trace &trace, const References &, unsigned capacity) {
        uint64_t least = optimal_faults(trace, capacity).size();
        ASSERT_GE(least, trace.pages);
        for (PolicyName policy : All) {
            Rules rules{.policy = policy, .frames = capacity, .sample_every = random_.below(8)};
            uint64_t faults = count_faults(trace, rules);
            ASSERT_GE(faults, least) << name_of(policy);
            ASSERT_LE(faults, trace.references.size());
            if (capacity >= trace.pages) {
                ASSERT_EQ(faults, trace.pages) << name_of(policy);
            }
        }
    });
}

// Where all is used in turn and a page is missing, the page that was not used for the longest time is just
// the one that is needed next.
TEST_F(PoliciesReplayTest, in_a_loop_that_is_larger_than_memory_lru_is_the_worst_choice)
{
    References loop;
    for (unsigned i = 0; i < 500; i++) loop.push_back(i % 10);
    Trace trace = as_trace(loop);
    for (PolicyName policy : {PolicyName::Lru, PolicyName::Fifo, PolicyName::Clock})
        EXPECT_EQ(count_faults(trace, {.policy = policy, .frames = 9, .sample_every = 1}), 500u);
    EXPECT_LT(count_faults(trace, {.policy = PolicyName::Random, .frames = 9}), 250u);
    EXPECT_EQ(count_optimal_faults(trace, next_uses(trace), 9), 10u + 490 / 9);
}

// ---- The comparison

TEST_F(PoliciesReplayTest, a_comparison_has_all_policies_and_frame_counts)
{
    Arguments arguments;
    arguments.first = 3;
    arguments.last = 4;
    Comparison comparison = compare(as_trace(host::BeladyReferences), arguments);
    std::ostringstream csv, table;
    print_csv(csv, comparison);
    std::string text = csv.str();
    EXPECT_EQ(text.substr(0, text.find('\n')), "frames,references,optimal,lru,aging,clock,fifo,random");
    EXPECT_NE(text.find("\n3,12,7,10,10,9,9,"), std::string::npos) << text;
    EXPECT_NE(text.find("\n4,12,6,8,10,10,10,"), std::string::npos) << text;
    print_table(table, comparison);
    EXPECT_NE(table.str().find("      9  75.0 %"), std::string::npos) << table.str();
}

TEST_F(PoliciesReplayTest, random_is_the_mean_of_several_seeds)
{
    Arguments arguments;
    arguments.first = arguments.last = 3;
    Trace trace = as_trace(host::random_references(random_, 9, 300));
    Comparison comparison = compare(trace, arguments);
    uint64_t sum = 0;
    std::set<host::Victims> different;
    for (uint64_t seed = 1; seed <= Seeds; seed++) {
        Rules rules{.policy = PolicyName::Random, .frames = 3, .seed = seed};
        sum += count_faults(trace, rules);
        host::machine().reset({{256, 4}});
        different.insert(outcome_of(trace, rules).victims);
    }
    EXPECT_EQ(different.size(), Seeds);
    EXPECT_EQ(comparison.columns.back().name, "random");
    EXPECT_DOUBLE_EQ(comparison.columns.back().faults[0] * Seeds, static_cast<double>(sum));
}

TEST_F(PoliciesReplayTest, the_tick_is_that_of_lru_and_aging)
{
    Trace trace = as_trace(host::random_references(random_, 12, 500));
    References same{trace.references.begin(), trace.references.end()};
    Arguments arguments;
    arguments.first = arguments.last = 6;
    auto faults = [&](size_t column) { return compare(trace, arguments).columns[column].faults[0]; };
    EXPECT_EQ(faults(1), host::lru_oracle(same, 6).faults.size());
    EXPECT_EQ(faults(2), host::aging_oracle(same, 6, 0).faults.size());
    arguments.sample_lru = arguments.sample_aging = 7;
    EXPECT_EQ(faults(1), host::sampling_lru_oracle(same, 6, 7).faults.size());
    EXPECT_EQ(faults(2), host::aging_oracle(same, 6, 7).faults.size());
}
