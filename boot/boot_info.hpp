// BootInfo: everything the loader told us, in one form, whichever way the kernel was started.
//
// It is a copy: nothing in it points into the loader's memory, which the kernel will use for other things.
// Only the archive stays where the loader put it; its range is reserved until somebody frees it.
#pragma once

#include "mm/address.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace boot {

enum class EntryKind : uint8_t { Pvh, Multiboot2 };

// ACPI's address range types (ACPI 6.4, 15.3), which both protocols use.
enum class MemoryType : uint8_t { Usable = 1, Reserved = 2, AcpiReclaimable = 3, AcpiNvs = 4, Bad = 5 };

struct MemoryRegion {
    mm::PhysAddr begin;
    mm::PhysAddr end; // exclusive
    MemoryType type = MemoryType::Reserved;

    constexpr uint64_t size() const { return end - begin; }
};

struct PhysRange {
    mm::PhysAddr begin;
    mm::PhysAddr end; // exclusive; begin == end: nothing there

    constexpr uint64_t size() const { return end - begin; }
    constexpr bool empty() const { return begin >= end; }
};

inline constexpr size_t MaxMemoryRegions = 128;
inline constexpr size_t MaxCommandLine = 8192;
inline constexpr size_t MaxLoaderName = 64;

struct BootInfo {
    EntryKind entry = EntryKind::Pvh;
    // Sorted by address, without overlaps; neighbours of one type are merged. Not page aligned: as the
    // firmware said.
    std::array<MemoryRegion, MaxMemoryRegions> region_storage;
    size_t region_count = 0;
    std::array<char, MaxCommandLine> command_line_storage;
    size_t command_line_length = 0;
    std::array<char, MaxLoaderName> loader_name_storage;
    size_t loader_name_length = 0;
    const char *problem =
        nullptr; // a sentence: why this is not complete enough to start with (init_boot_memory refuses)
    PhysRange
        archive; // the initial archive (PVH: initrd; multiboot2: the first module), empty when there is none

    std::span<const MemoryRegion> regions() const { return {region_storage.data(), region_count}; }
    std::string_view command_line() const { return {command_line_storage.data(), command_line_length}; }
    std::string_view loader_name() const { return {loader_name_storage.data(), loader_name_length}; }
};

} // namespace boot

// Called by boot/ on the boot stack with interrupts off, in 64-bit mode at the kernel's high address; returns
// never.
extern "C" [[noreturn]] void kernel_main(const boot::BootInfo &info);
