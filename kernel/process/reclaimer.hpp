// The kernel's thread that makes memory free before programs have to wait for it.
#pragma once

namespace kernel {

// From here on memory is watched, with the policy that the options say. After them.
void init_reclaim();
// Starts the thread. After mm::init_reclaim(), before the first program.
void start_reclaimer();

} // namespace kernel
