// It sleeps until free memory has fallen below the low watermark, and lets mm/ free some until the high one
// is reached (mm/reclaim.hpp). Waking it asks the program that runs to make room on its way back to user
// mode: what is freed early nobody has to wait for.
#include "kernel/process/reclaimer.hpp"

#include "kernel/log.hpp"
#include "kernel/options.hpp"
#include "kernel/panic.hpp"
#include "kernel/process/scheduler.hpp"
#include "mm/address_space.hpp"
#include "mm/reclaim.hpp"
#include "mm/swap_in.hpp"
#include "mm/waiting.hpp"

namespace kernel {

namespace {

constexpr Tid NoTid = 0; // no program can name it

constinit WaitQueue memory_is_low;
constinit std::atomic<bool> called{false};

[[noreturn]] void reclaim(Thread &)
{
    for (;;) {
        wait_until(memory_is_low, [] { return called.load(); });
        called = false;
        mm::balance();
    }
}

} // namespace

void init_reclaim()
{
    // The pool's frames are never made free for others.
    uint64_t pageable = mm::usable_ram_pages() - mm::frames().count(mm::FrameKind::Pool);
    mm::Watermarks watermarks = mm::usual_watermarks(pageable);
    mm::init_reclaim(watermarks, options().swap_policy);
    mm::allow_read_ahead(options().swap_read_ahead);
    log_info(
        "memory: below {} free frames some are made free, until there are {}; the last {} are the kernel's",
        watermarks.low, watermarks.high, watermarks.minimum);
}

void start_reclaimer()
{
    auto thread = Thread::create(nullptr, NoTid, reclaim);
    if (!thread.ok()) refuse("there is not enough memory for the thread that makes memory free");
    wake(**thread);
}

} // namespace kernel

// Asked again and again while memory is low: the first time counts. Before the thread exists it stays called.
void mm::waiting::wake_reclaimer()
{
    using namespace kernel;
    if (called.load(std::memory_order_relaxed)) return;
    called = true;
    memory_is_low.wake_all();
    this_cpu().work_pending.fetch_or(work::Reschedule);
}
