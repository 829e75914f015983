; Copies that may fault at any byte. The instructions marked `may_fault` are the only ones in the kernel that touch
; user memory; each names where to continue when the fault cannot be resolved (recover_from_user_copy).
;
; Words go first: QEMU counts and executes each iteration of a REP. When a word faults, the bytes of the rest are tried
; one by one: of a word that straddles two pages, the first page's bytes are copied, and the count is exact.

%include "kernel/trap/frame.inc"

; may_fault RECOVERY: the next instruction
%macro may_fault 1
%%here:
    [section .fixup_table progbits alloc noexec nowrite align=8]
    dq      %%here, %1
    __?SECT?__
%endmacro

section .text.hot progbits alloc exec nowrite align=16

; size_t user_copy(void *to, const void *from, size_t bytes): bytes not copied
global user_copy:function
user_copy:
    smap_site SMAP_STAC
    mov     rcx, rdx
    cmp     rdx, 8
    jb      .bytes
    shr     rcx, 3
    may_fault .words_failed
    rep movsq
    mov     ecx, edx
    and     ecx, 7
.bytes:
    may_fault .bytes_failed
    rep movsb
.bytes_failed:
    mov     rax, rcx
    smap_site SMAP_CLAC
    ret
.words_failed:
    and     edx, 7
    lea     rcx, [rdx + rcx * 8]
    jmp     .bytes

; size_t user_zero(void *to, size_t bytes): bytes not zeroed
global user_zero:function
user_zero:
    smap_site SMAP_STAC
    xor     eax, eax
    mov     rcx, rsi
    shr     rcx, 3
    may_fault .words_failed
    rep stosq
    mov     ecx, esi
    and     ecx, 7
.bytes:
    may_fault .bytes_failed
    rep stosb
.bytes_failed:
    mov     rax, rcx
    smap_site SMAP_CLAC
    ret
.words_failed:
    and     esi, 7
    lea     rcx, [rsi + rcx * 8]
    jmp     .bytes

; bool user_touch(void *at): whether the byte could be written; it is what it was. LOCK: another thread's write
; between reading and writing it would be undone.
global user_touch:function
user_touch:
    smap_site SMAP_STAC
    xor     eax, eax
    may_fault .failed
    lock or byte [rdi], 0
    inc     eax
.failed:
    smap_site SMAP_CLAC
    ret

; int64_t user_string_copy(char *to, const char *from, size_t limit): the length without the zero, `limit` when there
; is no zero in `limit` bytes, -1 after a fault
global user_string_copy:function
user_string_copy:
    smap_site SMAP_STAC
    xor     eax, eax
.next:
    cmp     rax, rdx
    je      .done
    may_fault .failed
    mov     cl, [rsi + rax]
    mov     [rdi + rax], cl
    test    cl, cl
    jz      .done
    inc     rax
    jmp     .next
.failed:
    mov     rax, -1
.done:
    smap_site SMAP_CLAC
    ret
