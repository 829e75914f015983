// bad_pointers.h: the addresses no program may pass to the kernel, and memory whose end is unmapped.
#pragma once

#include "check.h"

static const struct {
    const char *name;
    char *address;
} bad_pointers[] = {
    {"    NULL", NULL},
    {"    unmapped", (char *)0x100000000000},
    {"    end of user space", END_OF_USER},
    {"    non-canonical", (char *)0x8000000000000000},
    {"    kernel", (char *)0xffff800000000000},
    {"    kernel text", (char *)0xffffffff81000000},
    {"    last byte", (char *)0xffffffffffffffff},
};

static UNUSED void show_title(const char *call)
{
    struct Line line;
    add_call(&line, call);
    add_text(&line, " where bad is");
    finish(&line);
}

// Evaluates the call with `bad` being each bad pointer in turn.
#define WITH_BAD_POINTERS(call)                                                                              \
    do {                                                                                                     \
        show_title(#call);                                                                                   \
        for (size_t bad_i = 0; bad_i < sizeof bad_pointers / sizeof bad_pointers[0]; ++bad_i) {              \
            char *bad = bad_pointers[bad_i].address;                                                         \
            show(bad_pointers[bad_i].name, (long)(call));                                                    \
        }                                                                                                    \
    } while (0)

// The last `size` bytes of mapped memory before unmapped memory; zero-filled.
static UNUSED char *last_bytes(long size)
{
    static char *place = BASE + GIB;
    place += 4 * PAGE;
    map_at(place, PAGE, PROT_READ | PROT_WRITE);
    return place + PAGE - size;
}

// A page with these bytes that can only be read.
static UNUSED char *read_only_page(void)
{
    static char *page;
    if (!page) page = map_at(BASE + 2 * GIB, PAGE, PROT_READ);
    return page;
}
