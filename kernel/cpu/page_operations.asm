; Zeroing and copying a page, twice each.
;
; On processors of flesh and blood, REP STOSQ and REP MOVSQ are as good as anything. QEMU's TCG executes (and with
; -icount counts) every iteration of a REP as an instruction: 513 a page. 32-byte stores, written out, are 128.
; So with AVX the pages go through vector registers. The program's values in them are alive: they wait on the stack.
; YMM moves without alignment checks: the stack is only 16-byte aligned.
;
; A copy takes four of them in turn. TCG keeps them in memory, and a load of what has just been stored waits: through one
; register alone a page took three times as long.

section .text

%define BYTES     4096
%define REGISTERS 4

; void zero_page_words(void *page)
global zero_page_words:function
zero_page_words:
    xor     eax, eax
    mov     ecx, BYTES / 8
    rep stosq
    ret

; void copy_page_words(void *to, const void *from)
global copy_page_words:function
copy_page_words:
    mov     ecx, BYTES / 8
    rep movsq
    ret

; void zero_page_avx(void *page)
global zero_page_avx:function
align 16
zero_page_avx:
    sub     rsp, 32
    vmovdqu [rsp], ymm0
    vpxor   xmm0, xmm0, xmm0            ; clears all of ymm0
%assign offset 0
%rep BYTES / 32
    vmovdqa [rdi + offset], ymm0
%assign offset offset + 32
%endrep
    vmovdqu ymm0, [rsp]
    add     rsp, 32
    ret

; void copy_page_avx(void *to, const void *from)
global copy_page_avx:function
align 16
copy_page_avx:
    sub     rsp, 32 * REGISTERS
%assign register 0
%rep REGISTERS
    vmovdqu [rsp + 32 * register], ymm %+ register
%assign register register + 1
%endrep
%assign offset 0
%rep BYTES / (32 * REGISTERS)
%assign register 0
%rep REGISTERS
    vmovdqa ymm %+ register, [rsi + offset + 32 * register]
%assign register register + 1
%endrep
%assign register 0
%rep REGISTERS
    vmovdqa [rdi + offset + 32 * register], ymm %+ register
%assign register register + 1
%endrep
%assign offset offset + 32 * REGISTERS
%endrep
%assign register 0
%rep REGISTERS
    vmovdqu ymm %+ register, [rsp + 32 * register]
%assign register register + 1
%endrep
    add     rsp, 32 * REGISTERS
    ret
