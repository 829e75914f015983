#include "kernel/process/shutdown.hpp"

#include "kernel/cpu/clock.hpp"
#include "kernel/log.hpp"
#include "kernel/process/init.hpp"
#include "kernel/process/wait_queue.hpp"

namespace kernel {

namespace {

constexpr uint64_t TimeToEnd = 1'000'000'000; // ns; busybox's init waits as long before it kills

struct Request {
    Shutdown kind = Shutdown::None;
    bool at_once = false;
};
constinit Request request;

std::string_view name_of(Shutdown kind)
{
    switch (kind) {
    case Shutdown::Halt:
        return "halted";
    case Shutdown::PowerOff:
        return "turned off";
    default:
        return "restarted, which here is its end";
    }
}

void send_to_all(Signal signal)
{
    for (Process *each = next_process(InitPid + 1); each != nullptr; each = next_process(each->pid() + 1))
        send_signal(*each, {.signal = signal, .origin = SignalInfo::Origin::Program, .sender = InitPid});
}

bool is_alone()
{
    return process_count() == 1;
}

// Those that want to may end by themselves.
void ask_all_to_end()
{
    send_to_all(Signal::Terminate);
    send_to_all(Signal::Continue);
    uint64_t deadline = clock_nanoseconds() + TimeToEnd;
    while (!is_alone()) {
        Process *ended = wait_for_child_of_init(deadline);
        if (ended == nullptr) return;
        ended->destroy();
    }
}

} // namespace

void request_shutdown(Shutdown kind, bool at_once)
{
    request = {kind, at_once};
    wake_init();
}

void signal_init(Signal signal)
{
    switch (signal) {
    case Signal::User1:
        return request_shutdown(Shutdown::Halt, false);
    case Signal::User2:
        return request_shutdown(Shutdown::PowerOff, false);
    case Signal::Terminate:
        return request_shutdown(Shutdown::Restart, false);
    default:
        return;
    }
}

bool is_shutdown_requested()
{
    return request.kind != Shutdown::None;
}

void end_all_processes()
{
    if (is_shutdown_requested()) {
        log_info("the machine is {}: all programs end now", name_of(request.kind));
        if (!request.at_once) ask_all_to_end();
    } else if (!is_alone()) {
        uint64_t left = process_count() - 1;
        log_info("{} process{} that programs have left behind end{} now", left, left == 1 ? "" : "es",
                 left == 1 ? "s" : "");
    }
    // They may be making more of them.
    while (!is_alone()) {
        send_to_all(Signal::Kill);
        if (Process *ended = wait_for_child_of_init(NoDeadline)) ended->destroy();
    }
}

} // namespace kernel
