// areas COMMAND …: swapon(2), swapoff(2) and /proc/swaps. Commands follow each other, each with its
// arguments:
//   on DEVICE FLAGS      off DEVICE      show      fill MIB (memory that goes to swap at once, checked at the
//   end) cycle DEVICE PROGRAM (swapoff, and swapon again, as long as the program runs)
//   leave MIB (a file in /tmp that stays there, its pages on swap)
#include "pages.h"

#include <sys/swap.h>

#define FILLED 8
static struct {
    char *at;
    size_t pages;
} filled[FILLED];
static unsigned fills;

static const char *said(int result)
{
    return result == 0 ? "0" : strerrorname_np(errno);
}

static void show(void)
{
    char text[4096];
    int fd = open("/proc/swaps", O_RDONLY);
    ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    text[got > 0 ? got : 0] = 0;
    fputs(text, stdout);
}

static void leave(size_t pages)
{
    int fd = open("/tmp/left", O_RDWR | O_CREAT, 0600);
    if (ftruncate(fd, (off_t)(pages * PAGE)) != 0) exit(1);
    char *at = mmap(0, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) exit(1);
    fill(at, pages, 0);
    put_out(at, pages);
}

// Memory for the area's counts is wanted from a machine that may have none to spare just then.
static void take_back_into_use(const char *device)
{
    while (swapon(device, 0) != 0) {
        if (errno != ENOMEM) {
            printf("swapon again: %s\n", said(-1));
            exit(1);
        }
        wait_a_little();
    }
}

static void cycle(const char *device, const char *partner)
{
    unsigned emptied = 0, refused = 0;
    while (find_program(partner) != 0 && swap_in_use_kib() < 1024) wait_a_little();
    do {
        if (swapoff(device) == 0) {
            emptied++;
            take_back_into_use(device);
        } else if (errno == ENOMEM) {
            refused++;
        } else {
            printf("swapoff: %s\n", said(-1));
            exit(1);
        }
        wait_a_little();
    } while (find_program(partner) != 0);
    printf("cycle %s: emptied %s, refused %s\n", device, emptied ? "yes" : "no", refused ? "yes" : "no");
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *command = argv[i];
        if (strcmp(command, "show") == 0) {
            show();
        } else if (strcmp(command, "on") == 0 && i + 2 < argc) {
            int result = swapon(argv[i + 1], (int)strtoul(argv[i + 2], 0, 0));
            printf("on %s %s: %s\n", argv[i + 1], argv[i + 2], said(result));
            i += 2;
        } else if (strcmp(command, "off") == 0 && i + 1 < argc) {
            int result = swapoff(argv[i + 1]);
            printf("off %s: %s\n", argv[i + 1], said(result));
            i += 1;
        } else if (strcmp(command, "leave") == 0 && i + 1 < argc) {
            leave(strtoull(argv[i + 1], 0, 0) * MIB / PAGE);
            i += 1;
        } else if (strcmp(command, "wait") == 0) {
            while (swap_in_use_kib() < 8192) wait_a_little();
        } else if (strcmp(command, "cycle") == 0 && i + 2 < argc) {
            cycle(argv[i + 1], argv[i + 2]);
            i += 2;
        } else if (strcmp(command, "fill") == 0 && i + 1 < argc && fills < FILLED) {
            filled[fills].pages = strtoull(argv[i + 1], 0, 0) * MIB / PAGE;
            filled[fills].at = memory(filled[fills].pages * PAGE);
            fill(filled[fills].at, filled[fills].pages, fills);
            put_out(filled[fills].at, filled[fills].pages);
            fills++;
            i += 1;
        } else {
            fprintf(stderr, "areas: %s?\n", command);
            return 2;
        }
        fflush(stdout);
    }
    for (unsigned i = 0; i < fills; i++) {
        if (!are_right(filled[i].at, filled[i].pages, i)) return puts("wrong"), 1;
    }
    return 0;
}
