#include "lib/elf.hpp"

namespace lib {

namespace {

constexpr uint64_t PageSize = 4096;

// Elf64_Ehdr and Elf64_Phdr (gABI, figures 4-3 and 5-1).
struct FileHeader {
    unsigned char identification[16];
    uint16_t type;
    uint16_t machine;
    uint32_t version;
    uint64_t entry;
    uint64_t table_offset;
    uint64_t section_table_offset;
    uint32_t flags;
    uint16_t header_size;
    uint16_t table_entry_size;
    uint16_t table_entries;
    uint16_t section_entry_size;
    uint16_t section_entries;
    uint16_t section_names;
};
static_assert(sizeof(FileHeader) == ElfHeaderSize);

struct TableEntry {
    uint32_t type;
    uint32_t flags;
    uint64_t offset;
    uint64_t address;
    uint64_t physical_address;
    uint64_t file_size;
    uint64_t memory_size;
    uint64_t alignment;
};
static_assert(sizeof(TableEntry) == ElfTableEntrySize);

constexpr unsigned ClassIndex = 4, DataIndex = 5;
constexpr unsigned char Class32 = 1, Class64 = 2;
constexpr unsigned char LittleEndian = 1;
constexpr uint16_t TypeRelocatable = 1, TypeExecutable = 2, TypeDynamic = 3, TypeCore = 4;
constexpr uint16_t MachineX86_64 = 62;
constexpr uint32_t Load = 1, Interpreter = 3, GnuStack = 0x6474e551;
constexpr uint32_t FlagExecute = 1, FlagWrite = 2, FlagRead = 4;

constexpr bool is_power_of_two(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

TableEntry entry_at(std::span<const std::byte> table, size_t index)
{
    TableEntry entry;
    __builtin_memcpy(&entry, table.data() + index * sizeof entry, sizeof entry);
    return entry;
}

// What a person who gave the wrong file probably wants to know.
ElfProblem explain_not_elf(std::span<const std::byte> bytes)
{
    if (bytes.empty()) return "the file is empty";
    if (bytes.size() >= 2 && bytes[0] == std::byte{'#'} && bytes[1] == std::byte{'!'})
        return "it is a script, and Vitrine runs only programs in machine code";
    return "it is not a program: an ELF file begins with the bytes 7f 45 4c 46";
}

ElfProblem check_segment(const TableEntry &entry, uint64_t file_size)
{
    if (entry.file_size > entry.memory_size) return "a segment has more bytes in the file than in memory";
    uint64_t end;
    if (__builtin_add_overflow(entry.address, entry.memory_size, &end) || end > UINT64_MAX - PageSize)
        return "a segment goes beyond the end of the 64-bit address range";
    uint64_t file_end;
    if (__builtin_add_overflow(entry.offset, entry.file_size, &file_end) || file_end > file_size)
        return "it is cut short: a segment lies beyond the end of the file";
    // A page of the file becomes a page of memory, so both must agree on where in the page a byte is.
    if (entry.file_size != 0 && (entry.offset - entry.address) % PageSize != 0)
        return "a segment's place in the file and its address differ within a page, so it cannot be mapped";
    return nullptr;
}

} // namespace

ElfProblem read_elf_header(std::span<const std::byte> first_bytes, uint64_t file_size, ElfHeader &header)
{
    static constexpr unsigned char Magic[4] = {0x7f, 'E', 'L', 'F'};
    if (first_bytes.size() < sizeof Magic || __builtin_memcmp(first_bytes.data(), Magic, sizeof Magic) != 0)
        return explain_not_elf(first_bytes);
    if (first_bytes.size() < ElfHeaderSize) return "it is cut short: even the ELF header is not complete";

    FileHeader file;
    __builtin_memcpy(&file, first_bytes.data(), sizeof file);
    if (file.identification[ClassIndex] == Class32)
        return "it is a 32-bit program, and Vitrine runs 64-bit ones";
    if (file.identification[ClassIndex] != Class64) return "its ELF class is neither 32 nor 64 bits";
    if (file.identification[DataIndex] != LittleEndian)
        return "it is for a big-endian processor, and x86-64 is little-endian";
    if (file.machine != MachineX86_64) return "it is for another processor than x86-64";
    if (file.type == TypeRelocatable) return "it is an object file that has not been linked";
    if (file.type == TypeCore) return "it is a memory dump of a program that died";
    if (file.type != TypeExecutable && file.type != TypeDynamic)
        return "its ELF type is not that of a program";

    if (file.table_entry_size != ElfTableEntrySize) return "its program headers have the wrong size";
    if (file.table_entries == 0) return "it has no program headers, so nothing says what belongs into memory";
    header.position_independent = file.type == TypeDynamic;
    header.entry = file.entry;
    header.table_offset = file.table_offset;
    header.table_entries = file.table_entries;
    if (header.table_bytes() > MaxElfTableSize) return "it has too many program headers";
    uint64_t table_end;
    if (__builtin_add_overflow(file.table_offset, header.table_bytes(), &table_end) || table_end > file_size)
        return "it is cut short: the program headers lie beyond the end of the file";
    return nullptr;
}

ElfProblem read_elf_program(const ElfHeader &header, std::span<const std::byte> table_bytes,
                            uint64_t file_size, ElfProgram &program)
{
    if (table_bytes.size() < header.table_bytes()) return "its program headers could not be read";
    program = ElfProgram{};
    program.table_ = table_bytes.first(header.table_bytes());

    for (size_t i = 0; i < header.table_entries; i++) {
        TableEntry entry = entry_at(program.table_, i);
        if (entry.type == Interpreter)
            return "it is dynamically linked, and Vitrine has no shared libraries: link it with -static";
        if (entry.type == GnuStack) program.executable_stack_ = entry.flags & FlagExecute;
        if (entry.type != Load || entry.memory_size == 0) continue;

        if (ElfProblem problem = check_segment(entry, file_size)) return problem;
        if (program.segment_count_ == 0)
            program.lowest_ = entry.address;
        else if (entry.address < program.highest_)
            return "its segments overlap or are not in ascending order";
        program.segment_count_++;
        program.highest_ = entry.address + entry.memory_size;
        if (is_power_of_two(entry.alignment) && entry.alignment > program.alignment_)
            program.alignment_ = entry.alignment;
        if (entry.offset <= header.table_offset && header.table_offset < entry.offset + entry.file_size)
            program.table_address_ = header.table_offset - entry.offset + entry.address;
    }
    if (program.segment_count_ == 0) return "it has no segment that belongs into memory";
    return nullptr;
}

ElfSegment ElfProgram::segment(size_t number) const
{
    for (size_t i = 0; i < table_.size() / ElfTableEntrySize; i++) {
        TableEntry entry = entry_at(table_, i);
        if (entry.type != Load || entry.memory_size == 0) continue;
        if (number-- != 0) continue;
        return {.address = entry.address,
                .memory_size = entry.memory_size,
                .file_offset = entry.offset,
                .file_size = entry.file_size,
                .alignment = entry.alignment,
                .read = (entry.flags & FlagRead) != 0,
                .write = (entry.flags & FlagWrite) != 0,
                .execute = (entry.flags & FlagExecute) != 0};
    }
    return {};
}

} // namespace lib
