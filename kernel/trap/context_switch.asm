; From one kernel stack to another (context_switch.hpp).

extern return_to_user

section .text.hot progbits alloc exec nowrite align=16

; void switch_context(ContextSwitchFrame **save, ContextSwitchFrame *load)
global switch_context:function
switch_context:
    push    rbp                         ; the order is ContextSwitchFrame's, from its end
    push    rbx
    push    r12
    push    r13
    push    r14
    push    r15
    mov     [rdi], rsp
    mov     rsp, rsi
    pop     r15
    pop     r14
    pop     r13
    pop     r12
    pop     rbx
    pop     rbp
    ret

; Where a prepared stack begins: r12 is the function, r13 its argument (prepare_stack).
global thread_start:function
thread_start:
    mov     rdi, r13
    call    r12
    ud2

; void enter_user(TrapFrame *frame)
global enter_user:function
enter_user:
    mov     rsp, rdi
    jmp     return_to_user
