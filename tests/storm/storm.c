// Random system calls, numbers and arguments drawn from what a hostile program would try. Memory calls come
// most often, on a playground of its own, whose pages are touched in between. What must survive (text, data,
// stack) is kept out of the calls that take memory away; everything else may happen.
//
//   storm SEED CALLS [greedy]
//
// It takes care not to use up the machine's memory, unless it is `greedy`: then out of memory may kill it.
//
// It forks, too: its children make small storms of their own, in which they may die (children.h).
//
// Status 0 after CALLS calls; 2 when the kernel changed what it must not (registers, the canary, vector
// registers).
#include "children.h"

PROGRAM_START

// Its name in uname(2): on another kernel, root's random mount(2) or reboot(2) would be no test.
static int is_vitrine(void)
{
    static char name[6 * 65];
    if (call1(SysUname, name) != 0) return 0;
    for (size_t i = 0; i + 6 < sizeof name; i++) {
        const char *at = name + i, *want = "itrine";
        size_t same = 0;
        while (want[same] && at[same] == want[same]) same++;
        if (!want[same]) return 1;
    }
    return 0;
}

#define PAGE 4096ul
#define MODEST (1ul << 20) // bytes that one call may make present, unless greedy
#define USER_END 0x7ffffffff000ul
#define PLAYGROUND 0x100000000000ul // where fixed mappings go, 256 pages
#define PLAYGROUND_PAGES 256ul

extern char __executable_start[], _end[];

static u64 stack_low, stack_high; // what is used of the stack, with room around
static u64 mapped[16];            // what mmap and mremap gave last
static char scratch[3 * PAGE] __attribute__((aligned(4096)));
static u64 canary[512] __attribute__((aligned(4096)));
static u64 short_time[2] = {0, 50000}; // a timespec
static u64 segments[8 * 2];
static u64 null_descriptor;
static int greedy;

static const char *const paths[] = {
    "/",
    ".",
    "",
    "/proc",
    "/proc/self",
    "/proc/self/maps",
    "/proc/self/smaps",
    "/proc/self/status",
    "/proc/self/statm",
    "/proc/self/pagemap",
    "/proc/self/exe",
    "/proc/self/fd",
    "/proc/self/fd/0",
    "/proc/self/cwd",
    "/proc/meminfo",
    "/proc/swaps",
    "/proc/vmstat",
    "/proc/memory_events",
    "/proc/self/oom_score",
    "/proc/self/stat",
    "/proc/self/mem",
    "/proc/1/maps",
    "/proc/3/status",
    "/proc/1/status",
    "/proc/1/stat",
    "/proc/3/pagemap",
    "/proc/3/fd",
    "/proc/3/exe",
    "/proc/999/maps",
    "/dev/null",
    "/dev/zero",
    "/dev/urandom",
    "/dev/full",
    "/dev",
    "/boot/options",
    "/proc/self/maps/x",
    "//proc//self/../1/.",
    "/proc/self/fd/3",
    "/proc/self/auxv",
    "/proc/self/cmdline",
    "/proc/self/environ",
    "/proc/cpuinfo",
    "/proc/uptime",
    "/proc/self/task",
    "/proc/self/limits",
    "/proc/loadavg",
    "/proc/stat",
    "/proc/vmstat",
    "/proc/version",
    "/tmp",
    "/tmp/x",
    "/tmp/y",
    "/tmp/d",
    "/tmp/d/x",
    "/tmp/d/../x",
    "/dev/shm/x",
    "/proc/self/fd/5",
    "/proc/self/task",
    "/proc/1/stat",
    "x",
};
#define PATHS (sizeof paths / sizeof *paths)

static int overlaps(u64 address, u64 length, u64 begin, u64 end)
{
    u64 last = address + length;
    if (last < address) last = ~0ul;
    return address < end && last > begin;
}

// Whether losing [address, address + length) would end the storm itself.
static int is_needed(u64 address, u64 length)
{
    if (length > 1ul << 62) return 1; // nearly everything, or around the end of all addresses
    length += 2 * PAGE;
    address = address < PAGE ? 0 : address - PAGE;
    return overlaps(address, length, (u64)__executable_start, (u64)_end + PAGE) ||
           overlaps(address, length, stack_low, stack_high);
}

