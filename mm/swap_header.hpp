// The first page of a swap area, as mkswap(8) writes it: version 1, signature SWAPSPACE2.
#pragma once

#include "lib/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mm {

struct SwapHeader {
    uint32_t last_page = 0; // the area's pages are 1 to last_page; page 0 is the header
    uint32_t bad_count = 0; // of them, these must not be used:
    static constexpr unsigned MaxBad = 637;
    std::array<uint32_t, MaxBad> bad{}; // the first bad_count: ascending, each once
    std::array<uint8_t, 16> uuid{};
    std::array<char, 17> label{}; // ends with a zero
};

// Reads the header (2.6 KiB: too big for a kernel stack) from an area's first page (4096 bytes) on a device
// of `device_pages` pages. Invalid when it is none, or one that Linux, too, refuses: another version or byte
// order, no page beyond the header, more pages than the device has, more bad pages than fit, a bad page
// outside of the area, all pages bad. `why` then says what is wrong, in a few words for a message ("it has no
// swap signature: mkswap makes one"); it is empty otherwise. Of an area of more than 2^28 pages (1 TiB) only
// so many are used.
lib::Result<void> read_swap_header(std::span<const std::byte> page, uint64_t device_pages, SwapHeader &header,
                                   std::string_view &why);

} // namespace mm
