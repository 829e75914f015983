#include "kernel/process/out_of_memory.hpp"

#include "kernel/device/console.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/signal/signal.hpp"
#include "lib/format.hpp"
#include "mm/address_space.hpp"
#include "mm/memory_events.hpp"
#include "mm/swap.hpp"

namespace kernel {

namespace {

constexpr size_t MaxLine = 256;

// A thread that waits for another program's end. Its place in a wait queue may be taken: user memory is
// touched in the middle of other waits.
struct Waiter {
    lib::ListNode node;
    Thread &thread;
};
constinit lib::Guarded<lib::List<&Waiter::node>> waiters;

// visitor(process, held) for each program that has memory.
template <typename Visitor> void for_each_program(Visitor &&visitor)
{
    for (Process *process = next_process(1); process != nullptr; process = next_process(process->pid() + 1)) {
        if (process->has_memory() && !process->is_ending()) visitor(*process, memory_held(*process));
    }
}

// A program that will give its memory back by itself; 0: there is none.
Pid find_dying()
{
    for (Process *process = next_process(1); process != nullptr; process = next_process(process->pid() + 1)) {
        if (!process->has_ended() && is_killed(process->main_thread())) return process->pid();
    }
    return 0;
}

struct Choice {
    Process *victim = nullptr; // null: all are protected
    int64_t score = 0;
    unsigned programs = 0;
    bool is_adjusted = false; // somebody has a word in it
};

Choice choose()
{
    Choice choice;
    for_each_program([&](Process &process, MemoryHeld held) {
        choice.programs++;
        choice.is_adjusted |= process.oom_score_adjustment != 0;
        if (process.oom_score_adjustment == OomAdjustment::Never) return;
        int64_t score = oom_score(process, held);
        if (choice.victim != nullptr && score < choice.score) return;
        choice.victim = &process;
        choice.score = score;
    });
    return choice;
}

uint64_t kib(uint64_t pages)
{
    return pages << (mm::PageShift - 10);
}

// Lessons, a line each.
template <typename... Arguments>
void tell(lib::FormatString<Arguments...> format, const Arguments &...arguments)
{
    char text[MaxLine];
    console_lesson(lib::format_to(text, format, arguments...));
}

void tell_swap()
{
    mm::SwapStatistics swap = mm::swap_statistics();
    if (swap.total == 0)
        tell("There is no swap that it could go to.");
    else
        tell("Of the {} KiB of swap {} KiB are free.", kib(swap.total), kib(swap.free));
}

// Whom, why, and how much each has.
void tell_choice(const Choice &choice)
{
    tell("out of memory: {}[{}] touched a page, no frame is free, and no page that is in memory can be given "
         "up.",
         current_process().name(), current_process().pid());
    tell_swap();
    if (choice.victim == nullptr)
        tell("No program may be ended for others (oom_score_adj): {}[{}] is, which needs the page. In KiB:",
             current_process().name(), current_process().pid());
    else
        tell("{}[{}] has the {} and is ended, so that the others can go on. In KiB (the score is the sum{}, "
             "in "
             "pages):",
             choice.victim->name(), choice.victim->pid(),
             choice.is_adjusted ? "highest score" : "most memory",
             choice.is_adjusted ? " and what oom_score_adj adds" : "");
    tell("  {:<22}{:>10}{:>10}{:>13}{:>10}", "program", "resident", "on swap", "page tables", "score");
    for_each_program([&](const Process &process, MemoryHeld held) {
        char name[32];
        tell("{} {:<22}{:>10}{:>10}{:>13}{:>10}", &process == choice.victim ? ">" : " ",
             lib::format_to(name, "{}[{}]", process.name(), process.pid()), kib(held.resident),
             kib(held.swapped), kib(held.tables), oom_score(process, held));
    });
}

// Until the process is gone, or this thread is about to be.
void wait_for_end(Pid pid)
{
    Thread &self = current_thread();
    Waiter waiter{.node = {}, .thread = self};
    waiters.lock()->push_back(waiter);
    for (;;) {
        prepare_sleep();
        const Process *process = find_process(pid);
        if (process == nullptr || process->has_ended() || is_dying(self)) break;
        sleep_uninterruptibly();
    }
    auto held = waiters.lock();
    held->remove(waiter);
}

void end_current(const mm::Fault &fault)
{
    force_signal({.signal = Signal::Kill,
                  .origin = SignalInfo::Origin::OutOfMemory,
                  .code = signal_code::Kernel,
                  .sender = current_process().pid(),
                  .address = fault.address,
                  .fault = fault,
                  .result = mm::FaultResult::NoMemory});
}

} // namespace

MemoryHeld memory_held(const Process &process)
{
    if (!process.has_memory()) return {};
    mm::MemoryCounts counts = process.space().counts();
    return {.resident = counts.resident(),
            .swapped = counts.swapped,
            .tables = process.space().page_table().table_frames()};
}

int64_t oom_score(const Process &process, const MemoryHeld &held)
{
    auto all = static_cast<int64_t>(mm::usable_ram_pages() + mm::swap_statistics().total);
    return static_cast<int64_t>(held.sum()) + process.oom_score_adjustment * all / 1000;
}

bool make_room_for(const mm::Fault &fault)
{
    if (is_dying(current_thread())) return false;
    Pid leaving = find_dying();
    if (leaving == 0) {
        Choice choice = choose();
        mm::memory_counters().oom_kill++;
        if (choice.programs > 1) tell_choice(choice);
        if (choice.victim == nullptr || choice.victim == &current_process()) {
            end_current(fault);
            return false;
        }
        leaving = choice.victim->pid();
        send_signal(*choice.victim, {.signal = Signal::Kill,
                                     .origin = SignalInfo::Origin::OutOfMemory,
                                     .code = signal_code::Kernel,
                                     .sender = current_process().pid()});
    }
    wait_for_end(leaving);
    return !is_dying(current_thread());
}

void memory_was_returned()
{
    auto held = waiters.lock();
    for (Waiter &waiter : *held) wake(waiter.thread);
}

} // namespace kernel
