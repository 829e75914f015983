// The kernel's thread that sees to it that nobody waits for ever for a disk that does not answer.
#pragma once

namespace kernel {

// Starts it, if there are disks and they may not take for ever. Before the first program.
void watch_disks();

} // namespace kernel
