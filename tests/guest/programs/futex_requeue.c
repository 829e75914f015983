// futex(2): moving waiters that are not there, from one word to another.
// libc: none
#include "check.h"

#define REQUEUE 3
#define CMP_REQUEUE 4
#define PRIVATE 128

static int words[4] = {5, 0, 0, 0};

int main(void)
{
    void *one = (void *)1;
    SHOW(sys_futex(words, REQUEUE | PRIVATE, 1, one, words + 1, 0));
    SHOW(sys_futex(words, REQUEUE, 1, one, words + 1, 0));
    SHOW(sys_futex(words, CMP_REQUEUE | PRIVATE, 1, one, words + 1, 5));
    SAY("the word has another value");
    SHOW(sys_futex(words, CMP_REQUEUE | PRIVATE, 1, one, words + 1, 6));
    SAY("words that are none");
    SHOW(sys_futex((char *)words + 1, REQUEUE | PRIVATE, 1, one, words + 1, 0));
    SHOW(sys_futex(words, REQUEUE | PRIVATE, 1, one, (char *)words + 2, 0));
    SHOW(sys_futex(words, REQUEUE | PRIVATE, 1, one, (char *)0xffff800000000000, 0));
    SHOW(sys_futex((char *)0xffff800000000000, CMP_REQUEUE | PRIVATE, 1, one, words, 5));
    return 0;
}
