// Starting a program (execve(2)): a file becomes the memory of a process.
#pragma once

#include "kernel/process/process.hpp"
#include "kernel/process/string_list.hpp"

namespace kernel {

// What to execute, with which arguments and environment.
struct Execution {
    Ref<Inode> file;
    std::string_view path; // as given: AT_EXECFN, and its last part is the process's name
    // What a script's first line puts before the arguments.
    StringList words;
    StringList arguments;
    StringList environment;
    bool is_closed_on_exec = false; // `path` leads through a descriptor that will be closed
};

// Gives `process` a new address space with the program in it, and its main thread the registers to begin
// with; what execve(2) says is then lost is lost. It is the current process, or has never run. After an error
// nothing has changed. AccessDenied: no regular file or no execute permission. ExecFormat: not a program that
// Vitrine can run. ArgumentListTooLong. NoMemory. What looking up the interpreter of a script answers.
// `problem` is then a sentence that can follow "PATH: ". May sleep.
Result<void> execute(Process &process, Execution &execution, const char *&problem);

// An entry for Process::create: goes to user mode with the registers that execute() has set.
void enter_program(Thread &thread);

} // namespace kernel