static u64 some_length(void)
{
    switch (below(16)) {
    case 0:
        return 0;
    case 1:
        return below(PAGE);
    case 2:
        return below(64) * PAGE + below(PAGE);
    case 3:
        return next_random() >> below(64);
    case 4:
        return (u64)-1 - below(2 * PAGE);
    case 5:
        return 1ul << below(48);
    case 6:
        return USER_END - below(3) * PAGE;
    default:
        return (1 + below(one_in(4) ? 128 : 12)) * PAGE;
    }
}

static u64 some_address(void)
{
    switch (below(24)) {
    case 0:
        return 0;
    case 1:
        return below(PAGE);
    case 2:
        return 0xffff800000000000 + below(1 << 20);
    case 3:
        return 0xffffffff80100000 + below(1 << 20);
    case 4:
        return 0x800000000000 + below(PAGE);
    case 5:
        return USER_END - below(3) * PAGE - below(16);
    case 6:
        return next_random() >> below(64);
    case 7:
        return (u64)scratch + PAGE - below(64);
    case 8:
        return (u64)scratch + below(sizeof scratch);
    case 9:
        return (u64)scratch;
    case 10:
        return (u64)paths[below(PATHS)];
    case 11:
        return 0x7fff00000000 + below(1 << 16) * PAGE;
    case 12:
    case 13:
    case 14:
    case 15:
        return mapped[below(16)] + below(8) * PAGE + (one_in(4) ? below(PAGE) : 0);
    default:
        return PLAYGROUND + below(PLAYGROUND_PAGES) * PAGE + (one_in(8) ? below(PAGE) : 0);
    }
}

// Where the kernel may write: not over what the storm needs, but for the scratch pages.
static u64 some_buffer(void)
{
    for (;;) {
        u64 address = some_address();
        if (address >= (u64)scratch && address < (u64)scratch + sizeof scratch)
            return (u64)scratch + below(8);
        if (!is_needed(address, 1 << 20)) return address;
    }
}

static u64 buffer_length(u64 buffer)
{
    u64 in_scratch = (u64)scratch + sizeof scratch - buffer;
    if (buffer >= (u64)scratch && in_scratch <= sizeof scratch) return below(in_scratch + 1);
    if (one_in(200)) return greedy ? some_length() : below(MODEST);
    return below(one_in(4) ? 64 * PAGE : 300);
}

static u64 some_descriptor(void)
{
    if (one_in(10)) return next_random() >> below(64);
    return below(3) == 0 ? below(3) : 3 + below(12);
}

static u64 some_flags(void)
{
    switch (below(4)) {
    case 0:
        return below(16);
    case 1:
        return 1ul << below(64);
    case 2:
        return (1ul << below(32)) | (1ul << below(32));
    default:
        return next_random() >> below(64);
    }
}

static u64 any_value(void)
{
    switch (below(5)) {
    case 0:
        return some_buffer();
    case 1:
        return some_length();
    case 2:
        return some_descriptor();
    case 3:
        return some_flags();
    default:
        return (u64)paths[below(PATHS)];
    }
}

// Not a place that a call could take for a buffer and fill although the storm needs it.
static u64 some_value(void)
{
    for (;;) {
        u64 value = any_value();
        if (!is_needed(value, 1 << 20) || (value >= (u64)paths[0] && value < (u64)_end)) return value;
    }
}

static void touch(u64 address)
{
    address &= ~(PAGE - 1);
    if (is_needed(address, 1)) return;
    // Whether it can be written, without dying of it: the kernel's copy says so.
    if (call3(318 /* getrandom */, address, 1, 0) != 1) return;
    if (one_in(2)) call3(SysMadvise, address, PAGE, 4 /* DONTNEED */);
    if (one_in(2)) (void)*(volatile char *)address;
    if (one_in(2)) *(volatile u64 *)(address + 8 * below(512)) = next_random();
}

