; The first instructions at the kernel's high address. (A file of its own: NASM's line numbers for debuggers cover one
; code section a file.)

extern boot_main
extern boot_stack_top

section .text

; From entry.asm. edi: how we were entered; ebp: the loader's information.
global high_half:function
high_half:
    mov     rsp, boot_stack_top
    mov     esi, ebp                    ; upper halves become zero
    mov     edi, edi
    xor     ebp, ebp                    ; backtraces end here
    call    boot_main                   ; (entry kind, physical address of the loader's information)
    ud2
