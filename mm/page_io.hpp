// The seam between mm/ and swap devices: pages on their way to a device or back. Like mm/machine.hpp it has
// two implementations, never linked together: kernel/swap_device.cpp on block devices,
// tests/host/swap_device.cpp on an array of bytes that answers late, in any order, or with an error.
#pragma once

#include "lib/result.hpp"
#include "mm/swap_slot.hpp"

#include <array>
#include <cstdint>

namespace mm {

// One request: frames from or to slots that are neighbours in one area.
struct PageTransfer {
    static constexpr unsigned MaxPages =
        128; // 512 KiB: beyond that a request hardly gets cheaper by the page

    enum class Direction : uint8_t { In, Out };

    Direction direction = Direction::In;
    SwapSlot first;
    unsigned count = 0;
    std::array<uint32_t, MaxPages> frames{}; // frame numbers; frames[i] belongs to slot first + i
    lib::Result<void> result;                // when completed: success, or InputOutput

    // mm's own (mm/transfers.cpp): which of the MaxUnderWay it is, and whether it is taken.
    unsigned number = 0;
    bool taken = false;
};

namespace page_io {

// How many transfers there can be at a time. The other side keeps what it needs for each by
// PageTransfer::number, so that a transfer never needs memory.
inline constexpr unsigned MaxUnderWay = 16;

// Hands the transfer to the device of its area; never sleeps. When it is done, the other side sets `result`
// and calls mm::transfer_completed(), once, with no lock of mm/ held; on the machine that is an interrupt.
// InputOutput: the device takes nothing any more; nothing is called.
lib::Result<void> submit(PageTransfer &transfer);

} // namespace page_io

// Implemented by mm/transfers.cpp.
void transfer_completed(PageTransfer &transfer);

} // namespace mm
