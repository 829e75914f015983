// The file this program was started from, as its own program headers describe it (elf(5)).
#pragma once

#include <cstdint>
#include <elf.h>

// The part of the file that was loaded to where `address` is.
const Elf64_Phdr &segment_of(std::uintptr_t address);

// The int that the file has for `address`; ends the program if the file cannot be read.
int value_in_file(std::uintptr_t address);
