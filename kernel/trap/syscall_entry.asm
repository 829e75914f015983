; SYSCALL: the program's instruction pointer is in rcx, its flags in r11, the number in rax, arguments in rdi, rsi,
; rdx, r10, r8, r9; interrupts are off (SYSCALL mask register), and the stack is still the program's.
;
; The handlers run with interrupts off: turning them on for the half microsecond that most calls take would cost more
; than it gives. What waits, waits with interrupts on (cpu/interrupts.hpp).

%include "kernel/trap/frame.inc"
%include "kernel/trap/unwind.inc"

extern syscall_table
extern syscall_count
extern syscall_unknown
extern return_to_user

section .text.hot progbits alloc exec nowrite align=16

align 16
global syscall_entry:function
syscall_entry:
    swapgs
    mov     [gs:CPU_USER_RSP], rsp
    mov     rsp, [gs:CPU_STACK_TOP]
    push    USER_DATA                   ; what an interrupt would push
    push    qword [gs:CPU_USER_RSP]
    push    r11
    push    USER_CODE
    push    rcx
    push    rax                         ; in the place of an error code: the number
    push    SYSCALL_VECTOR
    push_registers
    mov     rdi, rsp
    cmp     rax, [syscall_count]
    jae     .unknown
    call    [syscall_table + rax * 8]
    frame_at_return
.done:
    mov     [rsp + FRAME_RAX], rax
    cmp     dword [gs:CPU_WORK], 0
    jne     return_to_user
    ; Whoever changed the frame says so in its vector (TrapFrame::use_full_return). Otherwise rip is what SYSCALL saved:
    ; at most mm::UserEnd, so canonical, and SYSRET cannot fault in kernel mode on the program's stack.
    cmp     dword [rsp + FRAME_VECTOR], SYSCALL_VECTOR
    jne     return_to_user
    pop_registers                       ; rcx and r11 as they were: instruction pointer and flags
    mov     rsp, [rsp + FRAME_RSP - FRAME_VECTOR]
    swapgs
    o64 sysret
.unknown:
    call    syscall_unknown
    frame_at_return
    jmp     .done
