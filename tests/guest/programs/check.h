// check.h: what every guest test program shares: lines of text on standard output, each written with one
// write(2) so that nothing is lost when the program is killed, and nothing of the C library needed, so that
// the same source builds with glibc, musl, and no library at all (-DNOLIBC).
//
//     SHOW(sys_close(99))                  close(99) = -1 EBADF
//     SHOW_AT(BASE, sys_mmap(BASE, …))     mmap(BASE, …) = BASE+0x1000
//     IS(page[0] == 0)                     page[0] == 0: yes
//     SAY("%d areas", n)                   3 areas
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#include "syscalls.h"

#define UNUSED __attribute__((unused))
#define PAGE 4096L
#define MIB (1024L * 1024)
#define GIB (1024 * MIB)
#define TIB (1024 * GIB)
// Far from everything a kernel places by itself, on Linux and on Vitrine.
#define BASE ((char *)0x200000000000)
#define END_OF_USER ((char *)0x7ffffffff000)

#ifdef NOLIBC
void *memset(void *to, int value, size_t size)
{
    void *begin = to;
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(size) : "a"(value) : "memory");
    return begin;
}
void *memcpy(void *to, const void *from, size_t size)
{
    void *begin = to;
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size)::"memory");
    return begin;
}
__asm__(".globl _start\n_start:\n"
        "    xor %ebp, %ebp\n"
        "    mov (%rsp), %rdi\n"
        "    lea 8(%rsp), %rsi\n"
        "    lea 8(%rsi, %rdi, 8), %rdx\n"
        "    and $-16, %rsp\n"
        "    call main\n"
        "    mov %eax, %edi\n"
        "    mov $231, %eax\n" // exit_group
        "    syscall\n");
#endif

// --- text ---

struct Line {
    char text[1024];
    size_t used;
};

static UNUSED void add_char(struct Line *line, char c)
{
    if (line->used < sizeof line->text - 1) line->text[line->used++] = c;
}

static UNUSED void add_text(struct Line *line, const char *text)
{
    while (*text) add_char(line, *text++);
}

static UNUSED void add_number(struct Line *line, unsigned long value, unsigned base)
{
    char digits[24];
    int n = 0;
    do digits[n++] = "0123456789abcdef"[value % base];
    while (value /= base);
    while (n) add_char(line, digits[--n]);
}

static UNUSED void finish(struct Line *line)
{
    line->text[line->used++] = '\n';
    size_t done = 0;
    while (done < line->used) {
        long n = sys_write(1, line->text + done, line->used - done);
        if (n <= 0) sys_exit_group(99);
        done += (size_t)n;
    }
}

// Knows %s, %c, %d (int), %ld, %lu, %x, %lx, %% and nothing else.
static UNUSED __attribute__((format(printf, 1, 2))) void SAY(const char *format, ...)
{
    struct Line line;
    line.used = 0;
    va_list list;
    va_start(list, format);
    for (const char *f = format; *f; ++f) {
        if (*f != '%') {
            add_char(&line, *f);
            continue;
        }
        int is_long = *++f == 'l';
        if (is_long) ++f;
        if (*f == 's') add_text(&line, va_arg(list, const char *));
        if (*f == 'c') add_char(&line, (char)va_arg(list, int));
        if (*f == '%') add_char(&line, '%');
        if (*f == 'x' || *f == 'u') {
            unsigned long value = is_long ? va_arg(list, unsigned long) : va_arg(list, unsigned);
            add_number(&line, value, *f == 'x' ? 16 : 10);
        }
        if (*f == 'd') {
            long value = is_long ? va_arg(list, long) : va_arg(list, int);
            if (value < 0) add_char(&line, '-');
            add_number(&line, value < 0 ? -(unsigned long)value : (unsigned long)value, 10);
        }
    }
    va_end(list);
    finish(&line);
}

