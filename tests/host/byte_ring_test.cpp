// kernel::ByteRing against the simplest model: a string.
#include "kernel/device/byte_ring.hpp"
#include "tests/host/random.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

TEST(ByteRing, TakesWhatWasPutInOrderAndNeverMoreThanItHolds)
{
    host::Random random;
    kernel::ByteRing<64> ring;
    std::vector<std::byte> model;
    for (int step = 0; step < 20000; step++) {
        std::vector<std::byte> bytes(random.below(100));
        if (random.below(2) == 0) {
            for (std::byte &byte : bytes) byte = static_cast<std::byte>(random.below(256));
            size_t put = ring.put(bytes);
            ASSERT_EQ(put, std::min(bytes.size(), 64 - model.size()));
            model.insert(model.end(), bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(put));
        } else {
            size_t taken = ring.take(bytes);
            ASSERT_EQ(taken, std::min(bytes.size(), model.size()));
            ASSERT_TRUE(
                std::equal(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(taken), model.begin()));
            model.erase(model.begin(), model.begin() + static_cast<ptrdiff_t>(taken));
        }
        ASSERT_EQ(ring.used(), model.size());
        ASSERT_EQ(ring.room(), 64 - model.size());
    }
}

} // namespace
