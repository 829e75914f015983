// Reading what a loader left in memory. It comes from outside: every read is checked against what can be
// read.
#pragma once

#include "boot/boot_info.hpp"

#include <cstring>

namespace boot {

// Where `bytes` bytes at a physical address can be read, or nullptr. The kernel gives a window on the first 4
// GiB; tests give an array.
using PhysicalWindow = const std::byte *(*)(uint64_t physical, uint64_t bytes);

// Copies a structure out; loaders do not promise alignment.
template <typename T> bool read(PhysicalWindow window, uint64_t physical, T &out)
{
    const std::byte *bytes = window(physical, sizeof(T));
    if (bytes == nullptr) return false;
    std::memcpy(&out, bytes, sizeof(T));
    return true;
}

// Copies text up to its zero or `limit` bytes; what does not fit into `storage` is cut off, and false
// returned.
bool copy_text(PhysicalWindow window, uint64_t physical, uint64_t limit, std::span<char> storage,
               size_t &length);

// Collects the entries of a memory map in any order, overlapping or not, and makes of them what BootInfo
// promises: where two overlap, the one that is not usable wins.
class MemoryMapBuilder {
public:
    void add(uint64_t begin, uint64_t size, uint32_t acpi_type);
    void finish(BootInfo &info) const;

private:
    std::array<MemoryRegion, MaxMemoryRegions> raw_;
    size_t count_ = 0;
    bool overflowed_ = false;
};

// Each fills `info` from its protocol's structure at `physical`; what is wrong ends up in info.problem.
void parse_pvh(PhysicalWindow window, uint64_t physical, BootInfo &info);
void parse_multiboot2(PhysicalWindow window, uint64_t physical, BootInfo &info);

} // namespace boot
