// What the tests of swapping share: a small machine with a swap device, a reclaimer and a deterministic
// scheduler.
#pragma once

#include "mm/reclaim.hpp"
#include "mm/swap.hpp"
#include "tests/host/space.hpp"
#include "tests/host/swap_device.hpp"
#include "tests/host/waiting.hpp"

namespace host {

struct SwapSetup {
    uint64_t frames = 128;
    uint32_t slots = 400; // of the first area; 0: there is none
    mm::PolicyName policy = mm::PolicyName::Clock;
    mm::Watermarks watermarks{.minimum = 8, .low = 12, .high = 20};
    SchedulerOptions scheduler{};
};

// Instead of Machine::reset(): a machine with so many frames, whose pages are in the ring, and one swap area.
void set_up_swapping(const SwapSetup &setup, Choices choices = {});
// Lets everybody finish, and takes all swap areas out of use. Nobody may have a page left on them.
void take_down_swapping();

// swapon(2): an area with so many slots (bad ones included); its number.
Result<unsigned> add_swap_area(uint32_t slots, int priority = -1, std::vector<uint32_t> bad = {});
// swapoff(2), and the device goes.
Result<void> remove_swap_area(unsigned area);

// The bytes of a page, in memory or on the swap device; null: the entry has none.
const uint8_t *page_bytes(mm::PageTableEntry entry);
const uint8_t *slot_bytes(mm::SwapSlot slot);

class SwapTest : public SpaceTest {
protected:
    void SetUp() override { set_up({}); }
    // Another machine than the usual one; before anything else.
    void set_up(const SwapSetup &setup, Choices choices = {}) { set_up_swapping(setup, std::move(choices)); }
    // Whoever still sleeps goes on first.
    void TearDown() override;
    void after_programs() override;

    // Writes a number of its own into each page, several bytes all over it; and whether it is there.
    void fill(Program &program, VirtAddr address, uint64_t pages, uint32_t first = 1);
    void check(Program &program, VirtAddr address, uint64_t pages, uint32_t first = 1);
    // Other pages in memory until what is at `address` is on disk, all of it.
    void push_out(Program &program, VirtAddr address, uint64_t pages);
    // One character a page: 'm' in memory, 's' on disk, 'b' both, '.' nowhere, '0' the zero page.
    std::string places(Program &program, VirtAddr address, uint64_t pages);
    mm::SwapSlot slot_at(Program &program, VirtAddr address);
    uint64_t used_slots();
};

} // namespace host
