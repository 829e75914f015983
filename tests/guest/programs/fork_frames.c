// fork(2) and frames: one frame until somebody writes; the last owner writes in place; faults counted.
// libc: none
// room: 4
#include "areas.h"
#include "children.h"
#include "usage.h"

#define PAGES 16

static int go[2], done[2];
static struct Shared {
    unsigned long frames[PAGES];
    long faults;
} * shared; // what the child tells

static void note_frames(const char *mine)
{
    for (int i = 0; i < PAGES; ++i) shared->frames[i] = frame_of(mine + i * PAGE);
}
static int same_frames(const char *mine)
{
    int same = 0;
    for (int i = 0; i < PAGES; ++i) same += frame_of(mine + i * PAGE) == shared->frames[i];
    return same;
}
static void write_all(char *mine)
{
    for (int i = 0; i < PAGES; ++i) mine[i * PAGE] = 'c';
}
static void read_all(const char *mine)
{
    for (int i = 0; i < PAGES; ++i) (void)peek(mine + i * PAGE);
}

int main(void)
{
    make_pipe(go);
    make_pipe(done);
    shared = (struct Shared *)(BASE + GIB);
    sys_mmap(shared, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    char *mine = map_at(BASE, PAGES * PAGE, PROT_READ | PROT_WRITE);
    memset(mine, 'm', PAGES * PAGE);
    shared->faults = 0;
    WARM_UP();

    unsigned long before[PAGES];
    for (int i = 0; i < PAGES; ++i) before[i] = frame_of(mine + i * PAGE);
    long child = sys_fork();
    if (child == 0) {
        WARM_UP();
        note_frames(mine);
        tell(done[1]);
        hear(go[0]);
        WARM_UP();
        long faults = minor_faults();
        read_all(mine);
        long reading = minor_faults() - faults;
        faults = minor_faults();
        for (int i = 0; i < PAGES / 2; ++i) mine[i * PAGE] = 'c';
        shared->faults = minor_faults() - faults;
        note_frames(mine);
        tell(done[1]);
        hear(go[0]);
        leave(reading);
    }
    hear(done[0]);
    WARM_UP();
    SAY("%d of %d pages have the same frame in both", same_frames(mine), PAGES);
    tell(go[1]);
    hear(done[0]);
    SAY("%d after the child wrote to half of them, with %ld faults", same_frames(mine), shared->faults);
    int kept = 0;
    for (int i = 0; i < PAGES; ++i) kept += frame_of(mine + i * PAGE) == before[i];
    SAY("the parent's frames are those of before: %d", kept);
    tell(go[1]);
    show_end("the child, with its faults when reading", child);

    // Alone again: no copies, but a fault each, as its entries are still read-only. Those the child had
    // copied as well.
    SHOW_FAULTS(write_all(mine));
    kept = 0;
    for (int i = 0; i < PAGES; ++i) kept += frame_of(mine + i * PAGE) == before[i];
    SAY("the parent's frames are those of before: %d", kept);
    SHOW_FAULTS(write_all(mine));

    SAY("the parent writes first");
    child = sys_fork();
    if (child == 0) {
        hear(go[0]);
        WARM_UP();
        long faults = minor_faults();
        write_all(mine);
        shared->faults = minor_faults() - faults;
        int same = 0;
        for (int i = 0; i < PAGES; ++i) same += frame_of(mine + i * PAGE) == before[i];
        leave(same);
    }
    SHOW_FAULTS(write_all(mine));
    kept = 0;
    for (int i = 0; i < PAGES; ++i) kept += frame_of(mine + i * PAGE) == before[i];
    SAY("the parent's frames are those of before: %d", kept);
    tell(go[1]);
    show_end("the child keeps so many", child);
    SAY("with %ld faults", shared->faults);

    SAY("shared pages");
    sys_mmap(mine, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    memset(mine, 's', PAGES * PAGE);
    note_frames(mine);
    child = sys_fork();
    if (child == 0) {
        write_all(mine);
        leave(same_frames(mine));
    }
    show_end("the child has the same frames", child);
    IS(same_frames(mine) == PAGES);
    SHOW_FAULTS(write_all(mine));
    return 0;
}
