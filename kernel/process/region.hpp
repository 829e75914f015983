// What a piece of a program's memory is, in words a student knows.
#pragma once

#include "kernel/process/process.hpp"
#include "mm/vm_area.hpp"

namespace kernel {

enum class RegionKind : uint8_t {
    Code,         // of the program's file, executable
    Constants,    // of the program's file, read-only
    Data,         // of the program's file, writable
    ZeroedData,   // bss: the program's variables without an initial value
    Heap,         // from brk
    Stack,        // grows down
    MappedFile,   // mmap of a file
    SharedMemory, // mmap, MAP_SHARED | MAP_ANONYMOUS
    Anonymous,    // mmap, private
};

RegionKind region_kind(const Process &process, const mm::VmArea &area);
// "the stack", "the program's code", "the file /etc/motd, mapped", …
void write_region(lib::TextSink &sink, const Process &process, const mm::VmArea &area);
// "8 bytes", "64 KiB", "3 MiB": exact below 64 KiB, rounded above.
void write_distance(lib::TextSink &sink, uint64_t bytes);

} // namespace kernel
