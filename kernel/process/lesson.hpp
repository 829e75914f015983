// "A message is a lesson": when a program dies, what a teacher would say about it.
#pragma once

#include "kernel/process/process.hpp"
#include "kernel/process/signal.hpp"

namespace kernel {

// Tells the person, and the log, why the current process is about to die of `info.signal`: which address,
// what it wanted to do there, which region that is or is next to, and why it may not. `handler_missing`: the
// program has set a handler, which cannot run yet.
void tell_death(const Process &process, const TrapFrame &frame, const SignalInfo &info, bool handler_missing);

// The parts of it, a file each: sentences that follow "NAME[PID] killed by SIGNAL: ".
void explain_page_fault(lib::TextSink &sink, const Process &process, const TrapFrame &frame,
                        const SignalInfo &info);
void explain_exception(lib::TextSink &sink, const TrapFrame &frame, const SignalInfo &info);

} // namespace kernel
