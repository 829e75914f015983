#include "kernel/process/recording.hpp"

#include "kernel/cpu/clock.hpp"
#include "kernel/device/channel.hpp"
#include "kernel/file/console_stream.hpp"
#include "kernel/log.hpp"
#include "kernel/options.hpp"
#include "kernel/panic.hpp"
#include "kernel/process/process.hpp"
#include "lib/format.hpp"
#include "mm/address_space.hpp"
#include "mm/reference_recorder.hpp"

namespace kernel {

namespace {

using mm::ReferenceRecord;
using mm::ReferenceRecorder;

constinit ReferenceRecorder *recorder = nullptr;
constinit Pid recorded = 0;

// On their way: taken from the recorder, not yet accepted by the channel.
struct Sending {
    ReferenceRecord records[512];
    std::span<const std::byte> left;
};
[[gnu::section(".bss.large")]] constinit Sending sending{};

void ask_for_sending()
{
    this_cpu().work_pending.fetch_or(work::Recording);
}

// All that is recorded. False: a signal came first.
bool send_all()
{
    for (;;) {
        if (sending.left.empty()) {
            size_t count = recorder->take(sending.records);
            if (count == 0) return true;
            sending.left = std::as_bytes(std::span(sending.records, count));
        }
        size_t accepted = channel_send(FrameType::References, sending.left);
        sending.left = sending.left.subspan(accepted);
        if (accepted == 0 && wait_for_console_room() != WaitResult::Ready) return false;
    }
}

} // namespace

void begin_recording(Process &process)
{
    auto created = ReferenceRecorder::create(options().record_references, clock_nanoseconds, ask_for_sending);
    if (!created.ok()) {
        char text[MaxReason];
        console_lesson(
            lib::format_to(text, "{}[{}] is not recorded: there is not enough memory to note what it uses",
                           process.name(), process.pid()));
        return;
    }
    recorder = *created;
    recorded = process.pid();
    process.space().record(*recorder);
    log_info("{}[{}] is recorded, in intervals of {} pages", process.name(), process.pid(),
             options().record_references);
}

void send_recorded()
{
    // Only the recorded program waits for room: another one could be found waiting when the recording ends.
    if (recorder == nullptr || current_process().pid() != recorded || !recorder->is_half_full()) return;
    (void)send_all();
}

void end_recording(const Process &process)
{
    if (recorder == nullptr || process.pid() != recorded) return;
    (void)send_all(); // a thread of the kernel gets no signals
    const ReferenceRecord end[] = {recorder->time_now(), ReferenceRecord::end(recorder->lost())};
    sending.left = std::as_bytes(std::span(end));
    (void)send_all();
    if (recorder->lost() != 0) log_error("{} references could not be recorded in time", recorder->lost());
    recorder->destroy();
    recorder = nullptr;
}

} // namespace kernel
