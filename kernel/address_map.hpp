// The kernel's own address map: built once at boot, then shared by the upper half of every address space.
#pragma once

#include "boot/boot_info.hpp"
#include "lib/result.hpp"

#include <span>

namespace kernel {

// Replaces the boot page tables: direct map of all RAM with the largest pages that fit, kernel sections W^X, frame
// descriptors where there is RAM, guard holes around the boot and interrupt stacks, no identity map. Takes its
// frames from boot_memory. After init_features().
void init_address_map(const boot::BootInfo &info);

// The top-level page table that maps only the kernel; its entries 256 to 511 belong into every address space. No
// entry of the upper half of any root changes after init_address_map().
mm::PhysAddr kernel_root();

// Makes the registers of a device accessible, uncached; for ever. The range need not be page aligned; the pointer is
// to its first byte. NoMemory when the device window is full.
lib::Result<void *> map_device(mm::PhysAddr address, uint64_t bytes);

// One more kernel stack of KernelStackSize bytes, with a guard hole below; and back. NoMemory. Freed stacks are kept
// for the next caller up to a small number; drain_kernel_stacks() gives those back to the frame allocator.
struct KernelStack {
    mm::VirtAddr bottom;
    mm::VirtAddr top;
};
lib::Result<KernelStack> allocate_kernel_stack();
void free_kernel_stack(KernelStack stack);
void drain_kernel_stacks();

// Whether a kernel-mode fault at `address` is a stack overflow, that is, in a guard hole.
bool is_stack_guard(mm::VirtAddr address);

} // namespace kernel
