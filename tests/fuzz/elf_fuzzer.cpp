// Any bytes as a program: the reader stays inside them, and a program that it accepts can be mapped without
// surprise.
#include "lib/elf.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace {

void require(bool holds)
{
    if (!holds) std::abort();
}

// A copy of its own, so that the sanitizer sees a read beyond it.
struct Copy {
    Copy(const uint8_t *from, size_t size) : bytes(new std::byte[size]), size(size)
    {
        std::memcpy(bytes.get(), from, size);
    }
    std::span<const std::byte> span() const { return {bytes.get(), size}; }
    std::unique_ptr<std::byte[]> bytes;
    size_t size;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Copy first(data, size < lib::ElfHeaderSize ? size : lib::ElfHeaderSize);
    lib::ElfHeader header;
    if (auto problem = lib::read_elf_header(first.span(), size, header)) {
        require(std::strlen(problem) > 10);
        return 0;
    }
    require(header.table_bytes() <= lib::MaxElfTableSize);
    require(header.table_offset <= size && header.table_bytes() <= size - header.table_offset);

    Copy table(data + header.table_offset, header.table_bytes());
    lib::ElfProgram program;
    if (auto problem = lib::read_elf_program(header, table.span(), size, program)) {
        require(std::strlen(problem) > 10);
        return 0;
    }
    require(program.segment_count() > 0 && program.segment_count() <= header.table_entries);
    require((program.alignment() & (program.alignment() - 1)) == 0 && program.alignment() >= 4096);
    uint64_t end = program.lowest();
    for (size_t i = 0; i < program.segment_count(); i++) {
        lib::ElfSegment segment = program.segment(i);
        require(segment.address >= end && segment.memory_size > 0);
        require(segment.file_size <= segment.memory_size);
        require(segment.file_offset <= size && segment.file_size <= size - segment.file_offset);
        require(segment.end() > segment.address && segment.end() <= UINT64_MAX - 4096);
        require(segment.file_size == 0 || (segment.address - segment.file_offset) % 4096 == 0);
        end = segment.end();
    }
    require(end == program.highest());
    return 0;
}
