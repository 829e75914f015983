// What the kernel puts on the stack of a new program: arguments, environment, and the auxiliary vector of
// getauxval(3).
// libc: none
// args: one two
// env: KEY=value
#include <elf.h>

#include "check.h"

extern char _start[];
extern const Elf64_Ehdr __ehdr_start;

static unsigned long *vector;

static unsigned long find(unsigned long type)
{
    for (unsigned long *entry = vector; entry[0]; entry += 2) {
        if (entry[0] == type) return entry[1];
    }
    return 0xbad;
}

static void show_entry(const char *name, unsigned long type)
{
    unsigned long value = find(type);
    if (value == 0xbad)
        SAY("    %s is missing", name);
    else
        SAY("    %s %lu", name, value);
}

int main(int argc, char **argv, char **environment)
{
    IS(((unsigned long)argv - 8) % 16 == 0);
    IS(argv + argc + 1 == environment && argv[argc] == NULL);
    SAY("%s %s %s", argv[1], argv[2], environment[0]);
    char **end = environment;
    while (*end) ++end;
    vector = (unsigned long *)(end + 1);

    SAY("the auxiliary vector");
    show_entry("AT_PAGESZ", AT_PAGESZ);
    show_entry("AT_PHENT", AT_PHENT);
    show_entry("AT_BASE", AT_BASE);
    show_entry("AT_FLAGS", AT_FLAGS);
    show_entry("AT_UID", AT_UID);
    show_entry("AT_EUID", AT_EUID);
    show_entry("AT_GID", AT_GID);
    show_entry("AT_EGID", AT_EGID);
    show_entry("AT_SECURE", AT_SECURE);
    show_entry("AT_CLKTCK", AT_CLKTCK);
    IS(find(AT_ENTRY) == (unsigned long)_start);
    IS(find(AT_PHDR) == (unsigned long)&__ehdr_start + __ehdr_start.e_phoff);
    IS(find(AT_PHNUM) == __ehdr_start.e_phnum);
    IS(same_text((const char *)find(AT_PLATFORM), "x86_64"));
    IS(same_text((const char *)find(AT_EXECFN), argv[0]));
    unsigned low;
    __asm__ volatile("cpuid" : "=d"(low) : "a"(1) : "ebx", "ecx");
    IS(find(AT_HWCAP) == low);
    IS(find(AT_HWCAP2) != 0xbad);
    const unsigned char *random = (const unsigned char *)find(AT_RANDOM);
    IS(!all_are(random, (char)random[0], 16));

    SAY("strings lie above, in order");
    IS(argv[0] > (char *)vector && argv[1] == argv[0] + length_of(argv[0]) + 1 && argv[2] == argv[1] + 4);
    IS(environment[0] == argv[2] + 4);
    return 0;
}
