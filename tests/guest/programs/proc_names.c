// Names with characters that end lines and words, as /proc tells them: comm, stat and status of a process,
// maps of a file, links.
// libc: none
#include "children.h"

static char text[65536];

static void show_text(const char *what, const char *from, long length)
{
    struct Line line = {{0}, 0};
    for (long i = 0; i < length && from[i]; ++i) {
        if (from[i] > ' ' && from[i] < 127) {
            add_char(&line, from[i]);
        } else {
            add_char(&line, '<');
            add_number(&line, (unsigned char)from[i], 16);
            add_char(&line, '>');
        }
    }
    SAY("    %s: %s", what, line.text);
}

static long read_all(const char *path)
{
    long fd = sys_open(path, O_RDONLY, 0), size = 0, got;
    while ((got = sys_read(fd, text + size, sizeof text - 1 - (size_t)size)) > 0) size += got;
    sys_close(fd);
    text[size] = 0;
    return size;
}

// Where `word` begins in the text.
static const char *find(const char *in, const char *word)
{
    for (; *in; ++in) {
        long i = 0;
        while (word[i] && in[i] == word[i]) ++i;
        if (!word[i]) return in;
    }
    return NULL;
}
static long up_to(const char *from, const char *word)
{
    const char *end = find(from, word);
    return end ? end - from : 0;
}

static void show_process(const char *name)
{
    SHOW(system_call(SYS_prctl, 15 /* PR_SET_NAME */, (long)name, 0, 0, 0, 0));
    show_text("comm", text, read_all("/proc/self/comm"));
    read_all("/proc/self/stat");
    const char *begin = find(text, "(");
    show_text("stat", begin, up_to(begin, " R "));
    read_all("/proc/self/status");
    show_text("status", text, up_to(text, "\nUmask"));
}

static void show_named(const char *path)
{
    long fd = sys_open(path, O_RDWR | O_CREAT, 0600);
    sys_write(fd, "text", 4);
    sys_mmap(BASE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, (int)fd, 0);
    read_all("/proc/self/maps");
    const char *begin = find(find(text, " r--s "), "/tmp/"); // the program itself may lie there, too
    show_text("maps", begin, up_to(begin, "\n"));
    read_all("/proc/self/smaps");
    begin = find(find(text, " r--s "), "/tmp/");
    show_text("smaps", begin, up_to(begin, "\n"));
    char link[] = "/proc/self/fd/0";
    link[14] = (char)('0' + fd);
    long length = system_call(SYS_readlink, (long)link, (long)text, sizeof text, 0, 0, 0);
    show_text("link", text, length);
    sys_munmap(BASE, PAGE);
    sys_close(fd);
    system_call(SYS_unlink, (long)path, 0, 0, 0, 0, 0);
}

int main(void)
{
    show_process("plain");
    show_process("new\nline");
    show_process("back\\slash");
    show_process("a) R (b\tc");
    show_process("\033[31mred\177\200");
    show_named("/tmp/plain");
    show_named("/tmp/new\nline");
    show_named("/tmp/\nback\\slash\n\n");
    show_named("/tmp/\033[31m red\177\200");
    return 0;
}
