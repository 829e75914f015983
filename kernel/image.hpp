// The borders of the kernel image's sections, as linker.ld sets them. Page aligned.
#pragma once

#include "kernel/memory_layout.hpp"

#include <cstdint>

namespace kernel {
struct CpuArea;
}

extern "C" {
extern char image_start[], image_end[]; // without .boot, which only the entry code needs
extern char text_start[], text_end[];
extern char rodata_start[], rodata_end[];
extern char data_start[], data_end[]; // .data, .bss and device buffers
extern char stacks_start[], stacks_end[];
extern char boot_tables_start[], boot_tables_end[]; // not needed after init_address_map()

// boot/stacks.asm, from low to high: each stack has a guard hole below its bottom. The processor starts
// pushing at an interrupt stack's `area`, which holds a pointer to its CpuArea.
extern char boot_stack_guard[], boot_stack_bottom[], boot_stack_top[];
extern char double_fault_stack_guard[], double_fault_stack_bottom[];
extern char nmi_stack_guard[], nmi_stack_bottom[];
extern char machine_check_stack_guard[], machine_check_stack_bottom[];
extern kernel::CpuArea *double_fault_stack_area[], *nmi_stack_area[], *machine_check_stack_area[];
}

namespace kernel {

inline mm::VirtAddr address_of(const void *pointer)
{
    return mm::VirtAddr{reinterpret_cast<uintptr_t>(pointer)};
}

} // namespace kernel