static long memory_call(void)
{
    u64 address = some_address() & (one_in(16) ? ~0ul : ~(PAGE - 1)), length = some_length();
    int needed = is_needed(address, length);
    static const unsigned char advices[] = {0,  1,  2,  3,  4,  4,  4,  8,  8,  9,   10,
                                            11, 12, 14, 15, 20, 21, 22, 23, 24, 100, 255};
    switch (below(20)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: {
        static const unsigned char types[] = {1, 2, 2, 2, 2, 3, 0, 15};
        u64 flags = types[below(sizeof types)];
        if (!one_in(5)) flags |= 0x20;
        if (below(3)) flags |= needed ? 0x100000 : 0x10;
        if (one_in(8)) flags |= 0x100;
        if (one_in(6)) flags |= 0x4000;
        if (one_in(12)) flags |= 0x8000;
        if (one_in(20)) flags |= 0x2000;
        if (one_in(30) && (greedy || length < MODEST)) flags |= some_flags() & ~(needed ? 0x10ul : 0ul);
        u64 protection = one_in(40) ? some_flags() : one_in(3) ? below(8) : 3;
        u64 offset = one_in(2) ? 0 : one_in(2) ? below(16) * PAGE : some_length();
        if (needed && (flags & 0x10) && !(flags & 0x100000)) flags |= 0x100000;
        if (!greedy && length > MODEST) flags &= ~0xa000ul;
        long result = call6(SysMmap, address, length, protection, flags, some_descriptor(), offset);
        if (result > 0) mapped[below(16)] = (u64)result;
        return result;
    }
    case 5:
    case 6:
    case 7:
        return needed ? 0 : call2(SysMunmap, address, length);
    case 8:
    case 9:
    case 10:
        return needed ? 0 : call3(SysMprotect, address, length, one_in(40) ? some_flags() : below(8));
    case 11:
    case 12:
    case 13: {
        u64 target = some_address() & ~(PAGE - 1), new_length = one_in(3) ? length : some_length();
        u64 flags = one_in(20) ? some_flags() : below(8);
        if (needed || ((flags & 2) && is_needed(target, new_length))) return 0;
        long result = call6(SysMremap, address, length, new_length, flags, target, 0);
        if (result > 0) mapped[below(16)] = (u64)result;
        return result;
    }
    case 14:
    case 15: {
        int advice = advices[below(sizeof advices)];
        if (!greedy && (advice == 22 || advice == 23) && length > MODEST) length &= MODEST - 1;
        return needed ? 0 : call3(SysMadvise, address, length, advice);
    }
    case 16: {
        u64 vector = some_buffer();
        if (is_needed(vector, length / PAGE + 1)) return 0;
        return call3(27 /* mincore */, address, length, vector);
    }
    case 17:
        return call3(26 /* msync */, address, length, below(9));
    case 18:
        switch (below(5)) {
        case 0:
            return call2(SysMlock, address, length & 0xfffff);
        case 1:
            return call2(150 /* munlock */, address, length);
        case 2:
            return call3(325 /* mlock2 */, address, length & 0xfffff, below(3));
        case 3:
            if (greedy || one_in(50)) call1(151 /* mlockall */, greedy ? below(9) : 4 + below(4));
            return call0(SysMunlockall);
        default:
            return call0(SysMunlockall);
        }
    default: {
        long now = call1(SysBrk, 0);
        return call1(SysBrk, one_in(4)   ? some_address()
                             : one_in(2) ? (u64)now + below(64 * PAGE)
                                         : (u64)now - below(32 * PAGE));
    }
    }
}

static u64 some_descriptor_to_write(u64 *length)
{
    if (one_in(2)) return null_descriptor;
    u64 descriptor = some_descriptor();
    *length = descriptor == 1 || descriptor == 2 ? 0 : *length & 0xff;
    return descriptor;
}

// Without waiting for the other end of a pipe opened through /proc.
static u64 some_open_flags(void)
{
    static const unsigned flags[] = {0, 0, 1, 2, 0100, 0102, 0302, 02101, 01002, 0200000, 020200002};
    return 04000 | (one_in(3) ? some_flags() : flags[below(sizeof flags / sizeof *flags)]);
}

