// The system call table: number, name, handler and a word on how complete it is, as data. The entry stub
// calls through syscall_table (kernel/trap/trap.hpp), made from it; logs and docs/abi-coverage.md
// (tools/abi-coverage) read it too.
#pragma once

#include "kernel/trap/trap.hpp"

#include <span>
#include <string_view>

namespace kernel {

enum class Coverage : uint8_t {
    Partial,  // the remark says what is not there
    Complete, // as the manual page, for what Vitrine has
};

// table.cpp
struct SyscallInfo {
    uint16_t number;
    std::string_view name;
    SyscallHandler handler;
    Coverage coverage;
    std::string_view remark;
};
std::span<const SyscallInfo> syscall_infos();

// missing.cpp: the calls of Linux 6.1 that answer ENOSYS.
struct MissingSyscall {
    uint16_t number;
    std::string_view name;
    std::string_view remark = {};
};
std::span<const MissingSyscall> missing_syscalls();

// "mmap"; empty for a number that means nothing.
std::string_view syscall_name(uint64_t number);

} // namespace kernel
