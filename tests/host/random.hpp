// Random numbers for property tests: the same ones at each run, others with VITRINE_SEED=N in the
// environment.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>

namespace host {

class Random {
public:
    Random() : engine_(seed()) {}
    explicit Random(uint64_t own_seed) : engine_(own_seed) {}

    static uint64_t seed()
    {
        const char *text = getenv("VITRINE_SEED");
        return text != nullptr ? strtoull(text, nullptr, 0) : 20261123;
    }

    // Below `end`.
    uint64_t below(uint64_t end) { return engine_() % end; }
    // From first to last, both included.
    uint64_t between(uint64_t first, uint64_t last) { return first + below(last - first + 1); }
    bool one_in(uint64_t n) { return below(n) == 0; }
    uint64_t bits() { return engine_(); }

private:
    std::mt19937_64 engine_;
};

} // namespace host
