// arch_prctl(2): the bases of FS and GS.
// libc: none
#include "bad_pointers.h"

#define SET_GS 0x1001
#define SET_FS 0x1002
#define GET_FS 0x1003
#define GET_GS 0x1004

static unsigned long words[4] = {11, 22, 33, 44};

static unsigned long at_fs(void)
{
    unsigned long value;
    __asm__ volatile("mov %%fs:8, %0" : "=r"(value));
    return value;
}
static unsigned long at_gs(void)
{
    unsigned long value;
    __asm__ volatile("mov %%gs:8, %0" : "=r"(value));
    return value;
}

int main(void)
{
    unsigned long base = 7;
    SHOW(sys_arch_prctl(GET_FS, &base));
    SAY("at first 0x%lx", base);
    SHOW(sys_arch_prctl(SET_FS, words));
    SHOW(sys_arch_prctl(GET_FS, &base));
    IS(base == (unsigned long)words);
    SAY("through fs: %lu", at_fs());
    SHOW(sys_arch_prctl(SET_GS, words + 1));
    SHOW(sys_arch_prctl(GET_GS, &base));
    IS(base == (unsigned long)(words + 1));
    SAY("through gs: %lu, through fs: %lu", at_gs(), at_fs());
    SAY("they stay over sleep");
    struct timespec time = {0, 2000000};
    sys_nanosleep(&time, NULL);
    SAY("through gs: %lu, through fs: %lu", at_gs(), at_fs());
    SHOW(sys_arch_prctl(SET_FS, NULL));
    SHOW(sys_arch_prctl(GET_FS, &base));
    SAY("0x%lx", base);
    SAY("an unmapped base is allowed");
    SHOW(sys_arch_prctl(SET_GS, BASE));
    SHOW(sys_arch_prctl(SET_GS, END_OF_USER - 1));

    SAY("refused");
    SHOW(sys_arch_prctl(0, words));
    SHOW(sys_arch_prctl(0x1005, words));
    SHOW(sys_arch_prctl(-1, words));
    SHOW(sys_arch_prctl(SET_FS, END_OF_USER));
    SHOW(sys_arch_prctl(SET_GS, END_OF_USER));
    SHOW(sys_arch_prctl(SET_FS, (char *)0x800000000000));
    SHOW(sys_arch_prctl(SET_GS, (char *)0xffff800000000000));
    WITH_BAD_POINTERS(sys_arch_prctl(GET_FS, bad));
    WITH_BAD_POINTERS(sys_arch_prctl(GET_GS, bad));
    SHOW(sys_arch_prctl(GET_FS, read_only_page()));
    return 0;
}
