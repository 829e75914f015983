// entry.S: the ways in and out: into ring 3 and back, two system-call entries, and page-fault handlers that differ in
// how they zero a page.
.text
// enter_user(function): runs it in ring 3 until it makes a system call with rax != 0; returns its rbx.
.globl enter_user
enter_user:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp,main_rsp
    push $0x23
    push user_rsp
    push $0x2
    push $0x2b
    push %rdi
    iretq
user_done:
    mov main_rsp,%rsp
    mov %rbx,%rax
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
// the shortest possible syscall
.globl sys_min
sys_min:
    test %eax,%eax
    jnz user_done
    sysretq
// a usual one: stack switch, all registers saved, call through a table
.globl sys_std
sys_std:
    test %eax,%eax
    jnz user_done
    swapgs
    mov %rsp,user_rsp
    mov kern_rsp,%rsp
    push $0x23
    push user_rsp
    push %r11
    push $0x2b
    push %rcx
    push %rax
    push %rdi
    push %rsi
    push %rdx
    push %rcx
    push %r8
    push %r9
    push %r10
    push %r11
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    cmp $300,%rax
    jae 1f
    mov %rsp,%rdi
    call *systab(,%rax,8)
1: pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    pop %r11
    pop %r10
    pop %r9
    pop %r8
    pop %rcx
    pop %rdx
    pop %rsi
    pop %rdi
    add $8,%rsp
    mov 24(%rsp),%rsp
    swapgs
    sysretq
sysnop: xor %eax,%eax
    ret
.data
systab: .quad sysnop
.text
// page fault: pop a free page, zero it (ZERO), store the PTE, return
.macro PF name, zero:vararg
.globl \name
\name:
    push %rax
    push %rcx
    push %rdx
    push %rdi
    mov %cr2,%rdx
    shr $12,%rdx
    mov free_head,%rdi
    mov (%rdi),%rax
    mov %rax,free_head
    lea 7(%rdi),%rax
    mov %rax,ptes-(0x40000000>>9)(,%rdx,8)
    \zero
    pop %rdi
    pop %rdx
    pop %rcx
    pop %rax
    add $8,%rsp
    iretq
.endm
.macro ZSTOSQ
    xor %eax,%eax
    mov $512,%ecx
    rep stosq
.endm
.macro ZSTOSB
    xor %eax,%eax
    mov $4096,%ecx
    rep stosb
.endm
.macro ZMOV
    xor %eax,%eax
    lea 4096(%rdi),%rcx
9:
    .set o,0
    .rept 32
    mov %rax,o(%rdi)
    .set o,o+8
    .endr
    add $256,%rdi
    cmp %rcx,%rdi
    jne 9b
.endm
.macro ZSSE
    xorps %xmm0,%xmm0
    lea 4096(%rdi),%rcx
9:
    .set o,0
    .rept 16
    movaps %xmm0,o(%rdi)
    .set o,o+16
    .endr
    add $256,%rdi
    cmp %rcx,%rdi
    jne 9b
.endm
.macro ZAVX
    vpxor %ymm0,%ymm0,%ymm0
    lea 4096(%rdi),%rcx
9:
    .set o,0
    .rept 16
    vmovdqa %ymm0,o(%rdi)
    .set o,o+32
    .endr
    add $512,%rdi
    cmp %rcx,%rdi
    jne 9b
.endm
PF pf_none, movq $0,(%rdi)  // page came from a pre-zeroed pool: only the link is cleared
PF pf_stosq, ZSTOSQ
PF pf_stosb, ZSTOSB
PF pf_mov, ZMOV
PF pf_sse, ZSSE
PF pf_avx, ZAVX
.section .note.GNU-stack,"",@progbits
