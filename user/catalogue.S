# The catalogue of translated texts as a part of the program, for user/lib/translation.cpp. CATALOGUE names the
# .mo file, which is the same for every program but for its contents.
    .section .rodata
    .balign 8
    .globl exhibit_catalogue
    .type exhibit_catalogue, @object
exhibit_catalogue:
    .incbin CATALOGUE
    .size exhibit_catalogue, . - exhibit_catalogue

    .section .note.GNU-stack, "", @progbits
