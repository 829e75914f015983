#include "kernel/process/thread.hpp"

#include "kernel/cpu/fpu.hpp"
#include "kernel/process/activity.hpp"
#include "kernel/process/scheduler.hpp"
#include "mm/kernel_heap.hpp"

#include <bit>

namespace kernel {

Result<Thread *> Thread::create(Process *process, Tid tid, Entry entry)
{
    auto *thread = mm::create<Thread>();
    if (thread == nullptr) return Errno::NoMemory;
    auto stack = allocate_kernel_stack();
    if (!stack.ok()) {
        mm::destroy(thread);
        return stack.error();
    }
    thread->stack = *stack;
    thread->process = process;
    thread->tid = tid;
    thread->entry = entry;
    if (process != nullptr) {
        // The heap aligns to the size when that is a power of two, and XSAVE wants 64.
        thread->vector_state = mm::heap_allocate(std::bit_ceil(vector_state_size()));
        if (thread->vector_state == nullptr) {
            thread->destroy();
            return Errno::NoMemory;
        }
        reset_vector_state(thread->vector_state);
    }
    if (process != nullptr) activity.threads++;
    prepare_thread(*thread);
    return thread;
}

void Thread::destroy()
{
    free_kernel_stack(stack);
    mm::heap_free(vector_state);
    mm::destroy(this);
}

} // namespace kernel
