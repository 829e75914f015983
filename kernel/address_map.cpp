// Builds the kernel's final page tables (memory_layout.hpp has the picture).
#include "kernel/address_map.hpp"

#include "kernel/boot_memory.hpp"
#include "kernel/cpu/features.hpp"
#include "kernel/cpu/page_operations.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/image.hpp"
#include "kernel/kernel_stack.hpp"
#include "kernel/kernel_tables.hpp"
#include "kernel/log.hpp"
#include "kernel/panic.hpp"
#include "mm/frame_allocator.hpp"

#include <algorithm>

namespace kernel {

namespace {

constinit mm::PhysAddr root{};

// --- The image: each section what it needs and no more

void map_section(mm::VirtAddr begin, mm::VirtAddr end, uint64_t flags)
{
    map_kernel_range(root, begin, image_physical(begin), end - begin, flags, mm::PageSize);
}

void map_image()
{
    map_section(address_of(text_start), address_of(text_end), map::Code);
    map_section(address_of(rodata_start), address_of(rodata_end), map::ReadOnlyData);
    map_section(address_of(data_start), address_of(data_end), map::ReadWriteData);
    // The guard hole below each stack stays without a mapping.
    map_section(address_of(boot_stack_bottom), address_of(double_fault_stack_guard), map::ReadWriteData);
    map_section(address_of(double_fault_stack_bottom), address_of(nmi_stack_guard), map::ReadWriteData);
    map_section(address_of(nmi_stack_bottom), address_of(machine_check_stack_guard), map::ReadWriteData);
    map_section(address_of(machine_check_stack_bottom), address_of(stacks_end), map::ReadWriteData);
}

// --- The direct map: all RAM, as data. Through it, too, the image's text and constants cannot be written.

void map_directly(mm::PhysAddr begin, mm::PhysAddr end, uint64_t flags)
{
    if (begin >= end) return;
    uint64_t largest = cpu_features().giant_pages ? GiantPage : LargePage;
    map_kernel_range(root, direct_map(begin), begin, end - begin, flags, largest);
}

void map_all_ram(const boot::BootInfo &info)
{
    mm::PhysAddr locked_begin = image_physical(address_of(text_start));
    mm::PhysAddr locked_end = image_physical(address_of(rodata_end));
    for (const boot::MemoryRegion &region : info.regions()) {
        if (region.type != boot::MemoryType::Usable) continue;
        mm::PhysAddr begin = region.begin.page_up(), end = region.end.page_down();
        map_directly(begin, std::min(end, locked_begin), map::ReadWriteData);
        map_directly(std::max(begin, locked_begin), std::min(end, locked_end), map::ReadOnlyData);
        map_directly(std::max(begin, locked_end), end, map::ReadWriteData);
    }
}

// --- Frame descriptors, where there is RAM: whole groups of the buddy system's largest block, all zeros

constexpr uint64_t GroupFrames = uint64_t{1} << mm::MaxOrder;
constexpr uint64_t GroupBytes = GroupFrames * sizeof(mm::Frame);
static_assert(GroupBytes % mm::PageSize == 0, "a group's descriptors are whole pages");

// Memory that was never used is zero already, and on an emulator's host not even there: reading it costs less
// than writing, and on a machine with 64 GiB this is 512 MiB.
void make_zero(uint64_t *page)
{
    for (unsigned i = 0; i < 512; i += 8) {
        uint64_t *w = page + i;
        if ((w[0] | w[1] | w[2] | w[3] | w[4] | w[5] | w[6] | w[7]) != 0) {
            zero_page(page);
            return;
        }
    }
}

void back_descriptors(mm::VirtAddr begin, mm::VirtAddr end)
{
    while (begin < end) {
        bool large = (begin.value() & (LargePage - 1)) == 0 && end - begin >= LargePage;
        uint64_t size = large ? LargePage : mm::PageSize;
        mm::PhysAddr memory = take_boot_memory(size, size, DescriptorsName);
        for (uint64_t offset = 0; offset < size; offset += mm::PageSize)
            make_zero(table_entries(memory + offset));
        map_kernel_range(root, begin, memory, size, map::ReadWriteData, size);
        begin += size;
    }
}

void map_frame_array(const boot::BootInfo &info)
{
    mm::VirtAddr backed = FrameArrayBase; // regions are sorted; two may share a group
    for (const boot::MemoryRegion &region : info.regions()) {
        if (region.type != boot::MemoryType::Usable) continue;
        uint64_t first = region.begin.page_up().page(), last = region.end.page_down().page();
        if (first >= last) continue;
        mm::VirtAddr begin = FrameArrayBase + first / GroupFrames * GroupBytes;
        mm::VirtAddr end = FrameArrayBase + (last + GroupFrames - 1) / GroupFrames * GroupBytes;
        begin = std::max(begin, backed);
        back_descriptors(begin, end);
        backed = std::max(backed, end);
    }
}

// --- What nobody needs after the boot tables: those themselves, and the entry code at 1 MiB

void release_boot_leftovers()
{
    release_boot_memory(
        {image_physical(address_of(boot_tables_start)), image_physical(address_of(boot_tables_end))});
    release_boot_memory({KernelLoadAddress, image_physical(address_of(image_start))});
}

} // namespace

void init_address_map(const boot::BootInfo &info)
{
    uint64_t ram_end = 0;
    for (const boot::MemoryRegion &region : info.regions()) {
        if (region.type == boot::MemoryType::Usable) ram_end = std::max(ram_end, region.end.value());
    }
    if (ram_end > DirectMapSize)
        refuse("there is memory beyond {} TiB, which Vitrine cannot map", DirectMapSize >> 40);

    root = take_table();
    map_image();
    map_all_ram(info);
    map_frame_array(info);
    init_device_window(root);
    init_kernel_stacks(root);
    write_cr3(root);
    release_boot_leftovers();

    log_info("address map: {} KiB of page tables, {} KiB of frame descriptors, kernel image {} KiB",
             used_bytes(TablesName) >> 10, used_bytes(DescriptorsName) >> 10, used_bytes(ImageName) >> 10);
}

mm::PhysAddr kernel_root()
{
    return root;
}

} // namespace kernel
