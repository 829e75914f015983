; What loaders look for in the file: a multiboot2 header (GRUB) and a PVH note (QEMU's -kernel).

bits 32
extern pvh_start

MULTIBOOT2_MAGIC    equ 0xe85250d6
ARCHITECTURE_I386   equ 0
TAG_END             equ 0
TAG_REQUEST         equ 1
TAG_MODULE_ALIGN    equ 6
INFO_COMMAND_LINE   equ 1
INFO_MODULES        equ 3
INFO_MEMORY_MAP     equ 6
XEN_ELFNOTE_PHYS32_ENTRY equ 18

; Multiboot2 specification 3.1: within the first 32 KiB of the file, 8-byte aligned. GRUB takes the addresses from the
; ELF program headers and the entry point from the ELF header.
section .multiboot2 progbits alloc noexec nowrite align=8
header:
    dd MULTIBOOT2_MAGIC
    dd ARCHITECTURE_I386
    dd header_end - header
    dd -(MULTIBOOT2_MAGIC + ARCHITECTURE_I386 + (header_end - header))

    align 8
request:
    dw TAG_REQUEST, 0
    dd request_end - request
    dd INFO_COMMAND_LINE, INFO_MODULES, INFO_MEMORY_MAP
request_end:

    align 8
    dw TAG_MODULE_ALIGN, 0          ; modules begin at a page: the archive's pages are mapped as they are
    dd 8

    align 8
    dw TAG_END, 0
    dd 8
header_end:

; xen/include/public/elfnote.h: the physical address of a 32-bit entry point.
section .note.pvh note alloc align=4
    dd 4                            ; size of the name
    dd 8                            ; size of the value
    dd XEN_ELFNOTE_PHYS32_ENTRY
    db "Xen", 0
    dq pvh_start
