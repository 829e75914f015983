// What the programs of the swap tests share: pages with contents of their own, where a page is (proc(5),
// /proc/PID/pagemap), sending pages out, and what /proc says.
#pragma once

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096ul
#define WORDS (PAGE / sizeof(uint64_t))
#define MIB (1ul << 20)

static inline uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

// The contents of page `index`, another for each `seed` and each `version`.
static inline void fill_page(char *page, uint64_t seed, uint64_t index, uint64_t version)
{
    uint64_t word = mix(seed << 48 ^ version << 32 ^ index), step = mix(word) | 1;
    for (size_t i = 0; i < WORDS; i++, word += step) ((uint64_t *)page)[i] = word;
}
// All bytes of it.
static inline bool is_right(const char *page, uint64_t seed, uint64_t index, uint64_t version)
{
    uint64_t word = mix(seed << 48 ^ version << 32 ^ index), step = mix(word) | 1, wrong = 0;
    for (size_t i = 0; i < WORDS; i++, word += step) wrong |= ((const uint64_t *)page)[i] ^ word;
    return wrong == 0;
}
static inline void fill(char *at, size_t pages, uint64_t seed)
{
    for (size_t i = 0; i < pages; i++) fill_page(at + i * PAGE, seed, i, 0);
}
static inline bool are_right(const char *at, size_t pages, uint64_t seed)
{
    for (size_t i = 0; i < pages; i++) {
        if (!is_right(at + i * PAGE, seed, i, 0)) return false;
    }
    return true;
}

static inline char *memory(size_t bytes)
{
    char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) {
        printf("no memory: %s\n", strerror(errno));
        exit(1);
    }
    return at;
}

#define PAGEMAP_PRESENT (1ul << 63)
#define PAGEMAP_SWAPPED (1ul << 62)
#define PAGEMAP_FRAME ((1ul << 55) - 1)

static inline uint64_t pagemap(const void *address)
{
    static int fd = -1;
    if (fd < 0) fd = open("/proc/self/pagemap", O_RDONLY);
    uint64_t entry = 0;
    if (pread(fd, &entry, sizeof entry, (off_t)((uintptr_t)address / PAGE * sizeof entry)) != sizeof entry) {
        printf("no pagemap: %s\n", strerror(errno));
        exit(1);
    }
    return entry;
}
static inline bool is_out(const void *address)
{
    return pagemap(address) & PAGEMAP_SWAPPED;
}
// Where it is on its area: bits 5 to 54 (Linux, Documentation/admin-guide/mm/pagemap.rst).
static inline uint64_t slot_of(const void *address)
{
    return (pagemap(address) & PAGEMAP_FRAME) >> 5;
}

static inline void wait_a_little(void)
{
    nanosleep(&(struct timespec){0, 1000000}, NULL);
}

// Sends pages out until all are there and no copy is left in memory (mincore(2)). MADV_PAGEOUT is advice: a
// page whose transfer finds no room is advised again. Not inlined: its own variables lie below its caller's
// stack, whose pages may be meant.
static __attribute__((noinline, unused)) void put_out(void *at, size_t pages)
{
    char *begin = (char *)((uintptr_t)at & -PAGE);
    for (size_t i = 0; i < pages; i++) {
        char *page = begin + i * PAGE;
        unsigned char in_memory = 1;
        while (mincore(page, PAGE, &in_memory) == 0 && in_memory & 1) {
            if (!is_out(page)) madvise(begin, pages * PAGE, MADV_PAGEOUT);
            wait_a_little();
        }
    }
}

// The number behind `key` in a file of /proc; -1: there is none.
static inline long proc_value(const char *path, const char *key)
{
    static char text[16384];
    int fd = open(path, O_RDONLY);
    size_t size = 0;
    for (ssize_t got; size < sizeof text - 1 && (got = read(fd, text + size, sizeof text - 1 - size)) > 0;)
        size += (size_t)got;
    close(fd);
    text[size] = 0;
    const char *found = strstr(text, key);
    return found == NULL ? -1 : atol(found + strlen(key));
}

static inline long swap_in_use_kib(void)
{
    return proc_value("/proc/meminfo", "SwapTotal:") - proc_value("/proc/meminfo", "SwapFree:");
}

// The pid of another process with this name; 0: there is none.
static inline pid_t find_program(const char *name)
{
    pid_t found = 0;
    DIR *proc = opendir("/proc");
    for (struct dirent *entry; (entry = readdir(proc));) {
        pid_t pid = atoi(entry->d_name);
        if (pid == 0 || pid == getpid()) continue;
        char path[64], comm[64] = "";
        snprintf(path, sizeof path, "/proc/%d/comm", pid);
        int fd = open(path, O_RDONLY);
        if (fd < 0) continue; // it has ended
        ssize_t got = read(fd, comm, sizeof comm - 1);
        close(fd);
        if (got > 0) comm[strcspn(comm, "\n")] = 0;
        if (strncmp(comm, name, 15) == 0) found = pid; // it keeps 15 characters
    }
    closedir(proc);
    return found;
}

// A line from standard input: the test says that it has done its part.
static inline void wait_for_line(void)
{
    char c = 0;
    while (c != '\n' && read(0, &c, 1) == 1) continue;
}

static inline void say(const char *line)
{
    puts(line);
    fflush(stdout);
}
