// Pipes between processes: records of several writers stay whole, several readers share, lines of
// processes, readers that go.
// libc: glibc none
#include "handlers.h"

#define WRITERS 4
#define RECORDS 200

static int ends[2], go[2];
static int who;

// A record of at most PIPE_BUF bytes arrives in one piece: its number, its length, and bytes made of both.
static unsigned char record[4096];
static void make_record(int writer, int number)
{
    int units = number % 17 == 0 ? 256 : 1 + (number * 37 + writer * 11) % 30; // of 16 bytes
    memset(record, writer * 50 + number, (size_t)units * 16);
    record[0] = (unsigned char)writer;
    record[1] = (unsigned char)number;
    record[2] = (unsigned char)units; // 256 is 0
}
static long record_length(void)
{
    return record[2] == 0 ? 4096 : record[2] * 16;
}

static int write_records(void)
{
    sys_close(ends[0]);
    sys_close(go[1]);
    hear(go[0]);
    for (int i = 0; i < RECORDS; ++i) {
        make_record(who, i);
        if (sys_write(ends[1], record, (size_t)record_length()) != record_length()) return 1;
    }
    return 0;
}

static int read_whole_record(int descriptor, unsigned char *to, long length)
{
    for (long done = 0; done < length;) {
        long n = sys_read(descriptor, to + done, (size_t)(length - done));
        if (n <= 0) return 0;
        done += n;
    }
    return 1;
}

static void many_writers(void)
{
    long children[WRITERS];
    int next[WRITERS] = {0}, wrong = 0, total = 0;
    make_pipe(ends);
    make_pipe(go);
    for (who = 0; who < WRITERS; ++who) children[who] = start(write_records);
    sys_close(ends[1]);
    sys_close(go[0]);
    sys_close(go[1]); // now
    while (read_whole_record(ends[0], record, 16)) {
        long length = record_length();
        if (!read_whole_record(ends[0], record + 16, length - 16)) ++wrong;
        int writer = record[0], number = record[1];
        if (writer >= WRITERS || number != next[writer % WRITERS]++) ++wrong;
        for (long i = 3; i < length; ++i) wrong += record[i] != (unsigned char)(writer * 50 + number);
        ++total;
    }
    SAY("    %d records, %d wrong", total, wrong);
    for (int i = 0; i < WRITERS; ++i) show_end("    a writer", children[i]);
    sys_close(ends[0]);
}

// Several readers: each byte goes to one of them.
static int count_bytes(void)
{
    unsigned char bytes[777];
    long n, sum = 0, count = 0;
    sys_close(ends[1]);
    sys_close(go[0]);
    while ((n = sys_read(ends[0], bytes, sizeof bytes)) > 0) {
        for (long i = 0; i < n; ++i) sum += bytes[i];
        count += n;
    }
    long both[2] = {count, sum};
    sys_write(go[1], both, sizeof both);
    return 0;
}
static void many_readers(void)
{
    static unsigned char bytes[100000];
    long children[3], both[2], count = 0, sum = 0;
    make_pipe(ends);
    make_pipe(go);
    for (int i = 0; i < 3; ++i) children[i] = start(count_bytes);
    for (size_t i = 0; i < sizeof bytes; ++i) bytes[i] = (unsigned char)(i * 7);
    for (int round = 0; round < 5; ++round) {
        if (sys_write(ends[1], bytes, sizeof bytes) != sizeof bytes) SAY("not all written");
    }
    sys_close(ends[1]);
    for (int i = 0; i < 3; ++i) {
        sys_read(go[0], both, sizeof both);
        count += both[0], sum += both[1];
    }
    SAY("    %ld bytes, sum %ld", count, sum);
    for (int i = 0; i < 3; ++i) show_end("    a reader", children[i]);
}

// A line of processes, each of which adds one to each byte.
static void line_of_processes(void)
{
    static unsigned char bytes[4096];
    int in[2], out[2];
    long children[6];
    make_pipe(in);
    int first = in[1], last = in[0];
    for (int i = 0; i < 6; ++i) {
        make_pipe(out);
        children[i] = sys_fork();
        if (children[i] == 0) {
            sys_close(first);
            sys_close(out[0]);
            long n;
            while ((n = sys_read(last, bytes, 1 + (size_t)i * 700)) > 0) {
                for (long b = 0; b < n; ++b) ++bytes[b];
                if (sys_write(out[1], bytes, (size_t)n) != n) leave(1);
            }
            leave(0);
        }
        sys_close(last);
        sys_close(out[1]);
        last = out[0];
    }
    long source = sys_fork();
    if (source == 0) {
        sys_close(last);
        for (int i = 0; i < 300; ++i) {
            memset(bytes, i, sizeof bytes);
            if (sys_write(first, bytes, 1000) != 1000) leave(1);
        }
        leave(0);
    }
    sys_close(first);
    long total = 0, wrong = 0, n;
    while ((n = sys_read(last, bytes, sizeof bytes)) > 0) {
        for (long b = 0; b < n; ++b) wrong += bytes[b] != (unsigned char)((total + b) / 1000 + 6);
        total += n;
    }
    SAY("    %ld bytes, %ld wrong", total, wrong);
    show_end("    the source", source);
    for (int i = 0; i < 6; ++i) show_end("    a stage", children[i]);
}

// The reader takes a little and goes; the writers learn it each in its own way.
static int write_for_ever(void)
{
    sys_close(ends[0]);
    memset(record, 'y', sizeof record);
    for (;;) {
        long n = sys_write(ends[1], record, sizeof record);
        if (n < 0) return n == -EPIPE ? 9 : 10;
    }
}
static int write_for_ever_ignoring(void)
{
    ignore(SIGPIPE);
    return write_for_ever();
}
static void reader_goes(void)
{
    make_pipe(ends);
    long child = start(write_for_ever), other = start(write_for_ever_ignoring);
    sys_close(ends[1]);
    IS(read_whole_record(ends[0], record, 4096));
    sys_close(ends[0]);
    show_end("    one", child);
    show_end("    one that ignores SIGPIPE", other);
}

int main(void)
{
    SAY("four writers");
    many_writers();
    SAY("three readers");
    many_readers();
    SAY("six in a line");
    line_of_processes();
    SAY("a reader that goes");
    reader_goes();
    return 0;
}
