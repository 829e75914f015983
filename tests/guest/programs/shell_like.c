// What shells do: pipelines of programs, redirections to files, descriptors doubled, SIGPIPE,
// statuses.
// libc: glibc musl
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

// What a stage of a pipeline is: this program again, as a small tool.
static int tool(int argc, char **argv)
{
    int c, previous = '\n';
    long count = 0, limit = argc > 2 ? atol(argv[2]) : 0;
    if (same_text(argv[1], "seq")) {
        for (long i = 1; i <= limit; ++i) printf("%ld\n", i);
        return 0;
    }
    if (same_text(argv[1], "yes")) {
        for (;;) {
            if (puts("y") < 0 || fflush(stdout)) return 3;
        }
    }
    if (same_text(argv[1], "count")) {
        while ((c = getchar()) != EOF) count += c == '\n';
        printf("%ld lines\n", count);
        return 0;
    }
    if (same_text(argv[1], "head")) {
        setvbuf(stdin, NULL, _IONBF, 0); // reads no more than it needs
        while (count < limit && (c = getchar()) != EOF) {
            putchar(c);
            count += c == '\n';
        }
        return 0;
    }
    if (same_text(argv[1], "number")) {
        while ((c = getchar()) != EOF) {
            if (previous == '\n') printf("%ld: ", ++count);
            putchar(previous = c);
        }
        return 0;
    }
    if (same_text(argv[1], "complain")) {
        fprintf(stderr, "an error\n");
        printf("an answer\n");
        return 4;
    }
    return 127;
}

enum { Most = 5 };

static pid_t stage(char *const *arguments, int in, int out, int err)
{
    pid_t child = fork();
    if (child) return child;
    if (in != 0) dup2(in, 0);
    if (out != 1) dup2(out, 1);
    if (err != 2) dup2(err, 2);
    for (int i = 3; i < 20; ++i) close(i);
    execv("/proc/self/exe", arguments);
    _exit(126);
}

static void say_status(const char *what, pid_t child)
{
    int status = -1;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status))
        SAY("    %s: killed by %d", what, WTERMSIG(status));
    else
        SAY("    %s: %d", what, WEXITSTATUS(status));
}

// A pipeline, its output to a file or to ours.
static void pipeline(char *(*stages)[4], int count, int out)
{
    pid_t children[Most];
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    for (int i = 0; i < count; ++i) {
        int ends[2] = {-1, out};
        if (i < count - 1 && pipe2(ends, O_CLOEXEC)) return;
        children[i] = stage(stages[i], in, ends[1], 2);
        close(in);
        if (i < count - 1) close(ends[1]);
        in = ends[0];
    }
    for (int i = 0; i < count; ++i) say_status(stages[i][1], children[i]);
}

static void show_text(const char *path)
{
    char text[256];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    text[n > 0 ? n : 0] = 0;
    SAY("    %s: %s", base_name(path), text);
}

int main(int argc, char **argv)
{
    if (argc > 1) return tool(argc, argv);
    const char *file = "/tmp/shell_like.out", *errors = "/tmp/shell_like.err";
    SAY("seq 1000 | head 3 | number > file");
    int out = open(file, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    pipeline((char *[][4]){{"me", "seq", "1000"}, {"me", "head", "3"}, {"me", "number"}}, 3, out);
    close(out);
    show_text(file);
    SAY("yes | head 2 >> file: the first is killed by SIGPIPE");
    out = open(file, O_APPEND | O_WRONLY | O_CLOEXEC);
    pipeline((char *[][4]){{"me", "yes"}, {"me", "head", "2"}}, 2, out);
    close(out);
    show_text(file);
    SAY("seq 20000 | number | number | count");
    out = open(file, O_TRUNC | O_WRONLY | O_CLOEXEC);
    pipeline((char *[][4]){{"me", "seq", "20000"}, {"me", "number"}, {"me", "number"}, {"me", "count"}}, 4,
             out);
    close(out);
    show_text(file);
    SAY("complain > file 2> errors");
    out = open(file, O_TRUNC | O_WRONLY | O_CLOEXEC);
    int err = open(errors, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    say_status("complain", stage((char *[]){"me", "complain", NULL}, 0, out, err));
    close(out), close(err);
    show_text(file);
    show_text(errors);
    SAY("complain > file 2>&1");
    out = open(file, O_TRUNC | O_WRONLY | O_CLOEXEC);
    say_status("complain", stage((char *[]){"me", "complain", NULL}, 0, out, out));
    close(out);
    show_text(file);
    SAY("count < file");
    int in = open(file, O_RDONLY | O_CLOEXEC);
    out = open(errors, O_TRUNC | O_WRONLY | O_CLOEXEC);
    say_status("count", stage((char *[]){"me", "count", NULL}, in, out, 2));
    close(in), close(out);
    show_text(errors);
    SAY("a program that is not there");
    say_status("nothing", stage((char *[]){"me", "nothing", NULL}, 0, 1, 2));
    unlink(file);
    unlink(errors);
    return 0;
}
