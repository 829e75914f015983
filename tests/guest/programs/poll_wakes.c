// poll(2), ppoll(2), select(2), pselect(2) between processes: who waits is woken by bytes, by room, by an
// end that closes; signals end the wait, and the mask of ppoll lasts for their handlers only.
// libc: none
#include "handlers.h"

#include <poll.h>

CALL3(poll, Pointer, unsigned long, long)
CALL5(ppoll, Pointer, unsigned long, Pointer, Pointer, size_t)
CALL5(select, long, Pointer, Pointer, Pointer, Pointer)
CALL6(pselect6, long, Pointer, Pointer, Pointer, Pointer, Pointer)

static int ends[2], back[2];
static char bytes[65536];
static int handled;
static unsigned long mask_in_handler;

static void note(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    handled = signal;
    mask_in_handler = current_mask();
}

static long poll_one(int file, int events)
{
    struct pollfd entry = {file, (short)events, 0};
    long result = sys_poll(&entry, 1, -1);
    SAY("    poll: %ld, events %x", failed(result) ? -1 : result, entry.revents);
    return result;
}

static void begin(void)
{
    sys_pipe2(ends, 0);
    sys_pipe2(back, 0);
}
static void end(void)
{
    for (int i = 0; i < 2; i++) sys_close(ends[i]), sys_close(back[i]);
}

static void woken(void)
{
    SAY("by a byte");
    begin();
    long child = sys_fork();
    if (child == 0) {
        sys_write(ends[1], "x", 1);
        sys_exit(0);
    }
    poll_one(ends[0], POLLIN);
    show_end("    the child", child);
    end();

    SAY("by the last writer's end");
    begin();
    child = sys_fork();
    if (child == 0) {
        // Its own copy goes with it.
        sys_read(back[0], bytes, 1);
        sys_exit(0);
    }
    sys_close(ends[1]);
    sys_write(back[1], "x", 1);
    poll_one(ends[0], POLLIN);
    show_end("    the child", child);
    ends[1] = -1;
    end();

    SAY("by room");
    begin();
    sys_write(ends[1], bytes, sizeof bytes);
    child = sys_fork();
    if (child == 0) {
        sys_read(ends[0], bytes, 4096);
        sys_exit(0);
    }
    poll_one(ends[1], POLLOUT);
    show_end("    the child", child);
    end();

    SAY("by the last reader's end, of a full pipe");
    begin();
    sys_write(ends[1], bytes, sizeof bytes);
    child = sys_fork();
    if (child == 0) {
        sys_read(back[0], bytes, 1);
        sys_exit(0);
    }
    sys_close(ends[0]);
    sys_write(back[1], "x", 1);
    poll_one(ends[1], POLLOUT);
    show_end("    the child", child);
    ends[0] = -1;
    end();

    SAY("select, of two pipes");
    begin();
    child = sys_fork();
    if (child == 0) {
        sys_write(back[1], "x", 1);
        sys_exit(0);
    }
    unsigned long in = 1ul << ends[0] | 1ul << back[0];
    SHOW(sys_select(64, &in, NULL, NULL, NULL));
    IS(in == 1ul << back[0]);
    show_end("    the child", child);
    end();
}

static void interrupted(void)
{
    struct {
        unsigned long *mask;
        size_t size;
    } argument;
    unsigned long none = 0, all = ~0ul;
    struct pollfd entry;
    long self = sys_getpid();

    SAY("a signal that was pending, let through by ppoll alone");
    begin();
    entry = (struct pollfd){ends[0], POLLIN, 0x55};
    handle(SIGUSR1, note, SA_RESTART, 0);
    block(BIT(SIGUSR1) | BIT(SIGUSR2));
    sys_kill(self, SIGUSR1);
    SHOW(sys_ppoll(&entry, 1, NULL, &none, 8));
    SAY("handled %s, mask in it %lx, mask after it %lx, revents %x", signal_name(handled), mask_in_handler,
        current_mask(), entry.revents);

    SAY("the same with pselect");
    handled = 0;
    sys_kill(self, SIGUSR1);
    argument.mask = &none, argument.size = 8;
    unsigned long in = 1ul << ends[0];
    SHOW(sys_pselect6(64, &in, NULL, NULL, NULL, &argument));
    SAY("handled %s, mask in it %lx, mask after it %lx, in as it was: %s", signal_name(handled),
        mask_in_handler, current_mask(), in == 1ul << ends[0] ? "yes" : "no");

    SAY("what is ready comes first");
    handled = 0;
    sys_write(ends[1], "x", 1);
    sys_kill(self, SIGUSR1);
    SHOW(sys_ppoll(&entry, 1, NULL, &none, 8));
    SAY("handled %s, mask after it %lx", signal_name(handled), current_mask());
    sys_read(ends[0], bytes, 1);
    unblock(BIT(SIGUSR1));
    SAY("handled %s", signal_name(handled));

    SAY("blocked by ppoll, it waits");
    handled = 0;
    unblock(BIT(SIGUSR1) | BIT(SIGUSR2));
    struct timespec short_time = {0, 1000000};
    long child = sys_fork();
    if (child == 0) {
        sys_kill(self, SIGUSR1);
        sys_write(ends[1], "x", 1);
        sys_exit(0);
    }
    SHOW(sys_ppoll(&entry, 1, NULL, &all, 8));
    SAY("handled %s", signal_name(handled));
    show_end("    the child", child);
    sys_read(ends[0], bytes, 1);
    SHOW(sys_ppoll(&entry, 1, &short_time, &all, 8));
    SAY("mask %lx", current_mask());

    SAY("an ignored signal, and one that only stops it, do not end a poll");
    ignore(SIGUSR2);
    child = sys_fork();
    if (child == 0) {
        sys_kill(self, SIGUSR2);
        sys_write(ends[1], "x", 1);
        sys_exit(0);
    }
    poll_one(ends[0], POLLIN);
    show_end("    the child", child);
    end();
}

int main(void)
{
    woken();
    interrupted();
    return 0;
}
