// It sleeps while nothing is under way, and until the first deadline otherwise: a request that is answered in
// time costs it nothing, for the deadline is looked at only when it has passed.
#include "kernel/process/disk_watch.hpp"

#include "kernel/cpu/clock.hpp"
#include "kernel/device/disks.hpp"
#include "kernel/options.hpp"
#include "kernel/panic.hpp"
#include "kernel/process/scheduler.hpp"

namespace kernel {

namespace {

constexpr Tid NoTid = 0; // no program can name it

constinit WaitQueue something_is_under_way;
constinit bool called = false;

void call_watch()
{
    called = true;
    something_is_under_way.wake_all();
}

[[noreturn]] void watch(Thread &)
{
    for (;;) {
        uint64_t next = check_disk_timeouts(clock_nanoseconds());
        wait_until(
            something_is_under_way, [] { return called; }, next);
        called = false;
    }
}

} // namespace

void watch_disks()
{
    static_assert(NoDeadline == BlockDevice::NoDeadline);
    if (disk_count() == 0 || options().disk_timeout == 0) return;
    auto thread = Thread::create(nullptr, NoTid, watch);
    if (!thread.ok()) refuse("there is not enough memory to watch the disks");
    disk_watch_hook = call_watch;
    wake(**thread);
}

} // namespace kernel
