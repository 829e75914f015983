// boot.S: from multiboot's 32-bit entry to long mode, with the first GiB mapped to itself in 2-MiB pages that ring 3
// may use as well.
.section .boot,"ax"
.code32
.globl _start
_start: jmp 1f
.align 4
mbh: .long 0x1BADB002, 0x00010000, -(0x1BADB002+0x00010000)
    .long mbh, 0x100000, _edata, _end, 1f
1: cli
    mov %ebx,mbi
    mov $boot_stack_top,%esp
    mov $pdpt+7,%eax
    mov %eax,pml4
    mov $pd0+7,%eax
    mov %eax,pdpt
    xor %ecx,%ecx
    mov $0x87,%eax
2: mov %eax,pd0(,%ecx,8)
    add $0x200000,%eax
    inc %ecx
    cmp $512,%ecx
    jne 2b
    mov $pml4,%eax
    mov %eax,%cr3
    mov %cr4,%eax  // PAE, OSFXSR, OSXMMEXCPT
    or $0x620,%eax
    mov %eax,%cr4
    mov $0xC0000080,%ecx  // EFER: LME, SCE
    rdmsr
    or $0x101,%eax
    wrmsr
    mov %cr0,%eax
    and $~4,%eax
    or $0x80010002,%eax
    mov %eax,%cr0
    lgdt gdtr
    ljmp $8,$3f
.code64
3: mov $16,%eax
    mov %eax,%ds
    mov %eax,%es
    mov %eax,%ss
    mov %cr4,%rax  // OSXSAVE, for AVX
    or $0x40000,%rax
    mov %rax,%cr4
    xor %ecx,%ecx
    xor %edx,%edx
    mov $7,%eax
    xsetbv
    mov mbi,%edi
    call main
4: cli
    hlt
    jmp 4b
.data
.align 16
.globl gdt
gdt: .quad 0, 0x00AF9A000000FFFF, 0x00CF92000000FFFF, 0x00CFFA000000FFFF, 0x00CFF2000000FFFF, 0x00AFFA000000FFFF, 0, 0
gdtr: .word 63
    .quad gdt
mbi: .long 0
.bss
.align 4096
.globl pml4,pdpt,pd0
pml4: .skip 4096
pdpt: .skip 4096
pd0: .skip 4096
    .skip 16384
boot_stack_top:
.text
.section .note.GNU-stack,"",@progbits
