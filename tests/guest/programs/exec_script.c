// execve(2) of scripts: `#!` lines of every form, what the interpreter gets, scripts that name scripts, and
// programs that are being written.
// libc: none
#include "children.h"
#include "files.h"

static char *const nothing[] = {NULL};

static void make_script(const char *path, const char *text, long mode)
{
    sys_unlink(path);
    long fd = sys_open(path, O_CREAT | O_WRONLY, mode);
    if (fd < 0 || sys_write(fd, text, length_of(text)) < 0) SAY("cannot write %s", path);
    sys_close(fd);
}

static void run(const char *path)
{
    long child = sys_fork();
    if (child == 0) {
        char *arguments[] = {"its own name", "one", "two words", NULL};
        long result = sys_execve(path, arguments, nothing);
        SAY("    execve: %s", errno_name(-result));
        leave(1);
    }
    show_end("    it", child);
}

static void try(const char *what, const char *text)
{
    SAY("%s", what);
    make_script("script", text, 0755);
    run("script");
}

static void copy_self(const char *path)
{
    static char bytes[1 << 16];
    long from = sys_open("/proc/self/exe", O_RDONLY, 0), to = sys_open(path, O_CREAT | O_WRONLY, 0755), n;
    while ((n = sys_read(from, bytes, sizeof bytes)) > 0) sys_write(to, bytes, (size_t)n);
    sys_close(from);
    sys_close(to);
}

static int wait_for_word(void)
{
    char byte;
    tell(4);
    return sys_read(0, &byte, 1) == 1 ? 0 : 1;
}

// A program that runs is not written, and one that is written does not run.
static void busy(void)
{
    int in[2], out[2];
    copy_self("program");
    long fd = sys_open("program", O_WRONLY, 0);
    SHOW(sys_execve("program", nothing, nothing));
    sys_close(fd);
    make_pipe(in);
    make_pipe(out);
    long child = sys_fork();
    if (child == 0) {
        char *arguments[] = {"wait", "wait", NULL};
        sys_dup2(in[0], 0);
        sys_dup2(out[1], 4);
        sys_execve("program", arguments, nothing);
        leave(1);
    }
    sys_close(out[1]);
    hear(out[0]);
    SHOW(sys_open("program", O_WRONLY, 0));
    SHOW(sys_open("program", O_RDWR, 0));
    SHOW(sys_open("program", O_RDONLY | O_TRUNC, 0));
    SHOW(sys_truncate("program", 0));
    SHOW(sys_rename("program", "renamed"));
    SHOW(sys_unlink("renamed"));
    tell(in[1]);
    show_end("    it", child);
    copy_self("program");
    long first = sys_fork();
    if (first == 0) sys_execve("program", (char *[]){"a", "b", "c", "d", NULL}, nothing), leave(1);
    show_end("    it", first);
    SHOW(sys_close((int)sys_open("program", O_WRONLY, 0)));
}

int main(int argc, char **argv)
{
    if (argc == 2 && same_text(argv[1], "wait")) return wait_for_word();
    if (argc > 1) {
        for (int i = 1; i < argc; ++i) SAY("    argument %d: \"%s\"", i, argv[i]);
        return argc;
    }
    enter_place("/tmp/exec_script");
    copy_self("me");
    try("an interpreter", "#!/tmp/exec_script/me\nand more\n");
    try("with an argument", "#!/tmp/exec_script/me -x\n");
    try("an argument with spaces", "#!  /tmp/exec_script/me \t  -x  -y z  \t \n");
    try("a relative one", "#! ./me\n");
    try("no end of the line", "#!/tmp/exec_script/me");
    try("a zero in the line", "#!/tmp/exec_script/me arg");
    try("nothing behind it", "#!\n");
    try("only spaces", "#!   \t \n");
    try("no such interpreter", "#!/no/such/interpreter\n");
    try("a directory", "#!/tmp\n");
    try("a carriage return", "#!/tmp/exec_script/me\r\n");
    try("a space first", " #!/tmp/exec_script/me\n");
    try("no first line", "echo hello\n");
    char line[400] = "#!/tmp/exec_script/me ";
    for (size_t i = length_of(line); i < 300; ++i) line[i] = (char)('a' + i % 26);
    line[255] = '\n', line[256] = 0;
    try("a line of 256 bytes", line);
    line[255] = 'v', line[299] = '\n', line[300] = 0;
    try("a line of 300 bytes", line);
    for (size_t i = 2; i < 300; ++i) line[i] = '/';
    try("a name that does not end in 256 bytes", line);

    SAY("not executable");
    make_script("script", "#!/tmp/exec_script/me\n", 0644);
    run("script");
    make_script("script", "#!/tmp/exec_script/script1 0\n", 0755);
    char name[] = "script1", text[] = "#!/tmp/exec_script/script2 1\n";
    for (int i = 1; i <= 6; ++i) {
        name[6] = (char)('0' + i);
        text[25] = (char)('1' + i), text[27] = (char)('0' + i);
        make_script(name, i == 5 ? "#!/tmp/exec_script/me last\n" : text, 0755);
    }
    SAY("four scripts before the program");
    run("script2");
    SAY("five");
    run("script1");
    SAY("six");
    run("script");
    SAY("a script that names itself");
    make_script("script", "#!/tmp/exec_script/script\n", 0755);
    run("script");
    SAY("through a link");
    make_script("script", "#!/tmp/exec_script/link arg\n", 0755);
    SHOW(sys_symlink("me", "link"));
    SHOW(sys_symlink("script", "link2"));
    run("link2");
    SAY("busy");
    busy();
    static const char *const removed[] = {"me",      "script",  "script1", "script2", "script3", "script4",
                                          "script5", "script6", "link",    "link2",   "program"};
    for (size_t i = 0; i < sizeof removed / sizeof *removed; ++i) sys_unlink(removed[i]);
    leave_place("/tmp/exec_script");
    return 0;
}