static UNUSED const char *errno_name(long error)
{
    static const struct {
        int number;
        const char *name;
    } names[] = {
#define NAME(e) {e, #e}
        NAME(EPERM),     NAME(ENOENT),   NAME(ESRCH),      NAME(EINTR),     NAME(EIO),
        NAME(ENXIO),     NAME(E2BIG),    NAME(ENOEXEC),    NAME(EBADF),     NAME(ECHILD),
        NAME(EAGAIN),    NAME(ENOMEM),   NAME(EACCES),     NAME(EFAULT),    NAME(EBUSY),
        NAME(EEXIST),    NAME(EXDEV),    NAME(ENODEV),     NAME(ENOTDIR),   NAME(EISDIR),
        NAME(EINVAL),    NAME(ENFILE),   NAME(EMFILE),     NAME(ENOTTY),    NAME(ETXTBSY),
        NAME(EFBIG),     NAME(ENOSPC),   NAME(ESPIPE),     NAME(EROFS),     NAME(EMLINK),
        NAME(EPIPE),     NAME(EDOM),     NAME(ERANGE),     NAME(EDEADLK),   NAME(ENAMETOOLONG),
        NAME(ENOLCK),    NAME(ENOSYS),   NAME(ENOTEMPTY),  NAME(ELOOP),     NAME(ENODATA),
        NAME(EOVERFLOW), NAME(ENOTSOCK), NAME(EOPNOTSUPP), NAME(ETIMEDOUT), NAME(EALREADY),
        NAME(ECANCELED),
#undef NAME
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        if (names[i].number == error) return names[i].name;
    }
    return "an unnamed errno";
}

// --- one line for one call ---

static UNUSED int failed(long value)
{
    return value < 0 && value >= -4095;
}

// "sys_close(99)" is written as "close(99)".
static UNUSED void add_call(struct Line *line, const char *call)
{
    line->used = 0;
    for (const char *c = call; *c; ++c) {
        if (c[0] == 's' && c[1] == 'y' && c[2] == 's' && c[3] == '_') c += 4;
        add_char(line, *c);
    }
}

static UNUSED int add_error(struct Line *line, long value)
{
    if (!failed(value)) return 0;
    add_text(line, " = -1 ");
    add_text(line, errno_name(-value));
    return 1;
}

static UNUSED long show(const char *call, long value)
{
    struct Line line;
    add_call(&line, call);
    if (!add_error(&line, value)) {
        add_text(&line, value < 0 ? " = -" : " = ");
        add_number(&line, value < 0 ? -(unsigned long)value : (unsigned long)value, 10);
    }
    finish(&line);
    return value;
}

static UNUSED long show_at(const char *name, const void *base, const char *call, long value)
{
    struct Line line;
    add_call(&line, call);
    if (!add_error(&line, value)) {
        long offset = value - (long)base;
        add_text(&line, " = ");
        add_text(&line, name);
        if (offset) {
            add_text(&line, offset < 0 ? "-0x" : "+0x");
            add_number(&line, offset < 0 ? -(unsigned long)offset : (unsigned long)offset, 16);
        }
    }
    finish(&line);
    return value;
}

static UNUSED long show_some(const char *call, long value, const char *what)
{
    struct Line line;
    add_call(&line, call);
    if (!add_error(&line, value)) {
        add_text(&line, " = ");
        add_text(&line, what);
    }
    finish(&line);
    return value;
}

#define SHOW(expression) show(#expression, (long)(expression))
#define SHOW_AT(base, expression) show_at(#base, base, #expression, (long)(expression))
// The value itself differs from machine to machine: only that it is no error is said.
#define SHOW_OK(expression) show_some(#expression, (long)(expression), "ok")
#define SHOW_PAGE(expression)                                                                                \
    __extension__({                                                                                          \
        long page_ = (long)(expression);                                                                     \
        show_some(#expression, page_, page_ % PAGE ? "an address inside a page" : "the address of a page");  \
    })
#define IS(expression) SAY("%s: %s", #expression, (expression) ? "yes" : "no")

// --- small things many tests need ---

static UNUSED size_t length_of(const char *text)
{
    size_t n = 0;
    while (text[n]) ++n;
    return n;
}

static UNUSED int same_text(const char *a, const char *b)
{
    while (*a && *a == *b) ++a, ++b;
    return *a == *b;
}

static UNUSED const char *base_name(const char *path)
{
    const char *name = path;
    for (; *path; ++path) {
        if (*path == '/') name = path + 1;
    }
    return name;
}

// Does the range hold nothing but this byte? Reading it touches it.
static UNUSED int all_are(const void *begin, char value, size_t size)
{
    const volatile char *byte = (const volatile char *)begin;
    for (size_t i = 0; i < size; ++i) {
        if (byte[i] != value) return 0;
    }
    return 1;
}

static UNUSED void touch(void *address)
{
    *(volatile char *)address = 1;
}
static UNUSED char peek(const void *address)
{
    return *(const volatile char *)address;
}

// Anonymous private memory at a fixed place; a test that cannot even have that stops.
static UNUSED char *map_at(char *address, long size, long protection)
{
    long got = sys_mmap(address, (size_t)size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (got != (long)address) {
        SAY("no memory at a fixed place: %ld", got);
        sys_exit_group(98);
    }
    return address;
}
