; Mistakes that no compiler would make (kernel/test_provocations.cpp).

section .text

; An exception without a stack to push onto: what follows is a double fault.
global provoke_double_fault:function
provoke_double_fault:
    xor     esp, esp
    push    rax
    ud2

; An exception without a table to look it up in, nor the double fault after it: the processor shuts down.
global provoke_triple_fault:function
provoke_triple_fault:
    lidt    [no_table]
    ud2

section .rodata
no_table:
    dw      0
    dq      0
