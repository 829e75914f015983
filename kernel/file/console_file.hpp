// The console as files: what a program finds on its descriptors 0, 1 and 2, and the terminals in /dev.
#pragma once

#include "kernel/file/file.hpp"

namespace kernel {

class TreeDirectory;

// Makes them, /dev/tty, /dev/console and /dev/pts/0 in `dev` included, and lets the console wake sleeping
// readers and writers.
void init_console_files(TreeDirectory &dev);

// Whether a person's terminal is behind one of the descriptors 0 to 2, and so behind those names.
bool console_has_terminal();

// What descriptor 0, 1 or 2 of a new process is: an end of a pipe or a terminal. NoMemory.
Result<Ref<File>> open_console_file(int descriptor);

} // namespace kernel
