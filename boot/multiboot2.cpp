// The boot information of GRUB: a list of tags (multiboot2 specification 3.4 to 3.6).
#include "boot/loader_memory.hpp"

namespace boot {

namespace {

constexpr uint32_t MaxInformation = 1 << 20;

enum class Tag : uint32_t { End = 0, CommandLine = 1, LoaderName = 2, Module = 3, MemoryMap = 6 };

struct TagHeader {
    uint32_t type;
    uint32_t size; // with this header, without the padding to the next multiple of 8
};

struct ModuleTag {
    TagHeader header;
    uint32_t begin;
    uint32_t end;
};

struct MemoryMapTag {
    TagHeader header;
    uint32_t entry_size;
    uint32_t entry_version;
};

struct MemoryMapEntry {
    uint64_t address;
    uint64_t size;
    uint32_t type;
    uint32_t reserved;
};

bool parse_memory_map(PhysicalWindow window, uint64_t tag_at, uint32_t tag_size, BootInfo &info)
{
    MemoryMapTag tag;
    if (!read(window, tag_at, tag) || tag_size < sizeof tag || tag.entry_size < sizeof(MemoryMapEntry))
        return false;
    MemoryMapBuilder map;
    for (uint64_t at = sizeof tag; at + sizeof(MemoryMapEntry) <= tag_size; at += tag.entry_size) {
        MemoryMapEntry entry;
        if (!read(window, tag_at + at, entry)) return false;
        map.add(entry.address, entry.size, entry.type);
    }
    map.finish(info);
    return true;
}

// Returns why the tag is bad, or nullptr.
const char *parse_tag(PhysicalWindow window, uint64_t at, TagHeader header, BootInfo &info)
{
    uint64_t text = at + sizeof(TagHeader), text_size = header.size - sizeof(TagHeader);
    switch (static_cast<Tag>(header.type)) {
    case Tag::CommandLine:
        if (!copy_text(window, text, text_size, info.command_line_storage, info.command_line_length))
            return "the kernel command line is too long";
        return nullptr;
    case Tag::LoaderName:
        copy_text(window, text, text_size, info.loader_name_storage, info.loader_name_length);
        return nullptr;
    case Tag::Module: {
        ModuleTag tag;
        if (header.size < sizeof tag || !read(window, at, tag) || tag.end < tag.begin)
            return "the loader's multiboot2 module tag is malformed";
        if (info.archive.empty()) info.archive = {mm::PhysAddr{tag.begin}, mm::PhysAddr{tag.end}};
        return nullptr;
    }
    case Tag::MemoryMap:
        if (!parse_memory_map(window, at, header.size, info))
            return "the loader's multiboot2 memory map is malformed";
        return nullptr;
    default:
        return nullptr;
    }
}

} // namespace

void parse_multiboot2(PhysicalWindow window, uint64_t physical, BootInfo &info)
{
    info.entry = EntryKind::Multiboot2;
    uint32_t total = 0;
    if (!read(window, physical, total) || total < 2 * sizeof(TagHeader) || total > MaxInformation) {
        info.problem = "the loader's multiboot2 information is not there";
        return;
    }
    uint64_t at = sizeof(TagHeader); // after the total size
    for (;;) {
        TagHeader header;
        if (at + sizeof header > total || !read(window, physical + at, header) ||
            header.size < sizeof header || header.size > total - at) {
            info.problem = "the loader's multiboot2 tags do not end properly";
            return;
        }
        if (static_cast<Tag>(header.type) == Tag::End) break;
        if (const char *problem = parse_tag(window, physical + at, header, info)) {
            info.problem = problem;
            return;
        }
        at += (uint64_t{header.size} + 7) & ~uint64_t{7};
    }
    if (info.region_count == 0 && info.problem == nullptr) info.problem = "the loader gave no memory map";
}

} // namespace boot
