#include "kernel/process/region.hpp"

#include "mm/address_space.hpp"

namespace kernel {

RegionKind region_kind(const Process &process, const mm::VmArea &area)
{
    using Kind = mm::MemoryObject::Kind;
    if (area.flags.grows_down || area.range.contains(process.image.stack_begin)) return RegionKind::Stack;
    if (area.object->source() != nullptr) {
        if (area.object->source() != process.executable().get()) return RegionKind::MappedFile;
        if (area.protection.execute) return RegionKind::Code;
        return area.protection.write ? RegionKind::Data : RegionKind::Constants;
    }
    if (area.object->kind() == Kind::SharedAnonymous) return RegionKind::SharedMemory;
    const mm::AddressSpace &space = process.space();
    if (area.range.begin < space.current_break() && area.range.end > space.break_begin())
        return RegionKind::Heap;
    if (area.range.begin >= process.image.data_begin && area.range.end <= space.break_begin())
        return RegionKind::ZeroedData;
    return RegionKind::Anonymous;
}

void write_region(lib::TextSink &sink, const Process &process, const mm::VmArea &area)
{
    switch (region_kind(process, area)) {
    case RegionKind::Code:
        return sink.put("the program's code");
    case RegionKind::Constants:
        return sink.put("the program's constants (string literals, const variables)");
    case RegionKind::Data:
        return sink.put("the program's variables (data)");
    case RegionKind::ZeroedData:
        return sink.put("the program's variables (bss)");
    case RegionKind::Heap:
        return sink.put("the heap (brk)");
    case RegionKind::Stack:
        return sink.put("the stack");
    case RegionKind::SharedMemory:
        return sink.put("shared memory (mmap)");
    case RegionKind::Anonymous:
        return sink.put("memory from mmap");
    case RegionKind::MappedFile:
        sink.put("the mapped file ");
        static_cast<const Inode *>(area.object->source())->write_path(sink);
        return;
    }
}

void write_distance(lib::TextSink &sink, uint64_t bytes)
{
    static constexpr std::string_view Units[] = {"KiB", "MiB", "GiB", "TiB"};
    if (bytes == 1) return sink.put("1 byte");
    if (bytes < 64 * 1024) return lib::format(sink, "{} bytes", bytes);
    uint64_t value = bytes >> 10;
    size_t unit = 0;
    for (; value >= 1024 && unit + 1 < std::size(Units); value >>= 10) unit++;
    lib::format(sink, "{}{} {}", bytes == value << 10 * (unit + 1) ? "" : "about ", value, Units[unit]);
}

} // namespace kernel
