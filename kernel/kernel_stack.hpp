// Kernel stacks for threads, each in a slot of its own with a guard hole below (memory_layout.hpp).
#pragma once

#include "lib/result.hpp"
#include "mm/address.hpp"

namespace kernel {

struct KernelStack {
    mm::VirtAddr bottom;
    mm::VirtAddr top;
};

// One more stack of KernelStackSize bytes; and back. NoMemory. A few freed stacks are kept for the next
// caller; drain_kernel_stacks() gives those back to the frame allocator.
lib::Result<KernelStack> allocate_kernel_stack();
void free_kernel_stack(KernelStack stack);
void drain_kernel_stacks();

// Whether `address` lies in a guard hole, here or below the stacks of boot/stacks.asm: a stack has
// overflowed.
bool is_stack_guard(mm::VirtAddr address);

// For init_address_map().
void init_kernel_stacks(mm::PhysAddr root);

} // namespace kernel
