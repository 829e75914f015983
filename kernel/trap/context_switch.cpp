#include "kernel/trap/context_switch.hpp"

#include <cstdint>

namespace kernel {

extern "C" void thread_start();

ContextSwitchFrame *prepare_stack(void *stack_top, size_t frame_space, void (*entry)(void *), void *argument)
{
    uint64_t top = reinterpret_cast<uint64_t>(stack_top) - frame_space;
    top &= ~uint64_t{15}; // where thread_start's CALL finds the stack pointer (System V ABI, 3.2.2)
    auto *frame = reinterpret_cast<ContextSwitchFrame *>(top) - 1;
    *frame = {};
    frame->r12 = reinterpret_cast<uint64_t>(entry);
    frame->r13 = reinterpret_cast<uint64_t>(argument);
    frame->rip = reinterpret_cast<uint64_t>(thread_start);
    return frame;
}

} // namespace kernel
