// A program's file and its way into memory: read and checked first, then its segments mapped, its break set.
#pragma once

#include "kernel/file/inode.hpp"
#include "lib/elf.hpp"
#include "mm/address_space.hpp"

namespace kernel {

// A static ELF program that has been read and checked, and of which nothing is in memory yet.
class ProgramFile {
public:
    explicit ProgramFile(Inode &file) : file_(file) {}
    ~ProgramFile();
    ProgramFile(const ProgramFile &) = delete;
    ProgramFile &operator=(const ProgramFile &) = delete;

    // First of all. ExecFormat: it cannot be run, and `problem` is a sentence that can follow "PATH: ".
    // NoMemory, InputOutput.
    Result<void> read(const char *&problem);

    Inode &file() const { return file_; }
    const lib::ElfHeader &header() const { return header_; }
    const lib::ElfProgram &program() const { return program_; }
    // What is added to the addresses in the file: of a program that is not position independent, nothing.
    uint64_t bias() const { return bias_; }
    // Whether it lies in the user half with so many bytes free above it. ExecFormat, and `problem` says why.
    Result<void> check_place(uint64_t room_above, const char *&problem) const;
    // All its segments, from the first to the last page, if it lies in the user half.
    mm::VirtRange image() const;

private:
    Inode &file_;
    lib::ElfHeader header_;
    lib::ElfProgram program_;
    std::byte *table_ = nullptr; // the program headers
    uint64_t bias_ = 0;
};

// Where a program's stack is, and how much of it is mapped at the start.
struct StackPlace {
    mm::VirtAddr top;
    uint64_t size = 0; // whole pages
};

// What the program's start stack and /proc want to know about a loaded image.
struct LoadedImage {
    mm::VirtAddr entry;
    mm::VirtAddr program_headers; // AT_PHDR
    uint16_t program_header_count = 0;
    mm::VirtAddr code_begin, code_end;
    mm::VirtAddr data_begin, data_end;
};

// Maps a program and its stack into the empty `space`, whose limits are set, and where there is room for
// both. Where pages come when they are touched, they are read from the file then.
Result<LoadedImage> load_image(mm::AddressSpace &space, const ProgramFile &file, StackPlace stack);

// Where the stack of a program ends, unless it lives in a piece of the pool.
inline constexpr mm::VirtAddr StackTop = mm::UserEnd;

} // namespace kernel
