; Loading the descriptor tables and the selectors into them.

section .text

; void load_descriptor_table(const TablePointer *pointer)
global load_descriptor_table:function
load_descriptor_table:
    lgdt    [rdi]
    ret

; void load_interrupt_table(const TablePointer *pointer)
global load_interrupt_table:function
load_interrupt_table:
    lidt    [rdi]
    ret

; void load_segments(uint64_t code, uint64_t data, uint64_t task_state)
global load_segments:function
load_segments:
    mov     ss, si
    xor     eax, eax                    ; 64-bit code does without the others (SDM vol. 1, 3.4.2.1), and programs can
    mov     ds, ax                      ; read them: zero, as on Linux
    mov     es, ax
    mov     fs, ax
    mov     gs, ax
    lldt    ax                          ; none: a program's selector into it is an error, not a read of address 0
    ltr     dx
    pop     rax                         ; CS is loaded only by a far transfer
    push    rdi
    push    rax
    retfq
