// Describes a static ELF64 program for x86-64 (System V gABI chapters 4 and 5, AMD64 psABI 4.1), after
// checking it.
//
// The file may be anything: nothing outside the given bytes is read, and what is wrong is said in a sentence
// that can follow "PATH: ". Two steps, because the program headers may be anywhere in the file:
//
//     lib::ElfHeader header;
//     if (auto problem = lib::read_elf_header(first_bytes, file_size, header)) …
//     lib::ElfProgram program;
//     if (auto problem = lib::read_elf_program(header, table_bytes, file_size, program)) …
//     for (size_t i = 0; i < program.segment_count(); i++) map(program.segment(i));
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lib {

inline constexpr size_t ElfHeaderSize = 64;
inline constexpr size_t ElfTableEntrySize = 56;
inline constexpr size_t MaxElfTableSize = 65536; // as Linux

// Why the file cannot be run; nullptr when it can.
using ElfProblem = const char *;

struct ElfHeader {
    bool position_independent = false; // ET_DYN: all addresses are relative to where it is loaded
    uint64_t entry = 0;
    uint64_t table_offset = 0; // the program headers: table_bytes() at this place of the file
    uint16_t table_entries = 0;

    size_t table_bytes() const { return table_entries * ElfTableEntrySize; }
};

// `first_bytes`: the file's first ElfHeaderSize bytes, or all of a shorter file.
ElfProblem read_elf_header(std::span<const std::byte> first_bytes, uint64_t file_size, ElfHeader &header);

// A piece of the file that belongs into memory (PT_LOAD), with memory_size >= file_size; the rest is zeros.
struct ElfSegment {
    uint64_t address = 0;
    uint64_t memory_size = 0; // never 0
    uint64_t file_offset = 0; // same place within a page as the address
    uint64_t file_size = 0;
    uint64_t alignment = 0;
    bool read = false, write = false, execute = false;

    uint64_t end() const { return address + memory_size; }
    uint64_t file_end() const { return address + file_size; } // where in memory the file's part ends
};

class ElfProgram {
public:
    size_t segment_count() const { return segment_count_; }
    // In ascending order of address, without overlaps (two may meet within a page).
    ElfSegment segment(size_t number) const;

    uint64_t lowest() const { return lowest_; }   // address of the first segment
    uint64_t highest() const { return highest_; } // end of the last one
    uint64_t alignment() const
    {
        return alignment_;
    } // the largest of any segment, a power of two, at least a page
    // Where the program headers are in memory (AT_PHDR); 0 when no segment holds them.
    uint64_t table_address() const { return table_address_; }
    bool wants_executable_stack() const { return executable_stack_; }

private:
    friend ElfProblem read_elf_program(const ElfHeader &, std::span<const std::byte>, uint64_t, ElfProgram &);

    std::span<const std::byte> table_;
    size_t segment_count_ = 0;
    uint64_t lowest_ = 0;
    uint64_t highest_ = 0;
    uint64_t alignment_ = 4096;
    uint64_t table_address_ = 0;
    bool executable_stack_ = false;
};

// `table_bytes`: header.table_bytes() bytes of the file from header.table_offset; `program` goes on using
// them. Addresses are checked for overflow only: whether they lie in user memory is known to whoever maps
// them.
ElfProblem read_elf_program(const ElfHeader &header, std::span<const std::byte> table_bytes,
                            uint64_t file_size, ElfProgram &program);

} // namespace lib
