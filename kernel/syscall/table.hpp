// The system call table: number, name, handler and a word on how complete it is, as data (table.cpp). Entry, log and
// docs/abi-coverage.md all read it.
#pragma once

#include "kernel/trap/trap.hpp"

#include <span>
#include <string_view>

namespace kernel {

enum class Coverage : uint8_t {
    Missing,  // answers ENOSYS
    Partial,  // the remark says what is not there
    Complete, // as the manual page, for what Vitrine has
};

struct SyscallInfo {
    uint16_t number;
    std::string_view name;
    SyscallHandler handler; // null for Missing
    Coverage coverage;
    std::string_view remark;
};

// All system calls of Linux 6.1 for x86-64, by number.
std::span<const SyscallInfo> syscall_infos();
// "mmap"; empty for a number that means nothing.
std::string_view syscall_name(uint64_t number);

} // namespace kernel
