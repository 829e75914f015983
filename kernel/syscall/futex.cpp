// futex: sleeping until a word of memory changes (futex(2)). WAIT, WAKE, their BITSET forms, and REQUEUE.
//
// A sleeper joins the list first and looks at the word then: whoever changes the word and wakes in between
// finds the sleeper there. So no wake-up is lost, without holding a lock while user memory is read.
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/user_time.hpp"
#include "kernel/time/clock.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel::syscalls {

namespace {

constexpr uint32_t Wait = 0, Wake = 1, Requeue = 3, CompareRequeue = 4, WaitBits = 9, WakeBits = 10;
constexpr uint32_t PrivateFlag = 128, WallClockFlag = 256;
constexpr uint32_t AllBits = UINT32_MAX;

// What the word is, for everybody who can see it: a place in one address space, or in a shared object.
struct Key {
    const void *owner = nullptr;
    uint64_t place = 0;
    bool operator==(const Key &) const = default;
};

struct Sleeper {
    Sleeper(const Key &key, uint32_t bits) : key(key), bits(bits) {}
    Key key;
    uint32_t bits;
    bool woken = false;
    WaitQueue queue;
    Sleeper *next = nullptr;
};

// First come, first woken.
struct Sleepers {
    Sleeper *first = nullptr;

    void add(Sleeper &sleeper)
    {
        Sleeper **end = &first;
        while (*end) end = &(*end)->next;
        *end = &sleeper;
    }
    void remove(Sleeper &sleeper)
    {
        for (Sleeper **at = &first; *at; at = &(*at)->next) {
            if (*at != &sleeper) continue;
            *at = sleeper.next;
            return;
        }
    }
};
constinit lib::Guarded<Sleepers> sleepers;

Result<Key> key_of(VirtAddr word, bool is_private)
{
    if (word.value() % sizeof(uint32_t) != 0) return Errno::Invalid;
    if (!is_user_range(word, sizeof(uint32_t))) return Errno::BadAddress;
    mm::AddressSpace &space = *current_thread().space;
    Key own{&space, word.value()};
    if (is_private) return own;
    TRY(read_user<uint32_t>(word)); // BadAddress when there is nothing
    const mm::VmArea *area = space.areas().find(word);
    if (!area || !area->flags.shared) return own;
    return Key{area->object, (area->index_of(word) << mm::PageShift) + word.offset_in_page()};
}

Result<int64_t> wake(const Key &key, uint32_t count, uint32_t bits)
{
    if (bits == 0) return Errno::Invalid;
    int64_t woken = 0;
    auto held = sleepers.lock();
    for (Sleeper *sleeper = held->first; sleeper; sleeper = sleeper->next) {
        if (sleeper->woken || sleeper->key != key || !(sleeper->bits & bits)) continue;
        sleeper->woken = true;
        sleeper->queue.wake_all();
        if (++woken >= static_cast<int32_t>(count)) break;
    }
    return woken;
}

Result<int64_t> wait_on(const CallRestart &restart);

Result<int64_t> wait(VirtAddr word, uint32_t expected, uint32_t bits, bool is_private, uint64_t deadline)
{
    Key key = TRY(key_of(word, is_private));
    Sleeper sleeper(key, bits);
    sleepers.lock()->add(sleeper);
    Result<uint32_t> value = read_user<uint32_t>(word);
    WaitResult ended = WaitResult::Interrupted;
    bool sleeps = value.ok() && *value == expected;
    if (sleeps)
        ended = wait_until(
            sleeper.queue, [&] { return sleeper.woken; }, deadline);
    sleepers.lock()->remove(sleeper);
    if (sleeper.woken) return int64_t{0};
    if (!value.ok()) return value.error();
    if (!sleeps) return Errno::TryAgain;
    if (ended == WaitResult::TimedOut) return Errno::TimedOut;
    if (deadline == NoDeadline) return Errno::RestartSystem;
    current_thread().restart = {.again = wait_on,
                                .deadline = deadline,
                                .address = word,
                                .value = expected,
                                .bits = bits,
                                .flags = is_private ? PrivateFlag : 0};
    return Errno::RestartBlock;
}

// A signal that no handler was called for has interrupted it: until the same time.
Result<int64_t> wait_on(const CallRestart &restart)
{
    return wait(restart.address, restart.value, restart.bits, restart.flags & PrivateFlag, restart.deadline);
}

// Wakes some who sleep on one word and lets some of the others sleep on the second word from now on. Returns
// how many were either.
Result<int64_t> requeue(const Key &key, const Key &second, int32_t to_wake, int32_t to_move)
{
    int64_t count = 0;
    auto held = sleepers.lock();
    for (Sleeper *sleeper = held->first; sleeper && count - to_wake < to_move; sleeper = sleeper->next) {
        if (sleeper->woken || sleeper->key != key) continue;
        if (++count <= to_wake) {
            sleeper->woken = true;
            sleeper->queue.wake_all();
        } else {
            sleeper->key = second;
        }
    }
    return count;
}

Result<int64_t> requeue(VirtAddr word, VirtAddr second_word, bool is_private, uint32_t to_wake,
                        uint64_t to_move, const uint32_t *expected)
{
    auto wake_limit = static_cast<int32_t>(to_wake);
    auto move_limit = static_cast<int32_t>(to_move);
    if (wake_limit < 0 || move_limit < 0) return Errno::Invalid;
    Key key = TRY(key_of(word, is_private));
    Key second = TRY(key_of(second_word, is_private));
    if (expected && TRY(read_user<uint32_t>(word)) != *expected) return Errno::TryAgain;
    return requeue(key, second, wake_limit, move_limit);
}

// WAIT's timeout is a duration, WAIT_BITSET's a time on one of two clocks.
Result<uint64_t> deadline_of(VirtAddr timeout, uint32_t command, bool wall_clock)
{
    if (timeout == VirtAddr{}) return NoDeadline;
    auto time = TRY(read_user<UserTimespec>(timeout));
    if (!time.is_valid()) return Errno::Invalid;
    uint64_t nanoseconds = time.to_nanoseconds();
    if (command == Wait) return clock_deadline(nanoseconds);
    return wall_clock ? from_wall_clock(nanoseconds) : nanoseconds;
}

} // namespace

Result<int64_t> futex(VirtAddr word, uint32_t operation, uint32_t value, VirtAddr timeout,
                      VirtAddr second_word, uint32_t bits)
{
    uint32_t command = operation & ~(PrivateFlag | WallClockFlag);
    bool wall_clock = operation & WallClockFlag;
    bool waits = command == Wait || command == WaitBits;
    uint64_t deadline = NoDeadline;
    if (waits) deadline = TRY(deadline_of(timeout, command, wall_clock));
    if (wall_clock && command != WaitBits) return Errno::NoSystemCall;
    // For these two the timeout's register holds a number, and the last one the expected value.
    if (command == Requeue || command == CompareRequeue) {
        return requeue(word, second_word, operation & PrivateFlag, value, timeout.value(),
                       command == CompareRequeue ? &bits : nullptr);
    }
    if (command == Wait || command == Wake)
        bits = AllBits;
    else if (command != WaitBits && command != WakeBits)
        return Errno::NoSystemCall;
    if (bits == 0) return Errno::Invalid;
    bool is_private = operation & PrivateFlag;
    if (waits) return wait(word, value, bits, is_private, deadline);
    return wake(TRY(key_of(word, is_private)), value, bits);
}

} // namespace kernel::syscalls
