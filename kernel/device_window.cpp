// Device registers in the kernel's address space. The window's tables are part of the image, so that mapping
// a device needs no memory.
#include "kernel/address_map.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/image.hpp"
#include "kernel/kernel_tables.hpp"
#include "lib/spinlock.hpp"

#include <array>

namespace kernel {

namespace {

struct alignas(mm::PageSize) Table {
    std::array<uint64_t, 512> entries;
};

constexpr uint64_t PagesPerTable = 512;
constexpr uint64_t WindowPages = DeviceWindowSize / mm::PageSize;

[[gnu::section(".bss.large")]] constinit Table pointers{};
[[gnu::section(".bss.large")]] constinit Table directory{};
[[gnu::section(".bss.large")]] constinit Table pages[WindowPages / PagesPerTable]{};
constinit lib::Guarded<uint64_t> pages_in_use{0};

uint64_t entry_for(const Table &table)
{
    return image_physical(address_of(&table)).value() | map::Present | map::Writable | map::Accessed;
}

} // namespace

void init_device_window(mm::PhysAddr root)
{
    static_assert((DeviceWindowBase.value() & ((uint64_t{1} << 39) - 1)) == 0,
                  "the window begins a level 4 entry");
    for (size_t i = 0; i < std::size(pages); i++) directory.entries[i] = entry_for(pages[i]);
    pointers.entries[0] = entry_for(directory);
    table_entries(root)[DeviceWindowBase.value() >> 39 & 511] = entry_for(pointers);
}

lib::Result<void *> map_device(mm::PhysAddr address, uint64_t bytes)
{
    mm::PhysAddr begin = address.page_down();
    uint64_t count = ((address + bytes).page_up() - begin) >> mm::PageShift;
    auto used = pages_in_use.lock();
    if (count > WindowPages - *used) return lib::Errno::NoMemory;
    uint64_t first = *used;
    *used += count;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t page = first + i;
        pages[page / PagesPerTable].entries[page % PagesPerTable] =
            (begin + i * mm::PageSize).value() | map::Device;
    }
    mm::VirtAddr mapped = DeviceWindowBase + first * mm::PageSize + address.offset_in_page();
    return reinterpret_cast<void *>(mapped.value());
}

} // namespace kernel
