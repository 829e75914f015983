; memcpy, memmove, memset, memcmp, memchr, strlen: what the compiler calls on its own (GCC manual, "Standards": a freestanding
; environment must provide them). Words first: QEMU counts and executes each iteration of a REP.

section .text

; void *memcpy(void *to, const void *from, size_t bytes)
global memcpy:function
memcpy:
    mov     rax, rdi
    mov     rcx, rdx
    shr     rcx, 3
    rep movsq
    mov     ecx, edx
    and     ecx, 7
    rep movsb
    ret

; void *memmove(void *to, const void *from, size_t bytes)
global memmove:function
memmove:
    mov     rcx, rdi
    sub     rcx, rsi
    cmp     rcx, rdx                    ; unsigned: `to` is below `from`, or at least `bytes` above it
    jae     memcpy
    mov     rax, rdi                    ; from the end downwards
    lea     rdi, [rdi + rdx - 1]
    lea     rsi, [rsi + rdx - 1]
    std
    mov     ecx, edx
    and     ecx, 7
    rep movsb
    sub     rdi, 7
    sub     rsi, 7
    mov     rcx, rdx
    shr     rcx, 3
    rep movsq
    cld
    ret

; void *memset(void *to, int byte, size_t bytes)
global memset:function
memset:
    mov     r8, rdi
    movzx   esi, sil
    mov     rax, 0x0101010101010101
    imul    rax, rsi
    mov     rcx, rdx
    shr     rcx, 3
    rep stosq
    mov     ecx, edx
    and     ecx, 7
    rep stosb
    mov     rax, r8
    ret

; int memcmp(const void *left, const void *right, size_t bytes)
global memcmp:function
memcmp:
    xor     eax, eax
    mov     rcx, rdx
    shr     rcx, 3
    repe cmpsq                          ; with rcx = 0 no flag changes: ZF is from the shift, which was zero
    jne     .differ
    mov     ecx, edx
    and     ecx, 7
    jmp     .bytes
.differ:                                ; look at those eight again
    sub     rsi, 8
    sub     rdi, 8
    mov     ecx, 8
.bytes:
    jrcxz   .done
.next:
    movzx   eax, byte [rdi]
    movzx   r8d, byte [rsi]
    sub     eax, r8d
    jnz     .done
    inc     rdi
    inc     rsi
    dec     ecx
    jnz     .next
.done:
    ret

; size_t strlen(const char *text)
global strlen:function
strlen:
    xor     eax, eax
.next:
    cmp     byte [rdi + rax], 0
    je      .done
    inc     rax
    jmp     .next
.done:
    ret

; void *memchr(const void *memory, int byte, size_t bytes)
global memchr:function
memchr:
    lea     rcx, [rdi + rdx]
.next:
    cmp     rdi, rcx
    je      .none
    cmp     [rdi], sil
    je      .found
    inc     rdi
    jmp     .next
.found:
    mov     rax, rdi
    ret
.none:
    xor     eax, eax
    ret
