// The line of those who wait for memory. It is short, so the most urgent is searched when it matters:
// priorities may change while threads sleep.
#include "mm/memory_wait.hpp"

#include "lib/spinlock.hpp"
#include "mm/reclaim.hpp"

namespace mm {

struct MemoryLine {
    lib::ListNode waits; // in order of arrival

    const MemoryWait *first() const
    {
        const MemoryWait *best = nullptr;
        for (lib::ListNode *node = waits.next(); node != &waits; node = node->next()) {
            auto &each = lib::element<&MemoryWait::node_>(*node);
            if (best == nullptr || waiting::priority(each.thread_) < waiting::priority(best->thread_))
                best = &each;
        }
        return best;
    }
    void wake_all() const
    {
        for (lib::ListNode *node = waits.next(); node != &waits; node = node->next())
            waiting::wake(lib::element<&MemoryWait::node_>(*node).thread_);
    }
    void wake_first() const
    {
        if (const MemoryWait *wait = first()) waiting::wake(wait->thread_);
    }
};

namespace {

constinit lib::Guarded<MemoryLine> line;

} // namespace

MemoryWait::MemoryWait() : thread_(waiting::current())
{
    line.lock()->waits.insert_before(node_);
    waiting::prepare();
}

MemoryWait::~MemoryWait()
{
    auto held = line.lock();
    node_.unlink();
    held->wake_first();
}

bool MemoryWait::is_first() const
{
    return line.lock()->first() == this;
}

void MemoryWait::sleep()
{
    waiting::sleep();
    waiting::prepare();
}

void wake_memory_waiters()
{
    line.lock()->wake_first();
}

void priorities_changed()
{
    line.lock()->wake_all();
}

unsigned memory_waiters()
{
    auto held = line.lock();
    unsigned count = 0;
    for (lib::ListNode *node = held->waits.next(); node != &held->waits; node = node->next()) count++;
    return count;
}

void reset_memory_waits()
{
    line.break_lock().waits.unlink();
}

} // namespace mm
