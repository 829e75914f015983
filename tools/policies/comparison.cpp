// Replays, one after the other; and how their counts are written down.
#include "tools/policies/comparison.hpp"

#include "tools/policies/optimal.hpp"
#include "tools/policies/replay.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>

namespace policies {

namespace {

using mm::PolicyName;

double mean_faults(const Trace &trace, Rules rules)
{
    unsigned seeds = rules.policy == PolicyName::Random ? Seeds : 1;
    uint64_t sum = 0;
    for (rules.seed = 1; rules.seed <= seeds; rules.seed++) sum += count_faults(trace, rules);
    return static_cast<double>(sum) / seeds;
}

uint64_t sample_every(PolicyName policy, const Arguments &arguments)
{
    return policy == PolicyName::Lru ? arguments.sample_lru : arguments.sample_aging;
}

} // namespace

Comparison compare(const Trace &trace, const Arguments &arguments)
{
    Comparison result{frame_counts(arguments, trace.pages), {}, trace.references.size()};
    Comparison::Column optimal{"optimal", {}};
    std::vector<uint64_t> next = next_uses(trace);
    for (uint32_t frames : result.frames)
        optimal.faults.push_back(static_cast<double>(count_optimal_faults(trace, next, frames)));
    result.columns.push_back(optimal);
    for (PolicyName policy :
         {PolicyName::Lru, PolicyName::Aging, PolicyName::Clock, PolicyName::Fifo, PolicyName::Random}) {
        Comparison::Column column{std::string(name_of(policy)), {}};
        for (uint32_t frames : result.frames)
            column.faults.push_back(mean_faults(trace, {.policy = policy,
                                                        .frames = frames,
                                                        .sample_every = sample_every(policy, arguments),
                                                        .at_once = std::min(arguments.at_once, frames)}));
        result.columns.push_back(column);
    }
    return result;
}

void print_table(std::ostream &to, const Comparison &comparison)
{
    constexpr int Column = 16;
    to << "frames";
    for (const auto &column : comparison.columns) to << std::setw(Column) << column.name;
    to << '\n' << std::fixed;
    for (size_t i = 0; i < comparison.frames.size(); i++) {
        to << std::setw(6) << comparison.frames[i];
        for (const auto &column : comparison.columns) {
            double faults = column.faults[i];
            double percent = 100 * faults / static_cast<double>(comparison.references);
            to << std::setw(Column - 8) << std::setprecision(0) << faults << std::setw(6)
               << std::setprecision(1) << percent << " %";
        }
        to << '\n';
    }
}

void print_csv(std::ostream &to, const Comparison &comparison)
{
    to << "frames,references";
    for (const auto &column : comparison.columns) to << ',' << column.name;
    to << '\n' << std::fixed;
    for (size_t i = 0; i < comparison.frames.size(); i++) {
        to << comparison.frames[i] << ',' << comparison.references;
        for (const auto &column : comparison.columns) {
            double faults = column.faults[i];
            to << ',' << std::setprecision(faults == std::floor(faults) ? 0 : 1) << faults;
        }
        to << '\n';
    }
}

} // namespace policies