static long file_call(void)
{
    u64 path = one_in(4) ? some_address() : (u64)paths[below(PATHS)], buffer = some_buffer();
    u64 length = buffer_length(buffer), descriptor = some_descriptor();
    u64 directory = one_in(2) ? (u64)-100 : descriptor;
    switch (below(16)) {
    case 0:
    case 1:
    case 2:
        return call3(SysOpen, path, some_open_flags(), below(01000));
    case 3:
        return call6(257, directory, path, some_open_flags(), below(01000), 0, 0);
    case 4:
    case 5:
        return call3(SysRead, descriptor, buffer, length);
    case 6:
        return call6(17, descriptor, buffer, length, one_in(3) ? some_length() : below(4096), 0, 0);
    case 7: {
        u64 target = some_descriptor_to_write(&length);
        return call3(SysWrite, target, some_address(), length);
    }
    case 8:
        if (descriptor < 3 || descriptor == null_descriptor) return 0;
        return call1(SysClose, descriptor);
    case 9:
        return call3(217 /* getdents64 */, descriptor, buffer, length);
    case 10:
        return call3(8 /* lseek */, descriptor, one_in(2) ? below(10000) : some_length(), below(7));
    case 11:
        return call6(262 /* newfstatat */, directory, path, buffer, one_in(2) ? 0 : some_flags(), 0, 0);
    case 12:
        return call3(89 /* readlink */, path, buffer, length);
    case 13:
        return call3(one_in(2) ? 80 : 21, path, below(9), 0);
    case 14: {
        int writes = one_in(2);
        for (int i = 0; i < 8; i++) {
            segments[2 * i] = some_buffer();
            segments[2 * i + 1] = buffer_length(segments[2 * i]);
        }
        u64 vector = one_in(5) ? some_address() : (u64)segments;
        u64 count = one_in(10) ? some_length() : below(9);
        return call3(writes ? 20 : 19, writes ? null_descriptor : descriptor, vector, count);
    }
    default:
        descriptor = 3 + below(12);
        if (one_in(2)) return call1(32 /* dup */, descriptor);
        return call2(33 /* dup2 */, descriptor, one_in(20) ? 3000 : 3 + below(12) + (null_descriptor < 15));
    }
}

// Not standard output.
static u64 some_descriptor_to_fill(void)
{
    return one_in(2) ? null_descriptor : 3 + below(12);
}

