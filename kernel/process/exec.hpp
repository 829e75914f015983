// Starting a program (execve(2)): a file becomes the memory of a process.
#pragma once

#include "kernel/process/process.hpp"

#include <span>

namespace kernel {

// What to execute. The strings need no final zero and may go away afterwards.
struct Execution {
    Ref<Inode> file;
    std::string_view path; // as given: AT_EXECFN, and its last part is the process's name
    std::span<const std::string_view> arguments;
    std::span<const std::string_view> environment;
};

// Gives `process` a new address space with the program in it, and its main thread the registers to begin
// with. The old space is dropped only when nothing can fail any more; the current processor must not be using
// it. AccessDenied: no regular file or no execute permission. ExecFormat: not a program that Vitrine can run.
// ArgumentListTooLong. NoMemory. `problem` is then a sentence that can follow "PATH: ".
Result<void> execute(Process &process, const Execution &execution, const char *&problem);

// An entry for Process::create: goes to user mode with the registers that execute() has set.
void enter_program(Thread &thread);

} // namespace kernel
