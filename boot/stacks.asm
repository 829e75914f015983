; The stacks that exist from the start: the one kernel_main runs on, and those that the processor switches to by
; itself when the current stack cannot be trusted (TSS interrupt stack table: double fault, NMI, machine check).
; Below each is a hole that kernel/address_map.cpp leaves without a mapping.

GUARD equ 4096
IST   equ 8192
BOOT  equ 16384

%macro stack 2
                resb GUARD
global %1_bottom
%1_bottom:      resb %2
global %1_top
%1_top:
%endmacro

section .stacks nobits alloc noexec write align=4096
    stack boot_stack, BOOT
    stack double_fault_stack, IST
    stack nmi_stack, IST
    stack machine_check_stack, IST
