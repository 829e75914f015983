// A program's file in memory: its segments mapped, its break set.
#pragma once

#include "kernel/file/inode.hpp"
#include "mm/address_space.hpp"

namespace kernel {

// What the program's start stack and /proc want to know about a loaded image.
struct LoadedImage {
    mm::VirtAddr entry;
    mm::VirtAddr program_headers; // AT_PHDR
    uint16_t program_header_count = 0;
    mm::VirtAddr code_begin, code_end;
    mm::VirtAddr data_begin, data_end;
};

// Maps a static ELF program and its stack into the empty `space`, whose limits are set. Pages are read from
// the file when they are touched. On failure `problem` is a sentence that can follow "PATH: ".
Result<LoadedImage> load_image(mm::AddressSpace &space, Inode &file, uint64_t stack_size,
                               const char *&problem);

// How a file's stack must be mapped is in its headers, so load_image does it; here is where it ends.
inline constexpr mm::VirtAddr StackTop = mm::UserEnd;

} // namespace kernel
