// What the kernel says about this process: proc(5)'s /proc/self/maps, smaps, status and pagemap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exhibit {

// One line of maps, with smaps' figure where smaps was read.
struct Area {
    std::uintptr_t start = 0;
    std::uintptr_t end = 0;
    std::string permissions; // "rw-p"
    std::string name;        // "[heap]", a path, or empty
    std::size_t resident_kib = 0;

    std::uintptr_t size() const { return end - start; }
    bool holds(std::uintptr_t address) const { return start <= address && address < end; }
};

// The areas by rising address. From maps: cheap. From smaps: also how much of each is in memory. (VmRSS in
// status would be simpler, but Linux 6.2 and later may be some pages behind there; smaps counts page by
// page.)
std::vector<Area> read_maps();
std::vector<Area> read_smaps();

// A figure of /proc/self/status in KiB ("VmSize"), or nothing if the kernel does not tell it.
std::optional<std::size_t> status_kib(std::string_view name);

// One entry of /proc/self/pagemap (Linux: Documentation/admin-guide/mm/pagemap.rst).
struct PagemapEntry {
    std::uint64_t bits = 0;

    bool present() const { return bits >> 63; }
    std::uint64_t frame() const { return bits & ((std::uint64_t{1} << 55) - 1); }

    // On a swap device: in which area ("swap type"), and on which page of it.
    bool swapped() const { return bits >> 62 & 1; }
    unsigned area() const { return bits & 31; }
    std::uint64_t slot() const { return frame() >> 5; }
};

// These two allocate nothing. The range counted begins at the start of a page.
PagemapEntry read_pagemap(std::uintptr_t address);
std::size_t count_present(std::uintptr_t start, std::uintptr_t end);

} // namespace exhibit
