// The programs that the options ask for: started, awaited, and the machine ended after the last.
#pragma once

namespace kernel {

// The kernel's own thread from here on. Ends the machine.
[[noreturn]] void run_programs();

} // namespace kernel
