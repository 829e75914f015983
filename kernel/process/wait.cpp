// Parents and children. See wait.hpp.
#include "kernel/process/wait.hpp"

namespace kernel {

void notify_parent(Process &, ChildEvent, Signal)
{
    process_ended.wake_all();
}

} // namespace kernel
