// Who may lock, who waits, and who would wait for ever. See file_locks.hpp.
#include "kernel/file/file_locks.hpp"

#include "kernel/process/wait_queue.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

struct FileLocks {
    lib::RecordLocks records;
    lib::RecordLocks whole; // flock(2): those of all bytes
    WaitQueue queue;
    unsigned users = 0; // threads in the middle of a change, which may wait

    bool is_idle() const { return users == 0 && records.all().empty() && whole.all().empty(); }
};

namespace {

using lib::HeldLock;
using lib::RecordLock;
using lib::RecordLocks;

// What a change of a set may need, and what is left of it.
class SpareLocks {
public:
    SpareLocks() = default;
    ~SpareLocks()
    {
        while (HeldLock *lock = list_.pop_front()) mm::destroy(lock);
    }
    SpareLocks(const SpareLocks &) = delete;
    SpareLocks &operator=(const SpareLocks &) = delete;

    Result<void> fill()
    {
        for (unsigned i = 0; i < RecordLocks::SparesNeeded; i++) {
            auto *lock = mm::create<HeldLock>();
            if (!lock) return Errno::NoLocks;
            list_.push_back(*lock);
        }
        return {};
    }
    RecordLocks::Spares &list() { return list_; }

private:
    RecordLocks::Spares list_;
};

// A process that waits for a record lock.
struct Waiting {
    Waiting(const RecordLocks &locks, const RecordLock &wanted);
    ~Waiting();
    Waiting(const Waiting &) = delete;
    Waiting &operator=(const Waiting &) = delete;

    const void *blocker() const
    {
        const RecordLock *lock = locks.find_conflict(wanted);
        return lock ? lock->owner : nullptr;
    }

    const RecordLocks &locks;
    const RecordLock &wanted;
    lib::ListNode node;
};

using WaitingList = lib::List<&Waiting::node>;
constinit lib::Guarded<WaitingList> all_waiting;

Waiting::Waiting(const RecordLocks &locks, const RecordLock &wanted) : locks(locks), wanted(wanted)
{
    all_waiting.lock()->push_back(*this);
}
Waiting::~Waiting()
{
    auto held = all_waiting.lock();
    WaitingList::remove(*this);
}

// Whether who blocks `owner` waits, itself or by others, for `owner`. A ring that it is not part of has no
// end: so many steps are enough for any honest chain.
bool would_wait_for_ever(const void *owner, const void *blocker)
{
    constexpr unsigned LongestChain = 64;
    auto held = all_waiting.lock();
    for (unsigned step = 0; step < LongestChain && blocker; step++) {
        if (blocker == owner) return true;
        const void *next = nullptr;
        for (const Waiting &waiting : *held) {
            if (waiting.wanted.owner != blocker) continue;
            next = waiting.blocker();
            break;
        }
        blocker = next;
    }
    return false;
}

// Files that stay for ever do not keep what nobody needs.
void free_if_idle(Inode &inode)
{
    FileLocks *locks = inode.locks();
    if (!locks->is_idle()) return;
    inode.set_locks(nullptr);
    mm::destroy(locks);
}

// The locks of a file, made when there are none, while a thread changes them.
class LocksInUse {
public:
    explicit LocksInUse(Inode &inode) : inode_(inode)
    {
        if (!inode.locks()) {
            auto *made = mm::create<FileLocks>();
            if (!made) return;
            inode.set_locks(made);
        }
        inode.locks()->users++;
        is_there_ = true;
    }
    ~LocksInUse()
    {
        if (!is_there_) return;
        inode_.locks()->users--;
        free_if_idle(inode_);
    }
    LocksInUse(const LocksInUse &) = delete;
    LocksInUse &operator=(const LocksInUse &) = delete;
    explicit operator bool() const { return is_there_; }

private:
    Inode &inode_;
    bool is_there_ = false;
};

enum class Waits : uint8_t { No, Yes, UnlessForEver };

Result<void> change(FileLocks &locks, RecordLocks &set, const RecordLock &wanted, LockMode mode, Waits waits)
{
    SpareLocks spares;
    TRY_VOID(spares.fill());
    if (mode == LockMode::Unlock) {
        set.clear(wanted.owner, wanted.first, wanted.last, spares.list());
        locks.queue.wake_all();
        return {};
    }
    while (const RecordLock *lock = set.find_conflict(wanted)) {
        if (waits == Waits::No) return Errno::TryAgain;
        if (waits == Waits::UnlessForEver && would_wait_for_ever(wanted.owner, lock->owner))
            return Errno::Deadlock;
        Waiting waiting(set, wanted);
        if (wait_until(locks.queue, [&] { return !set.find_conflict(wanted); }) != WaitResult::Ready)
            return Errno::RestartSystem;
    }
    set.set(wanted, spares.list());
    locks.queue.wake_all(); // what was exclusive before may be shared now
    return {};
}

RecordLock as_lock(const void *owner, const LockRequest &request)
{
    RecordLock lock;
    lock.owner = owner;
    lock.first = request.first;
    lock.last = request.last;
    lock.is_exclusive = request.mode == LockMode::Exclusive;
    lock.process = request.process;
    return lock;
}

} // namespace

Result<void> set_record_lock(File &file, const void *owner, const LockRequest &request, bool waits)
{
    LocksInUse in_use(file.inode());
    if (!in_use) return Errno::NoLocks;
    FileLocks *locks = file.inode().locks();
    // Descriptions have no thread that waits: a ring of them is not looked for (fcntl(2)).
    bool is_process = owner != &file;
    Waits how = !waits ? Waits::No : is_process ? Waits::UnlessForEver : Waits::Yes;
    return change(*locks, locks->records, as_lock(owner, request), request.mode, how);
}

LockRequest find_record_lock(File &file, const void *owner, const LockRequest &request)
{
    FileLocks *locks = file.inode().locks();
    const RecordLock *lock = locks ? locks->records.find_conflict(as_lock(owner, request)) : nullptr;
    if (!lock) return {};
    return {.mode = lock->is_exclusive ? LockMode::Exclusive : LockMode::Shared,
            .first = lock->first,
            .last = lock->last,
            .process = lock->process};
}

// Another mode is another lock: the old one goes first, and may be lost (flock(2)).
Result<void> set_file_lock(File &file, LockMode mode, bool waits)
{
    LocksInUse in_use(file.inode());
    if (!in_use) return Errno::NoLocks;
    FileLocks *locks = file.inode().locks();
    RecordLock wanted = as_lock(&file, {.mode = mode});
    if (mode != LockMode::Unlock) {
        for (const RecordLock &lock : locks->whole.all()) {
            if (lock.owner != &file) continue;
            if (lock.is_exclusive == wanted.is_exclusive) return {};
            TRY_VOID(change(*locks, locks->whole, wanted, LockMode::Unlock, Waits::No));
            break;
        }
    }
    return change(*locks, locks->whole, wanted, mode, waits ? Waits::Yes : Waits::No);
}

void release_locks(Inode &inode, const void *owner)
{
    FileLocks &locks = *inode.locks();
    RecordLocks::Spares removed;
    locks.records.clear(owner, 0, RecordLocks::End, removed);
    locks.whole.clear(owner, 0, RecordLocks::End, removed);
    while (HeldLock *lock = removed.pop_front()) mm::destroy(lock);
    locks.queue.wake_all();
    free_if_idle(inode);
}

void free_file_locks(FileLocks *locks)
{
    mm::destroy(locks);
}

} // namespace kernel
