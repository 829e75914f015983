; Where interrupts and exceptions enter the kernel, and the way back. Each vector has a stub that makes the stack look
; the same for all; then the registers are pushed and C++ gets a TrapFrame.
;
; GS: in user mode it is the program's, in the kernel it leads to the CpuArea. Whoever comes from user mode swaps on
; the way in and on the way out; whoever interrupted the kernel leaves it alone. The saved CS tells which.

%include "kernel/trap/frame.inc"
%include "kernel/trap/unwind.inc"

extern trap_dispatch
extern fatal_trap
extern page_fault
extern return_work

MSR_GS_BASE equ 0xc0000101

; Where things are when a stub has pushed the vector and nothing else.
STUB_RIP    equ 16
STUB_CS     equ 24
STUB_RSP    equ 40

section .text

; --- Stubs, 16 bytes apart: interrupt_table.cpp computes their addresses --------------------------------------------------------

; The processor pushes an error code for these (SDM vol. 3A, table 6-1).
%define has_error_code(vector) (vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21)
; These run on stacks of their own and do not return.
%define is_fatal(vector) (vector == 2 || vector == 8 || vector == 18)

align 16
global trap_stubs:function
trap_stubs:
%assign vector 0
%rep 256
    align 16
    %if !has_error_code(vector)
    push    0
    %endif
    push    vector
    %if is_fatal(vector)
    jmp     fatal_entry
    %elif vector == 14
    jmp     page_fault_entry
    %else
    jmp     trap_entry
    %endif
    %assign vector vector + 1
%endrep

; --- All vectors but page faults ------------------------------------------------------------------------------------

align 16
trap_entry:
    cld                                 ; the ABI wants it; the program may have set it
    smap_site SMAP_CLAC
    test    byte [rsp + STUB_CS], 3
    jz      .from_kernel
    swapgs
    push_registers
    mov     rdi, rsp
    call    trap_dispatch
    frame_at_return
    jmp     return_to_user
.from_kernel:
    cmp     qword [rsp + STUB_RIP], return_iret
    je      refused_return
    push_registers
    mov     rdi, rsp
    call    trap_dispatch
    frame_at_return
return_to_kernel:
    pop_registers
    add     rsp, 16                     ; vector and error code
    iretq

; The IRETQ to user mode itself has faulted, because it was told to go where no program can be (a non-canonical
; instruction pointer, say). The registers and GS are the program's already, and the frame of the IRETQ is where the
; interrupted stack pointer points: make it look as if the program had faulted at its target.
refused_return:
    swapgs
    mov     [gs:CPU_USER_RSP], rax
    mov     rax, [rsp + STUB_RSP]
    mov     rsp, rax
    mov     rax, [gs:CPU_USER_RSP]
    push    0
    push    13                          ; general protection
    push_registers
    mov     rdi, rsp
    call    trap_dispatch
    frame_at_return
    jmp     return_to_user

; --- Page faults: the same without detours --------------------------------------------------------------------------

align 16
page_fault_entry:
    cld
    smap_site SMAP_CLAC
    test    byte [rsp + STUB_CS], 3
    jz      page_fault_from_kernel
    swapgs
    push_registers
    mov     rdi, rsp
    call    page_fault
    frame_at_return
    ; falls into return_to_user

; --- Back to user mode: rsp is at the TrapFrame, interrupts are off -------------------------------------------------

global return_to_user:function
return_to_user:
    cmp     dword [gs:CPU_WORK], 0
    jne     user_work
    swapgs
    pop_registers
    add     rsp, 16
return_iret:
    iretq
user_work:
    mov     rdi, rsp
    call    return_work
    frame_at_return
    jmp     return_to_user

page_fault_from_kernel:
    push_registers
    mov     rdi, rsp
    call    page_fault
    frame_at_return
    jmp     return_to_kernel

; --- NMI, double fault, machine check -------------------------------------------------------------------------------
; They come at any moment, between two instructions of an entry or exit too: neither the saved CS nor GS tells whose
; GS base is loaded. The processor's area is at the end of the interrupt stack. There is no way back.

align 16
fatal_entry:
    cld
    smap_site SMAP_CLAC
    push_registers
    mov     rax, [rsp + FRAME_SIZE]
    mov     rdx, rax
    shr     rdx, 32
    mov     ecx, MSR_GS_BASE
    wrmsr
    mov     rdi, rsp
    call    fatal_trap
    ud2
