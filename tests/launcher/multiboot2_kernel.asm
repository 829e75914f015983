; The smallest kernel that can tell what GRUB gave it: words and module, on COM1, then the debug-exit port.
; Multiboot2 specification 1.6, 3.1 (header) and 3.6 (boot information: tag 1 command line, tag 3 module).
bits 32
section .text
align 8
header:
        dd 0xE85250D6, 0, header_end - header, -(0xE85250D6 + (header_end - header))
        dw 0, 0
        dd 8
header_end:

global start
start:
        mov esp, stack_end
        mov edi, started
        call print_line
        lea esi, [ebx + 8]
next_tag:
        mov eax, [esi]
        test eax, eax
        jz done
        cmp eax, 1
        je words
        cmp eax, 3
        je module
skip:
        mov ecx, [esi + 4]
        add ecx, 7
        and ecx, ~7
        add esi, ecx
        jmp next_tag
words:
        mov edi, words_are
        call print
        lea edi, [esi + 8]
        call print_line
        jmp skip
module:
        mov edi, module_at
        call print
        mov ebp, [esi + 8]
        mov ecx, 8
.digit: rol ebp, 4
        mov eax, ebp
        and eax, 15
        mov al, [digits + eax]
        call print_character
        loop .digit
        mov edi, begins_with
        call print
        mov ebp, [esi + 8]
        mov ecx, 6
.byte:  mov al, [ebp]
        call print_character
        inc ebp
        loop .byte
        mov al, 10
        call print_character
        jmp skip
done:
        mov al, 0x10
        out 0xf4, al
        hlt

print_line:
        call print
        mov al, 10
print_character:
        mov dx, 0x3f8
        out dx, al
        ret
print:
        mov al, [edi]
        test al, al
        jz .end
        call print_character
        inc edi
        jmp print
.end:   ret

started:        db "kernel started", 0
words_are:      db "words: ", 0
module_at:      db "module at 0x", 0
begins_with:    db " begins with ", 0
digits:         db "0123456789ABCDEF"
align 16
        times 256 db 0
stack_end:
