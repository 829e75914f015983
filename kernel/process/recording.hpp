// Recording which pages the first program uses (option record_references): the notes are mm's
// (mm/reference_recorder.hpp), from here they go to the launcher, as frames of type References.
//
// They are sent where nothing is locked and a thread may sleep: on the way back to user mode, and before a
// fault is answered that the kernel had while it copied for the program.
#pragma once

namespace kernel {

class Process;

// The program is about to run for the first time, and the option is set. Without memory for it the program
// runs unrecorded, which the person is told.
void begin_recording(Process &process);
// Sends what waits, if that is much and the program that runs here is the one. May sleep, until the launcher
// takes it or a signal is to be delivered: then the rest goes the next time.
void send_recorded();
// Some process has ended. If it was the one: sends the rest and the end mark, for as long as it takes.
void end_recording(const Process &process);

} // namespace kernel
