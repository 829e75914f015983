// Random requests. See workload.hpp.
#include "user/heap/workload.hpp"

#include <array>
#include <cstdint>

namespace heap {

namespace {

// Knuth's linear congruential generator (The Art of Computer Programming, vol. 2, 3.3.4): the same
// everywhere.
class Numbers {
public:
    std::size_t below(std::size_t end)
    {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return static_cast<std::size_t>(state_ >> 33) % end;
    }

private:
    std::uint64_t state_ = 1;
};

} // namespace

Workload play(Room &room, Policy policy, std::size_t bytes, std::size_t requests)
{
    FreeListHeap heap(room, policy);
    std::array<void *, 40> blocks{}; // so many that there is seldom room for all
    Numbers numbers;
    Workload result{.requests = requests};
    for (std::size_t request = 0; request < requests; ++request) {
        void *&block = blocks[numbers.below(blocks.size())];
        const std::size_t largest = numbers.below(4) != 0 ? bytes / 64 : bytes / 10;
        const std::size_t size = 1 + numbers.below(largest);
        heap.free(block);
        block = heap.allocate(size);
        if (block == nullptr) ++result.refused;
        const auto figures = heap.figures();
        result.utilisation += figures.utilisation() / static_cast<double>(requests);
        result.fragmentation += figures.fragmentation() / static_cast<double>(requests);
    }
    result.looked_at = static_cast<double>(heap.holes_looked_at()) / static_cast<double>(requests);
    return result;
}

} // namespace heap
