// PVH direct boot: QEMU's -kernel (xen/include/public/arch-x86/hvm/start_info.h).
#include "boot/loader_memory.hpp"

namespace boot {

namespace {

constexpr uint32_t StartInfoMagic = 0x336ec578;
constexpr uint32_t MaxEntries = 4096; // more is a mistake, not a machine

struct StartInfo {
    uint32_t magic;
    uint32_t version;
    uint32_t flags;
    uint32_t module_count;
    uint64_t modules;
    uint64_t command_line;
    uint64_t rsdp;
    uint64_t memory_map; // from version 1 on
    uint32_t memory_map_entries;
    uint32_t reserved;
};
static_assert(sizeof(StartInfo) == 56);

struct ModuleEntry {
    uint64_t address;
    uint64_t size;
    uint64_t command_line;
    uint64_t reserved;
};

struct MemoryMapEntry {
    uint64_t address;
    uint64_t size;
    uint32_t type;
    uint32_t reserved;
};

} // namespace

void parse_pvh(PhysicalWindow window, uint64_t physical, BootInfo &info)
{
    info.entry = EntryKind::Pvh;
    static constexpr std::string_view name = "PVH";
    name.copy(info.loader_name_storage.data(), name.size());
    info.loader_name_length = name.size();

    StartInfo start;
    if (!read(window, physical, start) || start.magic != StartInfoMagic) {
        info.problem = "the loader's PVH start information is not there";
        return;
    }
    if (start.version < 1) {
        info.problem = "the loader's PVH start information has no memory map (version 0)";
        return;
    }
    MemoryMapBuilder map;
    for (uint32_t i = 0; i < start.memory_map_entries && i < MaxEntries; i++) {
        MemoryMapEntry entry;
        if (!read(window, start.memory_map + i * sizeof entry, entry)) {
            info.problem = "the loader's PVH memory map cannot be read";
            return;
        }
        map.add(entry.address, entry.size, entry.type);
    }
    map.finish(info);

    if (start.command_line != 0 && !copy_text(window, start.command_line, UINT32_MAX,
                                              info.command_line_storage, info.command_line_length)) {
        info.problem = "the kernel command line is too long";
    }
    if (start.module_count > 0) {
        ModuleEntry module;
        if (!read(window, start.modules, module) || module.address + module.size < module.address) {
            info.problem = "the loader's PVH module list cannot be read";
            return;
        }
        info.archive = {mm::PhysAddr{module.address}, mm::PhysAddr{module.address + module.size}};
    }
}

} // namespace boot
