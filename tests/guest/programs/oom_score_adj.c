// /proc/PID/oom_score_adj, oom_adj and oom_score (proc(5)): what can be written, what is read then, who
// inherits it.
// libc: none
#include "children.h"

static char path[64], text[64];

static const char *file_of(const char *name)
{
    struct Line line = {{0}, 0};
    add_text(&line, "/proc/self/");
    add_text(&line, name);
    for (size_t i = 0; i <= line.used; ++i) path[i] = line.text[i];
    return path;
}

static const char *content(const char *name)
{
    long fd = sys_open(file_of(name), O_RDONLY, 0);
    long got = sys_read(fd, text, sizeof text - 1);
    sys_close(fd);
    text[got > 0 ? got - 1 : 0] = 0;
    return text;
}

static void write_to(const char *name, const char *value, size_t size)
{
    long fd = sys_open(file_of(name), O_WRONLY | O_TRUNC, 0);
    long result = sys_write(fd, value, size);
    struct Line line = {{0}, 0};
    for (size_t i = 0; i < size; ++i) add_char(&line, value[i] == '\n' ? '|' : value[i] ? value[i] : '$');
    if (failed(result))
        SAY("  %s to %s: %s", line.text, name, errno_name(-result));
    else
        SAY("  %s to %s: %ld", line.text, name, result);
    sys_close(fd);
    SAY("    oom_score_adj %s", content("oom_score_adj"));
    SAY("    oom_adj %s", content("oom_adj"));
}
#define WRITE(name, value) write_to(name, value, sizeof value - 1)

static long number(const char *name)
{
    long value = 0;
    for (const char *at = content(name); *at >= '0' && *at <= '9'; ++at) value = value * 10 + *at - '0';
    return value;
}

static int child(void)
{
    SAY("    it has %s", content("oom_score_adj"));
    WRITE("oom_score_adj", "5");
    return 0;
}

int main(void)
{
    WRITE("oom_score_adj", "0");
    WRITE("oom_score_adj", "17\n");
    WRITE("oom_score_adj", " \t-300 \n");
    WRITE("oom_score_adj", "+8");
    WRITE("oom_score_adj", "0x10");
    WRITE("oom_score_adj", "0X1f");
    WRITE("oom_score_adj", "010");
    WRITE("oom_score_adj", "08");
    WRITE("oom_score_adj", "0x");
    WRITE("oom_score_adj", "-");
    WRITE("oom_score_adj", "");
    WRITE("oom_score_adj", "\n");
    WRITE("oom_score_adj", "12a");
    WRITE("oom_score_adj", "1 2");
    WRITE("oom_score_adj", "--3");
    WRITE("oom_score_adj", "-0");
    WRITE("oom_score_adj", "1000");
    WRITE("oom_score_adj", "1001");
    WRITE("oom_score_adj", "-1000");
    WRITE("oom_score_adj", "-1001");
    WRITE("oom_score_adj", "2147483647");
    WRITE("oom_score_adj", "2147483648");
    WRITE("oom_score_adj", "-2147483649");
    WRITE("oom_score_adj", "999999999999");
    WRITE("oom_score_adj", "00000000012 and more");
    WRITE("oom_score_adj", "000000000013");
    WRITE("oom_score_adj", "0000000000144");
    WRITE("oom_score_adj", "999");
    write_to("oom_score_adj", "998", 4); // with the zero behind it
    WRITE("oom_score_adj", "18\0");
    WRITE("oom_score_adj", "19 \0more");
    WRITE("oom_score_adj", "\0");
    WRITE("oom_adj", "15");
    WRITE("oom_adj", "16");
    WRITE("oom_adj", "14");
    WRITE("oom_adj", "1");
    WRITE("oom_adj", "-1");
    WRITE("oom_adj", "-16");
    WRITE("oom_adj", "-17");
    WRITE("oom_adj", "-18");
    SAY("the score");
    IS(number("oom_score") == 0);
    WRITE("oom_score_adj", "0");
    long usual = number("oom_score");
    IS(usual >= 666 && usual < 680);
    WRITE("oom_score_adj", "300");
    IS(number("oom_score") >= usual + 195 && number("oom_score") <= usual + 200);
    SAY("a child");
    show_end("    it", start(child));
    SAY("    the parent has %s", content("oom_score_adj"));
    SAY("what cannot be written");
    long fd = sys_open("/proc/self/oom_score_adj", O_WRONLY, 0);
    SHOW(sys_write(fd, (void *)0x1000, 1));
    sys_close(fd);
    fd = sys_open("/proc/self/oom_score", O_WRONLY, 0);
    SAY("    oom_score can%s be opened for writing", failed(fd) ? "not" : "");
    return 0;
}