static long any_call(void)
{
    u64 number = one_in(30) ? 56 : below(461), a = some_value(), b = some_value(), c = some_value(),
        d = some_value(), e = some_value();
    switch (number) {
    case SysExit:
    case 60:
    case 34:  // pause
    case 130: // rt_sigsuspend
    case 169: // reboot
    case 47:
    case 45:
        return 0;
    case SysMmap:
    case SysMunmap:
    case SysMprotect:
    case SysMremap:
    case SysMadvise:
    case 27:
    case 216: // remap_file_pages
        return memory_call();
    case 295:
    case 310:
    case 327:
    case SysRead:
    case SysWrite:
    case 17:
    case 18:
    case 19:
    case 20:
    case 296:
    case 328:
    case 3:
    case 33:
    case 292:
        return file_call();
    case 436: // close_range
        b = 3 + below(12);
        c = b + below(3);
        if (b <= null_descriptor && null_descriptor <= c) return 0;
        return call3(436, b, c, one_in(4) ? some_flags() : below(8));
    case 35:
        return call2(35, one_in(2) ? (u64)short_time : some_address() | 1ul << 63, b);
    case 230:
        // (Clock 2, the time that the process has used, stands still while it sleeps.)
        if ((a = below(20)) == 2) return 0;
        return call6(230, a, 0, one_in(2) ? (u64)short_time : some_address() | 1ul << 63, b, 0, 0);
    case 202: {
        u64 word = one_in(4) ? some_address() : (u64)scratch + 4 * below(64);
        u64 operation = below(14) | (one_in(2) ? 128 : 0) | (one_in(4) ? 256 : 0);
        return call6(202, word, operation, below(2), one_in(4) ? some_address() | 1ul << 63 : (u64)short_time,
                     some_buffer(), below(3));
    }
    case 59:
        return call3(59, is_child ? (u64)paths[below(PATHS)] : 0, is_child && one_in(2) ? 0 : b, c);
    case 322:
        return call6(322, a, is_child ? (u64)paths[below(PATHS)] : 0, c, d, e, 0);
    case 56:
    case 57:
    case 58:
    case 435:
        return random_fork(a | some_flags(), some_buffer(), some_buffer());
    case 15: // rt_sigreturn: whatever is on the stack
        return is_child ? call0(15) : 0;
    case 13: // A signal that comes must not have a handler at a random place.
        if (!is_child && (a % 70 == 13 || a % 70 == 17 || a % 70 == 23 || a % 70 == 25 || a % 70 == 28))
            return 0;
        return call6(13, a % 70, one_in(2) ? 0 : some_address(), b, one_in(8) ? some_length() : 8, 0, 0);
    // What would wait for ever is told not to.
    case SysWait4:
        return call6(SysWait4, one_in(2) ? (u64)-1 : (u64)children[below(8)], b, c | NoHang, d, 0, 0);
    case 247:
        return call6(247, below(5), one_in(2) ? b : (u64)children[below(8)], c,
                     one_in(2) ? 4 | NoHang : d | NoHang, e, 0);
    case 22:
    case 293:
        return call2(293, a, one_in(4) ? b | 04000 : 04000);
    case 72:
        b = one_in(3) ? 1024 + below(16) : below(40);
        return call3(72, some_descriptor(), b == 7 || b == 38 ? b - 1 : b, b == 4 ? c | 04000 : c);
    case 73:
        return call2(73, some_descriptor(), below(16) | 4);
    case 128:
        return call6(128, a, b, (u64)short_time, one_in(8) ? d : 8, 0, 0);
    case 133:
        return call3(133, a, b & ~010000ul, c);
    case 259:
        return call6(259, a, b, c & ~010000ul, d, 0, 0);
    case 7:
        return call3(7, a, below(20), below(2));
    case 271:
        return call6(271, a, below(20), (u64)short_time, one_in(2) ? 0 : some_address(), 8, 0);
    case 23:
        return call6(23, below(1100), a, b, c, (u64)short_time, 0);
    case 270:
        return call6(270, below(1100), a, b, c, (u64)short_time, one_in(2) ? 0 : some_address());
    // What would take for ever, or all memory, is less.
    case 40:
        return call6(40, some_descriptor_to_fill(), some_descriptor(), one_in(2) ? 0 : c, d & 0xfffff, 0, 0);
    case 326:
        return call6(326, some_descriptor(), b, some_descriptor_to_fill(), d, e & 0xfffff, 0);
    case 285:
        return call6(285, some_descriptor(), below(8), c, greedy ? d : d & (MODEST - 1), 0, 0);
    case 62:
    case 200: // only what is ignored, or blocked: to oneself or to nobody; anything to a child
        if (!is_child && one_in(3) && children[number % 8] > 0)
            return call2(number, (u64)children[number % 8], below(66));
        return call2(number, one_in(2) ? (u64)call0(SysGetpid) : 100000 + below(1000),
                     one_in(2)   ? 17
                     : one_in(2) ? 0
                                 : 65 + below(1000));
    case 234:
        return call3(234, call0(SysGetpid), call0(SysGetpid), one_in(2) ? 23 : 28);
    case 129:
    case 297:
    case 424:
    case 37:
    case 38:
    case 223: // a timer's signal
        if (!is_child) return 0;
        return call6((long)number, a, b, c, d, e, some_value());
    case 14:
        return call6(14, below(4), one_in(2) ? 0 : some_address(), b, one_in(8) ? some_length() : 8, 0, 0);
    case 160: // (RLIMIT_CPU would end the storm.)
        if (!one_in(20)) return 0;
        return call2(160, 1 + below(20), some_address());
    case 302: {
        u64 limit = one_in(20) ? some_address() : 0;
        return call6(302, one_in(3) ? 1 + below(4) : 0, 1 + below(20), limit, b, 0, 0);
    }
    case 318: {
        u64 buffer = some_buffer();
        return call3(318, buffer, buffer_length(buffer), below(9));
    }
    case 232:
    case 281:
    case 441:
        return 0; // epoll_wait: would wait
    default:
        return call6((long)number, a, b, c, d, e, some_value());
    }
}

// Vector registers and the general ones that a call must keep, across whatever `call` does.
static u64 vectors[4 * 4], vectors_after[4 * 4];

