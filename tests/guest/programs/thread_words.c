// set_tid_address(2), set_robust_list(2): kept for the end of the thread.
// libc: none
#include "check.h"

struct Head {
    void *list;
    long offset;
    void *pending;
};

int main(void)
{
    static int word = 77;
    IS(sys_set_tid_address(&word) == sys_gettid());
    IS(sys_set_tid_address(NULL) == sys_gettid());
    SAY("the word is not looked at before the end");
    IS(sys_set_tid_address((void *)0xffff800000000000) == sys_gettid());
    IS(sys_set_tid_address(&word) == sys_gettid() && word == 77);

    static struct Head head = {&head, 0, NULL};
    SHOW(sys_set_robust_list(&head, sizeof head));
    SHOW(sys_set_robust_list(&head, 23));
    SHOW(sys_set_robust_list(&head, 0));
    SHOW(sys_set_robust_list(&head, 48));
    SHOW(sys_set_robust_list((void *)0xffff800000000000, 24));
    SAY("a list that cannot be read harms nobody");
    return 0;
}
