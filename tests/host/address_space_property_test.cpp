// Address spaces under a million random calls, each compared with a model and audited.
//
// A failure prints a line that replays the world it happened in, alone.
#include "tests/host/random.hpp"
#include "tests/host/space_world.hpp"

namespace {

using namespace host;

uint64_t number_from_environment(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text != nullptr ? strtoull(text, nullptr, 0) : otherwise;
}

// Worlds of `steps` steps each, until `total` steps are done.
void run_worlds(const char *test, const WorldOptions &options, uint64_t steps, uint64_t total)
{
    Tally tally;
    bool replay = getenv("VITRINE_SEED") != nullptr;
    uint64_t seed = Random::seed();
    for (uint64_t done = 0; done < total; done += steps, seed++) {
        Random random(seed);
        try {
            World world(
                options, [&](uint64_t end) { return random.below(end); }, tally);
            for (uint64_t i = 0; i < steps; i++) world.step();
        } catch (const Failure &failure) {
            mm::frames().fail_allocations(0, 0);
            FAIL() << failure.what() << "\nreplay: VITRINE_SEED=" << seed
                   << " build/host/address_space_property_test --gtest_filter='*" << test << "'";
        }
        if (replay || ::testing::Test::HasFailure()) break;
    }
    if (options.swap_slots != 0) {
        printf("  %lu pages out, %lu in, %lu disk errors, %lu swapoffs\n", tally.pages_out, tally.pages_in,
               tally.disk_errors, tally.swapoffs);
        if (!replay) {
            EXPECT_GT(tally.pages_in * 100, total);
        }
    }
    if (options.recorded_pages != 0) {
        printf("  %lu references recorded\n", tally.references);
        if (!replay) {
            EXPECT_GT(tally.references * 20, total);
        }
    }
    for (size_t i = 0; i < tally.calls.size(); i++) {
        printf("  %-12s %8lu calls, %3lu %% succeeded\n", name_of(static_cast<Operation>(i)), tally.calls[i],
               tally.calls[i] != 0 ? 100 * tally.successes[i] / tally.calls[i] : 0);
        if (replay) continue;
        // (Less where pages are touched rather than areas made, and in short runs.)
        bool is_special = options.swap_slots != 0 || options.recorded_pages != 0;
        uint64_t least = is_special ? 20 : 5;
        EXPECT_GE(tally.successes[i] * least, tally.calls[i]) << name_of(static_cast<Operation>(i));
    }
}

TEST(AddressSpaceProperties, SmallWorlds)
{
    run_worlds("SmallWorlds", WorldOptions{}, 4000, number_from_environment("VITRINE_STEPS", 1000000));
}

TEST(AddressSpaceProperties, LargeWorld)
{
    WorldOptions options;
    options.frames = 16384;
    options.window_pages = 8192;
    options.usual_pages = 64;
    options.most_areas = 2000;
    options.file_pages = 400;
    options.audit_every = 10;
    run_worlds("LargeWorld", options, 10000, 10000);
}

// Spaces that live in pieces of a pool.
TEST(AddressSpaceProperties, FlatWorlds)
{
    WorldOptions options;
    options.flat = true;
    run_worlds("FlatWorlds", options, 2000, number_from_environment("VITRINE_STEPS", 1000000) / 5);
}

TEST(AddressSpaceProperties, FlatWorldsInWhichMemoryIsNeverShort)
{
    WorldOptions options;
    options.flat = true;
    options.frames = 2048;
    options.inject_failures = false;
    run_worlds("FlatWorldsInWhichMemoryIsNeverShort", options, 2000,
               number_from_environment("VITRINE_STEPS", 1000000) / 10);
}

// Few frames, so that pages go to a swap device and come back all the time; in every third world swap is
// small, too.
TEST(AddressSpaceProperties, SwappingWorlds)
{
    WorldOptions options;
    options.frames = 112;
    options.swap_slots = 800;
    run_worlds("SwappingWorlds", options, 2000, number_from_environment("VITRINE_STEPS", 1000000) / 5);
}

TEST(AddressSpaceProperties, SwappingWorldsWithDiskErrors)
{
    WorldOptions options;
    options.frames = 112;
    options.swap_slots = 800;
    options.disk_errors = true;
    run_worlds("SwappingWorldsWithDiskErrors", options, 2000,
               number_from_environment("VITRINE_STEPS", 1000000) / 10);
}

// The pages that one of the programs uses are recorded, whatever happens to them: all of them, in order, and
// no others.
TEST(AddressSpaceProperties, RecordedWorlds)
{
    WorldOptions options;
    options.recorded_pages = 8;
    run_worlds("RecordedWorlds", options, 4000, number_from_environment("VITRINE_STEPS", 1000000) / 10);
}

TEST(AddressSpaceProperties, RecordedSwappingWorlds)
{
    WorldOptions options;
    options.frames = 128; // the recorder needs some of them
    options.swap_slots = 800;
    options.recorded_pages = 8;
    run_worlds("RecordedSwappingWorlds", options, 2000,
               number_from_environment("VITRINE_STEPS", 1000000) / 10);
}

} // namespace