static void load_vectors(void)
{
    for (int i = 0; i < 16; i++) vectors[i] = next_random();
    asm volatile("vmovdqu (%0), %%ymm0\n vmovdqu 32(%0), %%ymm7\n vmovdqu 64(%0), %%ymm8\n vmovdqu 96(%0), "
                 "%%ymm15\n" ::"r"(vectors)
                 : "memory");
}

static int vectors_kept(void)
{
    asm volatile("vmovdqu %%ymm0, (%0)\n vmovdqu %%ymm7, 32(%0)\n vmovdqu %%ymm8, 64(%0)\n vmovdqu %%ymm15, "
                 "96(%0)\n" ::"r"(vectors_after)
                 : "memory");
    for (int i = 0; i < 16; i++)
        if (vectors[i] != vectors_after[i]) return 0;
    return 1;
}

static int canary_sings(u64 seed)
{
    for (u64 i = 0; i < 512; i++)
        if (canary[i] != (seed ^ i * 0x9e3779b97f4a7c15)) return 0;
    return 1;
}

static void fail(const char *what, u64 seed, u64 calls)
{
    say("storm: ");
    say(what);
    say(", seed ");
    say_number(seed);
    say(" call ");
    say_number(calls);
    say("\n");
    leave(2);
}

// One call, and a look at what it must have left as it was.
static void one_call(u64 seed, u64 i, u64 *succeeded)
{
    load_vectors();
    u64 kind = below(20);
    long result = kind < 12 ? memory_call() : kind < 16 ? file_call() : any_call();
    *succeeded += result >= 0;
    if (!vectors_kept()) fail("vector registers changed", seed, i);
    if (one_in(2)) touch(mapped[below(16)] + below(8) * PAGE);
    if (one_in(3)) touch(PLAYGROUND + below(PLAYGROUND_PAGES) * PAGE);
    if (i % 64 == 0 && !canary_sings(seed)) fail("memory changed", seed, i);
}

static void child_storm(void)
{
    u64 seed = next_random(), succeeded = 0, count = below(300);
    random_state = seed | 1;
    for (u64 i = 0; i < 512; i++) canary[i] = seed ^ i * 0x9e3779b97f4a7c15;
    for (u64 i = 0; i < count; i++) one_call(seed, i, &succeeded);
}

int run(int argc, char **argv)
{
    if (argc < 3) return 1;
    if (!is_vitrine()) {
        say("storm: only for Vitrine: on another kernel root's random calls do damage\n");
        return 3;
    }
    u64 seed = parse_number(argv[1]), calls = parse_number(argv[2]);
    greedy = argc > 3;
    random_state = seed * 0x9e3779b97f4a7c15 + 1;
    u64 here = (u64)__builtin_frame_address(0);
    stack_low = (here & ~(PAGE - 1)) - 16 * PAGE;
    stack_high = USER_END;
    for (volatile char *page = (char *)stack_low; page < (char *)here; page += PAGE) *page = 0;
    for (u64 i = 0; i < 512; i++) canary[i] = seed ^ i * 0x9e3779b97f4a7c15;
    null_descriptor = (u64)call3(SysOpen, "/dev/null", 2, 0);
    u64 all = ~0ul >> 1 & ~(0xful << 3); // block everything that can be, so that a stray signal waits
    call6(14, 2, (u64)&all, 0, 8, 0, 0);
    u64 ignored[4] = {1, 0, 0, 0}; // SIG_IGN: pipes whose reader is gone, files that have a limit
    call6(13, 13, (u64)ignored, 0, 8, 0, 0);
    call6(13, 25, (u64)ignored, 0, 8, 0, 0);
    u64 succeeded = 0;
    for (u64 i = 0; i < calls; i++) {
        one_call(seed, i, &succeeded);
        // Now and then all is given back: otherwise big mappings would soon leave nothing to ask for.
        if (one_in(200)) call2(SysMunmap, 0x10000000000, stack_low - 0x10000000000);
    }
    end_children();
    say("storm: ");
    say_number(calls);
    say(" calls, ");
    say_number(succeeded);
    say(" succeeded\n");
    return 0;
}
