; From the loader's 32-bit protected mode to 64-bit mode; high_half.asm goes on at the kernel's high address.
;
; Both loaders start us with flat 32-bit segments, paging and interrupts off. The steps (SDM vol. 3A, 9.8.5):
; check the processor, build page tables, PAE, long mode, paging, a 64-bit code segment, jump up.
; This section is linked where it is loaded (1 MiB); the rest of the kernel is linked at KERNEL_BASE + 1 MiB.

KERNEL_BASE       equ 0xffffffff80000000
MULTIBOOT2_ENTRY  equ 1                 ; boot/boot_main.cpp knows these two
PVH_ENTRY         equ 0

COM1              equ 0x3f8
LINE_STATUS       equ COM1 + 5
TRANSMIT_EMPTY    equ 0x20
DEBUG_EXIT        equ 0xf4
EXIT_REFUSED      equ 0x12

MULTIBOOT2_MAGIC  equ 0x36d76289        ; in eax when GRUB jumps here (multiboot2 specification 3.3)

CR0_PAGING        equ 1 << 31
CR0_WRITE_PROTECT equ 1 << 16
CR4_PAE           equ 1 << 5
MSR_EFER          equ 0xc0000080
EFER_LONG_MODE    equ 1 << 8
EFER_NO_EXECUTE   equ 1 << 11

PRESENT           equ 1 << 0
WRITABLE          equ 1 << 1
LARGE             equ 1 << 7
MAPPED_GIB        equ 4                 ; the boot tables map this much, twice

extern high_half
extern boot_stack_top

; ---------------------------------------------------------------------------------------------------------------------
bits 32
section .boot.text progbits alloc exec nowrite align=16

global multiboot2_start
multiboot2_start:
    mov     esi, not_multiboot2
    cmp     eax, MULTIBOOT2_MAGIC
    jne     refuse
    mov     edi, MULTIBOOT2_ENTRY
    jmp     start

global pvh_start
pvh_start:
    mov     edi, PVH_ENTRY

; edi: how we were entered; ebx: the loader's information.
start:
    cli
    cld
    mov     esp, boot_stack_top - KERNEL_BASE
    mov     ebp, ebx                    ; cpuid overwrites ebx

    ; Bit 21 of EFLAGS can be changed only where CPUID exists.
    pushfd
    pop     eax
    mov     ecx, eax
    xor     eax, 1 << 21
    push    eax
    popfd
    pushfd
    pop     eax
    mov     esi, no_long_mode
    cmp     eax, ecx
    je      refuse

    mov     eax, 0x80000000
    cpuid
    cmp     eax, 0x80000001
    jb      refuse
    mov     eax, 0x80000001
    cpuid
    test    edx, 1 << 29                ; LM
    jz      refuse
    mov     esi, no_nx
    test    edx, 1 << 20                ; NX
    jz      refuse

    ; Page tables. The same four page directories (2 MiB pages) appear at 0, where we run now, and at the direct
    ; map's place; the first also at KERNEL_BASE. All of it is replaced by kernel/address_map.cpp.
    mov     eax, boot_directory - KERNEL_BASE + (PRESENT | WRITABLE)
    mov     ecx, 0
.link:
    mov     [boot_pointers - KERNEL_BASE + ecx * 8], eax
    add     eax, 4096
    inc     ecx
    cmp     ecx, MAPPED_GIB
    jb      .link
    mov     eax, PRESENT | WRITABLE | LARGE
    mov     ecx, 0
.fill:
    mov     [boot_directory - KERNEL_BASE + ecx * 8], eax
    add     eax, 2 << 20
    inc     ecx
    cmp     ecx, MAPPED_GIB * 512
    jb      .fill
    mov     dword [boot_pointers_high - KERNEL_BASE + 510 * 8], boot_directory - KERNEL_BASE + (PRESENT | WRITABLE)
    mov     dword [boot_root - KERNEL_BASE + 0 * 8], boot_pointers - KERNEL_BASE + (PRESENT | WRITABLE)
    mov     dword [boot_root - KERNEL_BASE + 256 * 8], boot_pointers - KERNEL_BASE + (PRESENT | WRITABLE)
    mov     dword [boot_root - KERNEL_BASE + 511 * 8], boot_pointers_high - KERNEL_BASE + (PRESENT | WRITABLE)

    mov     eax, boot_root - KERNEL_BASE
    mov     cr3, eax
    mov     eax, cr4
    or      eax, CR4_PAE
    mov     cr4, eax
    mov     ecx, MSR_EFER
    rdmsr
    or      eax, EFER_LONG_MODE | EFER_NO_EXECUTE
    wrmsr
turn_paging_on:                         ; docs/debugging.md stops here
    mov     eax, cr0
    or      eax, CR0_PAGING | CR0_WRITE_PROTECT
    mov     cr0, eax                    ; now in long mode, 32-bit code segment

    lgdt    [boot_gdt_pointer]
    jmp     0x08:long_mode

; esi: a sentence ending in zero. Says it on COM1 and ends the machine.
refuse:
    mov     ebx, refused_prefix
    call    say
    mov     ebx, esi
    call    say
    mov     al, EXIT_REFUSED
    mov     dx, DEBUG_EXIT
    out     dx, al
.halt:
    hlt
    jmp     .halt

; ebx: text. No port setting: the firmware's, or QEMU's, is as good as ours. Waits, bounded, for each byte.
say:
    mov     ecx, 100000
.wait:
    mov     dx, LINE_STATUS
    in      al, dx
    test    al, TRANSMIT_EMPTY
    loopz   .wait
    mov     al, [ebx]
    inc     ebx
    test    al, al
    jz      .done
    mov     dx, COM1
    out     dx, al
    jmp     say
.done:
    ret

bits 64
long_mode:
    mov     ax, 0x10
    mov     ds, ax
    mov     es, ax
    mov     ss, ax
    xor     eax, eax
    mov     fs, ax
    mov     gs, ax
    mov     rax, high_half
    jmp     rax

section .boot.rodata progbits alloc noexec nowrite align=8
boot_gdt:
    dq      0
    dq      0x00209a0000000000          ; 64-bit code
    dq      0x0000920000000000          ; data
boot_gdt_pointer:
    dw      boot_gdt_pointer - boot_gdt - 1
    dd      boot_gdt

refused_prefix:  db 10, "vitrine: refused: ", 0
not_multiboot2:  db "the loader did not start the kernel by the multiboot2 protocol", 10, 0
no_long_mode:    db "this processor has no 64-bit mode (long mode, LM), which Vitrine needs", 10, 0
no_nx:           db "this processor has no NX (no-execute pages), which Vitrine needs", 10, 0

; Used until kernel/address_map.cpp has built the real tables, then given to the frame allocator.
section .boot_tables nobits alloc noexec write align=4096
boot_root:          resb 4096
boot_pointers:      resb 4096
boot_pointers_high: resb 4096
boot_directory:     resb 4096 * MAPPED_GIB
