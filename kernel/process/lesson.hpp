// "A message is a lesson": when a program dies, what a teacher would say about it.
#pragma once

#include "kernel/process/process.hpp"
#include "kernel/signal/signal.hpp"

namespace kernel {

// Why a handler that the program has set did not run.
enum class HandlerFate : uint8_t {
    None,    // there is none
    Blocked, // it may not run: the signal is blocked, as during the handler itself
    NoRoom,  // its frame does not fit on the stack
};

// Whether the end by this signal is news for a person: faults and limits always are; what programs send to
// each other only when no other program waits for the one that ends.
bool is_worth_a_lesson(const Process &process, const SignalInfo &info);

// Tells the person, and the log, why the current process is about to die of `info.signal`: which address,
// what it wanted to do there, which region that is or is next to, and why it may not. Only the log, when a
// program that another one started dies of a signal that somebody sent: its parent knows why, and tells if it
// wants, as a shell does.
void tell_death(const Process &process, const TrapFrame &frame, const SignalInfo &info, HandlerFate handler);

// The parts of it, a file each: sentences that follow "NAME[PID] killed by SIGNAL: ".
void explain_page_fault(lib::TextSink &sink, const Process &process, const TrapFrame &frame,
                        const SignalInfo &info);
void explain_exception(lib::TextSink &sink, const TrapFrame &frame, const SignalInfo &info);

} // namespace kernel
