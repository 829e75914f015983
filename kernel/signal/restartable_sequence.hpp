// rseq(2): stretches of a program's code that begin again when a signal handler came in between.
#pragma once

namespace kernel {

struct TrapFrame;

// A handler is about to run: a sequence that `frame` is in the middle of is aborted, so that the handler's
// return leads to its abort handler. False: the registered area makes no sense, which is a fault of the
// program's (SIGSEGV). May sleep.
bool abort_restartable_sequence(TrapFrame &frame);

} // namespace kernel
