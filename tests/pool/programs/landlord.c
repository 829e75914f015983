/* Ends tenants and shows /proc/pool after each: landlord TOGETHER NUMBER... First it waits until the TOGETHER
   programs that start with it have been started or refused. For each number n it ends the tenant that is the
   (n modulo how many there are)-th by address, waits until the queue has answered and the piece is back, and
   prints /proc/pool and an empty line. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char text[65536];

static void read_pool(void)
{
    int file = open("/proc/pool", O_RDONLY);
    if (file < 0) exit(1);
    size_t used = 0;
    ssize_t count;
    while ((count = read(file, text + used, sizeof text - 1 - used)) > 0) used += (size_t)count;
    text[used] = 0;
    close(file);
}

static void show(void)
{
    printf("%s\n", text);
    fflush(stdout);
}

/* The process of the n-th piece that is not ours; -1: there is none. And how many of them there are. */
static int tenant(int n, int *how_many)
{
    int found = -1;
    *how_many = 0;
    static char copy[sizeof text];
    strcpy(copy, text);
    for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n")) {
        int pid;
        if (sscanf(line, "%*x-%*x %*u %d ", &pid) != 1 || pid == getpid()) continue;
        if ((*how_many)++ == n) found = pid;
    }
    return found;
}

static int is_in_pool(int pid)
{
    int how_many, found = 0;
    tenant(0, &how_many);
    for (int n = 0; n < how_many; n++) {
        int ignored;
        found |= tenant(n, &ignored) == pid;
    }
    return found;
}

static unsigned waiting, started;

static void read_queue(void)
{
    read_pool();
    sscanf(strstr(text, "queue waiting="), "queue waiting=%u started=%u", &waiting, &started);
}

static unsigned ends;

/* False: there is nobody. */
static int end(int number)
{
    int how_many;
    tenant(0, &how_many);
    if (how_many == 0) return 0;
    int pid = tenant(number % how_many, &how_many);
    if (kill(pid, SIGTERM) != 0) exit(1);
    ends++;
    do {
        sched_yield();
        read_queue();
    } while (is_in_pool(pid) || (started < ends && waiting > 0));
    return 1;
}

int main(int argc, char **argv)
{
    if (argc < 2) return 2;
    unsigned refused;
    int there;
    do {
        sched_yield();
        read_queue();
        tenant(0, &there);
        sscanf(strstr(text, "refused count="), "refused count=%u", &refused);
    } while ((unsigned)there + refused < strtoul(argv[1], NULL, 10));
    show();
    for (int i = 2; i < argc; i++) {
        if (!end(atoi(argv[i]))) break;
        show();
    }
    while (end(0)) {}
}
