// Any bytes as a series of memory calls and touches: the address space does what the model says, step by
// step, and every invariant holds after each.
#include "tests/host/space_world.hpp"

#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    host::Tally tally;
    const uint8_t *end = data + size;
    // As many bytes as the choice needs; when they run out, always the first possibility.
    auto choose = [&](uint64_t below) {
        uint64_t value = 0;
        for (uint64_t reach = 1; reach < below && data < end; reach <<= 8) value = value << 8 | *data++;
        return below != 0 ? value % below : 0;
    };
    try {
        host::World world(host::WorldOptions{}, choose, tally);
        while (data < end) world.step();
    } catch (const host::Failure &failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        std::abort();
    }
    return 0;
}
