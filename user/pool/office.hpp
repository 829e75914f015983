// What the clerk does with tenants in either run: waits for them, has them check their tables, sees them go.
#pragma once

#include "user/lib/block.hpp"
#include "user/pool/clerk.hpp"
#include "user/pool/figures.hpp"
#include "user/pool/talk.hpp"

#include <chrono>
#include <sched.h>

namespace exhibit {

class Office {
public:
    explicit Office(const Plan &plan) : plan_(plan) {}

    // Looks until it is so. Ends the program with status 1 when that takes minutes.
    template <typename Condition> void wait_until(Condition &&condition)
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(5);
        while (!condition()) {
            if (std::chrono::steady_clock::now() >= end) give_up();
            sched_yield();
        }
    }

    // Whether all who are there have filled their tables. Who wants to peek is let, which is its end.
    bool all_have_filled();
    // It checks its table: true. Not there: false.
    bool check(const std::string &name);
    // It ends.
    void let_go(const std::string &name);

    Figures figures;
    Block output;
    std::size_t ends = 0; // of tenants, so far

private:
    std::size_t table_mib(const std::string &name) const;
    void note_tenants(const std::vector<Tenant> &there);
    [[noreturn]] void give_up();
    [[noreturn]] void alarm(const char *what, const std::string &name);
    void watch_peek(const Tenant &tenant);

    const Plan &plan_;
};

} // namespace exhibit
