// The oracles: lists that are searched from one end to the other.
#include "tests/host/policy_oracles.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <set>

namespace host {

Outcome fifo_oracle(const References &references, unsigned capacity)
{
    std::deque<unsigned> queue;
    Outcome outcome;
    for (size_t now = 0; now < references.size(); now++) {
        unsigned page = references[now];
        if (std::count(queue.begin(), queue.end(), page) != 0) continue;
        outcome.faults.push_back(now);
        if (queue.size() == capacity) {
            outcome.victims.push_back(queue.front());
            queue.pop_front();
        }
        queue.push_back(page);
    }
    return outcome;
}

// As in the textbooks: frames in a circle, a bit each, and a hand.
Outcome clock_oracle(const References &references, unsigned capacity)
{
    struct Place {
        unsigned page;
        bool used;
    };
    std::vector<Place> places;
    size_t hand = 0;
    Outcome outcome;
    for (size_t now = 0; now < references.size(); now++) {
        unsigned page = references[now];
        auto found =
            std::find_if(places.begin(), places.end(), [&](Place &each) { return each.page == page; });
        if (found != places.end()) {
            found->used = true;
            continue;
        }
        outcome.faults.push_back(now);
        if (places.size() < capacity) {
            places.push_back({page, true});
            continue;
        }
        while (places[hand].used) {
            places[hand].used = false;
            hand = (hand + 1) % capacity;
        }
        outcome.victims.push_back(places[hand].page);
        places[hand] = {page, true};
        hand = (hand + 1) % capacity;
    }
    return outcome;
}

Outcome lru_oracle(const References &references, unsigned capacity)
{
    std::map<unsigned, size_t> last_use;
    Outcome outcome;
    for (size_t now = 0; now < references.size(); now++) {
        if (!last_use.contains(references[now])) {
            outcome.faults.push_back(now);
            if (last_use.size() == capacity) {
                auto oldest = std::min_element(last_use.begin(), last_use.end(),
                                               [](auto &a, auto &b) { return a.second < b.second; });
                outcome.victims.push_back(oldest->first);
                last_use.erase(oldest);
            }
        }
        last_use[references[now]] = now;
    }
    return outcome;
}

namespace {

struct Page {
    unsigned page;
    unsigned counter = 128;
    bool used = false;
};
using Pages = std::vector<Page>; // the next victim first

// `look` puts the pages into a new order by what it sees; the uses are forgotten afterwards.
template <typename Look>
Outcome sampled(const References &references, unsigned capacity, unsigned every, Look &&look)
{
    Pages pages;
    Outcome outcome;
    auto sample = [&] {
        look(pages);
        for (Page &page : pages) page.used = false;
    };
    for (size_t now = 0; now < references.size(); now++) {
        auto is_it = [&](const Page &each) { return each.page == references[now]; };
        if (std::find_if(pages.begin(), pages.end(), is_it) == pages.end()) {
            outcome.faults.push_back(now);
            if (pages.size() == capacity) {
                if (every == 0 && outcome.victims.size() % std::max(1u, capacity / 8) == 0) sample();
                outcome.victims.push_back(pages.front().page);
                pages.erase(pages.begin());
            }
            pages.push_back({references[now]});
        }
        std::find_if(pages.begin(), pages.end(), is_it)->used = true;
        if (every != 0 && (now + 1) % every == 0) sample();
    }
    return outcome;
}

} // namespace

Outcome sampling_lru_oracle(const References &references, unsigned capacity, unsigned every)
{
    return sampled(references, capacity, every, [](Pages &pages) {
        std::stable_partition(pages.begin(), pages.end(), [](const Page &each) { return !each.used; });
    });
}

Outcome aging_oracle(const References &references, unsigned capacity, unsigned every)
{
    return sampled(references, capacity, every, [](Pages &pages) {
        for (Page &page : pages) page.counter = page.counter / 2 + (page.used ? 128 : 0);
        std::stable_sort(pages.begin(), pages.end(),
                         [](const Page &a, const Page &b) { return a.counter < b.counter; });
    });
}

Outcome optimal_oracle(const References &references, unsigned capacity)
{
    std::vector<unsigned> pages;
    Outcome outcome;
    for (size_t now = 0; now < references.size(); now++) {
        if (std::count(pages.begin(), pages.end(), references[now]) != 0) continue;
        outcome.faults.push_back(now);
        if (pages.size() == capacity) {
            auto next_use = [&](unsigned page) {
                return std::find(references.begin() + static_cast<std::ptrdiff_t>(now), references.end(),
                                 page);
            };
            auto victim = std::max_element(pages.begin(), pages.end(),
                                           [&](unsigned a, unsigned b) { return next_use(a) < next_use(b); });
            outcome.victims.push_back(*victim);
            pages.erase(victim);
        }
        pages.push_back(references[now]);
    }
    return outcome;
}

unsigned fewest_faults(const References &references, unsigned capacity)
{
    // Every set of pages that could be in memory now, and the fewest faults until then.
    std::map<std::set<unsigned>, unsigned> reachable{{{}, 0}};
    for (unsigned page : references) {
        std::map<std::set<unsigned>, unsigned> next;
        auto reach = [&](const std::set<unsigned> &pages, unsigned faults) {
            auto [known, is_new] = next.try_emplace(pages, faults);
            if (!is_new) known->second = std::min(known->second, faults);
        };
        for (const auto &[pages, faults] : reachable) {
            if (pages.contains(page)) {
                reach(pages, faults);
                continue;
            }
            std::set<unsigned> more = pages;
            more.insert(page);
            if (pages.size() < capacity) {
                reach(more, faults + 1);
                continue;
            }
            for (unsigned victim : pages) {
                std::set<unsigned> fewer = more;
                fewer.erase(victim);
                reach(fewer, faults + 1);
            }
        }
        reachable = next;
    }
    unsigned fewest = UINT32_MAX;
    for (const auto &[pages, faults] : reachable) fewest = std::min(fewest, faults);
    return fewest;
}

References random_references(Random &random, unsigned pages, unsigned length)
{
    References references;
    bool is_local = random.one_in(2);
    unsigned base = 0;
    for (unsigned i = 0; i < length; i++) {
        if (random.one_in(20)) base = static_cast<unsigned>(random.below(pages));
        auto page = static_cast<unsigned>(random.below(is_local ? (pages + 3) / 4 : pages));
        references.push_back((base + page) % pages);
    }
    return references;
}

} // namespace host
