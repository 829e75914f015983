; The stacks that exist from the start: the one kernel_main runs on, and those that the processor switches to by
; itself when the current stack cannot be trusted (TSS interrupt stack table: double fault, NMI, machine check).
; Below each is a hole that kernel/address_map.cpp leaves without a mapping.

BOOT_GUARD equ 16384                    ; as for the other kernel stacks: no function may skip it with one large frame
BOOT       equ 16384
IST_GUARD  equ 4096
IST        equ 8192

section .stacks nobits alloc noexec write align=4096

global boot_stack_guard, boot_stack_bottom, boot_stack_top
boot_stack_guard:       resb BOOT_GUARD
boot_stack_bottom:      resb BOOT
boot_stack_top:

; The last 16 bytes of an interrupt stack hold a pointer to the processor's CpuArea: its entry cannot trust GS.
%macro interrupt_stack 1
global %1_guard, %1_bottom, %1_area
%1_guard:               resb IST_GUARD
%1_bottom:              resb IST - 16
%1_area:                resb 16
%endmacro

    interrupt_stack double_fault_stack
    interrupt_stack nmi_stack
    interrupt_stack machine_check_stack
