// Scripts: files that begin with "#!" and name the program that is to read them (execve(2), "Interpreter
// scripts").
#pragma once

#include "kernel/process/exec.hpp"

namespace kernel {

// While `execution.file` is a script, its interpreter takes its place, with the script's path as an argument.
// Afterwards the file is regular and may be executed. AccessDenied, ExecFormat, TooManyLinks (an interpreter
// of an interpreter of …), what looking the interpreter up answers; `problem` may say more.
Result<void> follow_scripts(Execution &execution, Inode &cwd, const char *&problem);

} // namespace kernel
