// The machine that mm/ runs on (mm/machine.hpp): real memory through the direct map, real translations.
//
// One processor: whatever is to be forgotten is forgotten here. More would be told by an interrupt, which
// each answers before the caller goes on.
#include "mm/machine.hpp"

#include "kernel/address_map.hpp"
#include "kernel/cpu/cpu_area.hpp"
#include "kernel/cpu/page_operations.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/panic.hpp"
#include "mm/frame.hpp"
#include "mm/page_table_entry.hpp"

namespace mm::machine {

namespace {

constexpr uint64_t RootEntries = 512, FirstKernelEntry = 256;

bool is_loaded_here(PhysAddr root, ProcessorSet active)
{
    return (active >> current_processor() & 1) != 0 && kernel::read_cr3() == root;
}

} // namespace

[[gnu::hot]] unsigned current_processor()
{
    return kernel::this_cpu().index;
}

std::byte *const window_base = reinterpret_cast<std::byte *>(kernel::DirectMapBase.value());
Frame *const frame_array_base = reinterpret_cast<Frame *>(kernel::FrameArrayBase.value());

void zero_frame(PhysAddr frame)
{
    kernel::zero_page(window(frame));
}
void copy_frame(PhysAddr to, PhysAddr from)
{
    kernel::copy_page(window(to), window(from));
}

void invalidate_page(PhysAddr root, ProcessorSet active, VirtAddr page)
{
    if (is_loaded_here(root, active)) kernel::invalidate_translation(page);
}

void invalidate_all(PhysAddr root, ProcessorSet active)
{
    if (is_loaded_here(root, active)) kernel::write_cr3(root);
}

[[gnu::hot]] void load_root(PhysAddr root)
{
    kernel::write_cr3(root);
}

void share_kernel_half(PhysAddr root)
{
    auto *entries = static_cast<PageTableEntry *>(window(root));
    auto *kernel_entries = static_cast<const PageTableEntry *>(window(kernel::kernel_root()));
    for (uint64_t i = FirstKernelEntry; i < RootEntries; i++) entries[i] = kernel_entries[i];
}

void fail(const char *what)
{
    kernel::panic("memory: {}", what);
}

} // namespace mm::machine
