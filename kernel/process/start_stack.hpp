// What a program finds on its stack when it starts (System V ABI for AMD64, 3.4.1; getauxval(3)).
//
// From high to low addresses, exactly as Linux lays it out:
//
//     top                   8 bytes of zero
//                           the program's path (AT_EXECFN)
//                           environment strings, then below them argument strings; each in ascending order
//                           "x86_64" (AT_PLATFORM), 16 random bytes (AT_RANDOM)
//     16-byte aligned       auxiliary vector, ended by AT_NULL
//                           environment pointers, null
//                           argument pointers, null
//     stack pointer ->      number of arguments
#pragma once

#include "kernel/process/exec.hpp"
#include "kernel/process/program_loader.hpp"

namespace kernel {

// Where everything will be.
struct StartStack {
    mm::VirtAddr top;
    mm::VirtAddr path, environment, environment_end, arguments, arguments_end, platform, random;
    mm::VirtAddr auxiliary, auxiliary_end;
    mm::VirtAddr stack_pointer;

    // How much stack to map: what is used, and 128 KiB more, as Linux does.
    uint64_t area_size(uint64_t limit) const;
};

// ArgumentListTooLong: one string above 128 KiB, or all of them above a quarter of the stack's limit
// (execve(2)).
// `allowed`: how many bytes those are.
Result<StartStack> plan_start_stack(const Execution &execution, mm::VirtAddr top, uint64_t allowed);
// Linux's quarter: at least 128 KiB, at most 6 MiB.
uint64_t allowed_start_strings(uint64_t stack_limit);
Result<void> write_start_stack(mm::AddressSpace &space, const StartStack &stack, const Execution &execution,
                               const LoadedImage &image);

} // namespace kernel
