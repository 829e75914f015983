// The first C++: turns whatever the loader left into a BootInfo and hands it over.
#include "boot/loader_memory.hpp"
#include "kernel/memory_layout.hpp"

namespace boot {

namespace {

constexpr uint64_t MappedByEntry = uint64_t{4} << 30; // entry.asm's direct map

// Not nullptr even for physical address 0: the direct map is far from zero.
const std::byte *first_4_gib(uint64_t physical, uint64_t bytes)
{
    if (physical >= MappedByEntry || bytes > MappedByEntry - physical) return nullptr;
    return reinterpret_cast<const std::byte *>(kernel::direct_map(mm::PhysAddr{physical}).value());
}

[[gnu::section(".data.large")]] constinit BootInfo boot_info{};

} // namespace

} // namespace boot

// From entry.asm.
extern "C" [[noreturn]] void boot_main(uint32_t entry_kind, uint64_t loader_information)
{
    using namespace boot;
    if (static_cast<EntryKind>(entry_kind) == EntryKind::Pvh) {
        parse_pvh(first_4_gib, loader_information, boot_info);
    } else {
        parse_multiboot2(first_4_gib, loader_information, boot_info);
    }
    kernel_main(boot_info);
}
