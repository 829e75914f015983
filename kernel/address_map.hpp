// The kernel's own address map: built once at boot, then shared by the upper half of every address space.
#pragma once

#include "boot/boot_info.hpp"
#include "kernel/kernel_stack.hpp"
#include "kernel/memory_layout.hpp"
#include "lib/result.hpp"

namespace kernel {

// Replaces the boot page tables: direct map of all RAM with the largest pages that fit, kernel sections W^X,
// frame descriptors where there is RAM, guard holes around the boot and interrupt stacks, no identity map.
// Takes its frames from boot_memory. After init_boot_memory() and init_page_operations().
void init_address_map(const boot::BootInfo &info);

// The top-level page table that maps only the kernel; its entries 256 to 511 belong into every address space.
// No entry of the upper half of any root changes after init_address_map().
mm::PhysAddr kernel_root();

// Makes the registers of a device accessible, uncached; for ever. The range need not be page aligned; the
// pointer is to its first byte. NoMemory when the device window is full.
lib::Result<void *> map_device(mm::PhysAddr address, uint64_t bytes);

// For init_address_map().
void init_device_window(mm::PhysAddr root);

} // namespace kernel
