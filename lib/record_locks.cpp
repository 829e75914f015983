#include "lib/record_locks.hpp"

namespace lib {

const RecordLock *RecordLocks::find_conflict(const RecordLock &wanted) const
{
    for (const HeldLock &lock : locks_) {
        if (lock.owner == wanted.owner || lock.last < wanted.first || lock.first > wanted.last) continue;
        if (lock.is_exclusive || wanted.is_exclusive) return &lock;
    }
    return nullptr;
}

void RecordLocks::set(const RecordLock &wanted, Spares &spares)
{
    clear(wanted.owner, wanted.first, wanted.last, spares);
    HeldLock &lock = *spares.pop_front();
    static_cast<RecordLock &>(lock) = wanted;
    insert(lock);
    join(lock, spares);
}

bool RecordLocks::clear(const void *owner, uint64_t first, uint64_t last, Spares &spares)
{
    bool found = false;
    HeldLock *lock = locks_.front();
    while (lock != nullptr) {
        HeldLock &each = *lock;
        lock = next(each);
        if (each.owner != owner || each.last < first || each.first > last) continue;
        found = true;
        if (each.first < first && each.last > last) {
            // The middle goes: what is behind it becomes a lock of its own.
            HeldLock &behind = *spares.pop_front();
            static_cast<RecordLock &>(behind) = each;
            behind.first = last + 1;
            each.last = first - 1;
            insert(behind);
            break;
        }
        if (each.first < first) {
            each.last = first - 1;
        } else if (each.last > last) {
            each.first = last + 1;
        } else {
            locks_.remove(each);
            spares.push_back(each);
        }
    }
    return found;
}

HeldLock *RecordLocks::next(HeldLock &lock)
{
    return &lock == locks_.back() ? nullptr : &element<&HeldLock::node>(*lock.node.next());
}

HeldLock *RecordLocks::previous(HeldLock &lock)
{
    return &lock == locks_.front() ? nullptr : &element<&HeldLock::node>(*lock.node.previous());
}

// Among the owner's locks by address; a new owner comes last.
void RecordLocks::insert(HeldLock &lock)
{
    HeldLock *before = nullptr; // the first behind the owner's smaller ones
    for (HeldLock *each = locks_.front(); each != nullptr; each = next(*each)) {
        if (each->owner != lock.owner) continue;
        before = each->first > lock.first ? each : next(*each);
        if (before == each) break;
    }
    if (before != nullptr)
        before->node.insert_before(lock.node);
    else
        locks_.push_back(lock);
}

// With the neighbours that say the same.
void RecordLocks::join(HeldLock &lock, Spares &spares)
{
    auto continues = [](const RecordLock &one, const RecordLock &other) {
        return one.owner == other.owner && one.is_exclusive == other.is_exclusive &&
               one.last + 1 == other.first;
    };
    if (HeldLock *before = previous(lock); before != nullptr && continues(*before, lock)) {
        lock.first = before->first;
        locks_.remove(*before);
        spares.push_back(*before);
    }
    if (HeldLock *behind = next(lock); behind != nullptr && continues(lock, *behind)) {
        lock.last = behind->last;
        locks_.remove(*behind);
        spares.push_back(*behind);
    }
}

} // namespace lib
