// Into a handler and back: the two halves of a signal frame's life.
#pragma once

#include "kernel/signal/signal.hpp"

namespace kernel {

// Writes the frame onto the current thread's stack, and makes `frame` that of the handler's first
// instruction. `mask` is what comes back when the handler returns. False when the stack has no room for it,
// or the program's action names no restorer: then `frame` is as before. May sleep.
bool enter_handler(TrapFrame &frame, const SignalInfo &info, const SignalAction &action, SignalSet mask);

// rt_sigreturn(2): everything as the frame says that the stack pointer stands behind. BadAddress when there
// is no such frame or it asks for what no program may have: then nothing but registers has changed. May
// sleep.
Result<void> return_from_handler(TrapFrame &frame);

} // namespace kernel
