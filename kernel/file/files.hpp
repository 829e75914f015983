// All files: made at boot.
#pragma once

#include <cstddef>
#include <span>

namespace kernel {

// Makes the root directory from the archive (cpio newc), which must stay where it is. After the kernel heap
// works; the options may be read from a file then. Refuses to start when the archive is malformed.
void init_files(std::span<const std::byte> archive);

// Adds /dev and /proc, and gives processes a console. After init_console() and init_options(), before the
// first process.
void init_devices();

// Everything is again as the archive brought it, and what was cached is given back: for accounts that must
// come out even. No program runs.
void drain_files();

} // namespace kernel
