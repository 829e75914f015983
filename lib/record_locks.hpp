// RecordLocks: which bytes of a file are locked by whom (fcntl(2), "Advisory record locking"): shared by any
// number of owners, or exclusively by one. Of an owner's locks no two overlap, and none could be joined with
// its neighbour.
//
// Knows nothing of files, processes or waiting. It allocates nothing: set() takes what it needs out of a list
// of spare locks, and puts there what is no longer needed.
#pragma once

#include "lib/intrusive_list.hpp"

#include <cstdint>

namespace lib {

struct RecordLock {
    const void *owner = nullptr;  // told apart by address
    uint64_t first = 0, last = 0; // the bytes from … to, both included
    bool is_exclusive = false;
    int32_t process = 0; // who is told about as the holder
};

// The same in its place among others.
struct HeldLock : RecordLock {
    ListNode node;
};

class RecordLocks {
public:
    using Spares = List<&HeldLock::node>;
    static constexpr unsigned SparesNeeded = 2;
    static constexpr uint64_t End = INT64_MAX; // the last byte that a file can have

    // What forbids `wanted`: the first lock of another owner that overlaps it when one of the two is
    // exclusive, or null.
    const RecordLock *find_conflict(const RecordLock &wanted) const;
    // Makes `wanted` what its owner holds of these bytes; nothing forbids it. Two spares must be there.
    void set(const RecordLock &wanted, Spares &spares);
    // The owner holds nothing of these bytes any more. One spare must be there, but for a range up to End
    // that begins with 0. False: it held nothing of them.
    bool clear(const void *owner, uint64_t first, uint64_t last, Spares &spares);

    bool empty() const { return locks_.empty(); }
    // The locks, those of an owner together and by rising address.
    const List<&HeldLock::node> &all() const { return locks_; }

private:
    void join(HeldLock &lock, Spares &spares);
    HeldLock *next(HeldLock &lock);
    HeldLock *previous(HeldLock &lock);
    void insert(HeldLock &lock);

    List<&HeldLock::node> locks_;
};

} // namespace lib
