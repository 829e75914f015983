// A disk that does not answer: failing its requests, keeping their memory from being reused, and getting the
// disk going again. See block.hpp.
#include "kernel/device/block.hpp"

#include "kernel/cpu/clock.hpp"
#include "kernel/log.hpp"
#include "mm/page_frame.hpp"

#include <algorithm>

namespace kernel {

namespace {

// How long a living device may take for a question that needs no medium.
constexpr uint64_t AnswerPatience = 1'000'000'000;

constexpr std::string_view operation_names[] = {"read", "write", "flush"};

std::string_view name_of(BlockOperation operation)
{
    return operation_names[static_cast<size_t>(operation)];
}

} // namespace

// Each frame that a segment touches; how many.
template <typename Visitor> uint64_t BlockDevice::for_each_frame(unsigned slot, Visitor &&visitor) const
{
    uint64_t count = 0;
    BlockSegment piece;
    for (unsigned i = 0; segment(slot, i, piece); i++) {
        mm::PhysAddr end = piece.address + piece.bytes;
        for (mm::PhysAddr frame = piece.address.page_down(); frame < end; frame = frame + mm::PageSize) {
            visitor(frame);
            count++;
        }
    }
    return count;
}

void BlockDevice::take_all_finished(State &state, Requests &done, uint64_t now)
{
    for (Finished finished; (finished = take_finished()).what != Finished::What::Nothing;) {
        if (finished.what == Finished::What::Answer) {
            if (state.answer_until != NoDeadline)
                log_info("{}: it answers other questions: it is slow, and not reset", name());
            state.answer_until = NoDeadline;
            continue;
        }
        state.last_progress = now;
        state.restarts = 0;
        Slot &slot = state.slots[finished.slot];
        if (slot.use == Slot::Use::Abandoned) {
            uint64_t frames = for_each_frame(finished.slot, [](mm::PhysAddr frame) { mm::unpin(frame); });
            state.held_frames -= frames;
            log_info("{}: a request that had failed is answered now: {} frames are free of it", name(),
                     frames);
        } else {
            complete(state, *slot.request, finished.ok ? Result<void>{} : Errno::InputOutput, done, now);
        }
        slot = {};
    }
}

uint64_t BlockDevice::check_timeouts(uint64_t now)
{
    if (timeout_ == 0) return NoDeadline;
    Requests done;
    uint64_t next;
    {
        auto state = state_.lock();
        take_all_finished(*state, done, now); // its interrupt may be waiting for us to be done
        expire(*state, done, now);
        if (state->answer_until <= now && !state->broken) restart(*state, done, now);
        begin_waiting(*state, now);
        next = next_deadline(*state);
        state->watched = next != NoDeadline;
    }
    call(done);
    return next;
}

uint64_t BlockDevice::next_deadline(const State &state) const
{
    uint64_t next = state.answer_until;
    for (const Slot &slot : state.slots) next = std::min(next, slot.deadline);
    if (const BlockRequest *first = state.waiting.front())
        next = std::min(next, std::max(first->since, state.last_progress) + timeout_);
    return next;
}

void BlockDevice::expire(State &state, Requests &done, uint64_t now)
{
    bool expired = false;
    for (Slot &slot : state.slots) {
        if (slot.deadline > now) continue;
        abandon(state, slot, done, now);
        expired = true;
    }
    // What waits for room has nothing at stake; it waits as long as the device gets anything done.
    while (BlockRequest *first = state.waiting.front()) {
        if (std::max(first->since, state.last_progress) + timeout_ > now) break;
        state.waiting.pop_front();
        complete(state, *first, Errno::InputOutput, done, now);
    }
    if (expired) suspect(state, done, now);
}

void BlockDevice::abandon(State &state, Slot &slot, Requests &done, uint64_t now)
{
    auto index = static_cast<unsigned>(&slot - state.slots.data());
    BlockRequest &request = *slot.request;
    uint64_t frames = for_each_frame(index, [](mm::PhysAddr frame) { mm::pin(frame); });
    state.held_frames += frames;
    log_error(
        "{}: no answer in {} s to a {} of {} sectors at {}: it fails, and {} frames stay as they are until "
        "the disk answers or is reset",
        name(), timeout_ / 1'000'000'000, name_of(request.operation), request.bytes() / SectorSize,
        request.sector, frames);
    slot = {.use = Slot::Use::Abandoned};
    complete(state, request, Errno::InputOutput, done, now);
}

void BlockDevice::suspect(State &state, Requests &done, uint64_t now)
{
    if (state.broken || state.answer_until != NoDeadline) return;
    if (is_confused() || !ask()) return restart(state, done, now);
    notify();
    state.answer_until = now + AnswerPatience;
}

void BlockDevice::restart(State &state, Requests &done, uint64_t now)
{
    state.answer_until = NoDeadline;
    if (state.restarts++ != 0) return give_up(state, done, now, "a reset did not help");
    if (!stop()) return give_up(state, done, now, "it does not even answer a reset");
    take_all_finished(state, done, now); // what it had finished before it stopped is good
    state.answer_until = NoDeadline;
    unsigned again = 0;
    for (unsigned i = MaxUnderWay; i-- > 0;) {
        Slot &slot = state.slots[i];
        if (slot.use == Slot::Use::Abandoned) {
            state.held_frames -= for_each_frame(i, [](mm::PhysAddr frame) { mm::unpin(frame); });
        } else if (slot.use == Slot::Use::UnderWay) {
            // Reading or writing the same sectors once more changes nothing.
            state.waiting.push_front(*slot.request);
            again++;
        }
        slot = {};
    }
    state.restarts = 1;
    state.last_progress = now;
    if (const char *problem = start_again()) return give_up(state, done, now, problem);
    log_warning("{}: it did not answer and was reset; {} requests are given to it again", name(), again);
}

// What the device still has keeps its memory for ever.
void BlockDevice::give_up(State &state, Requests &done, uint64_t now, const char *why)
{
    state.broken = true;
    log_error("{}: the disk is broken and not used any more: {}", name(), why);
    for (Slot &slot : state.slots) {
        if (slot.use == Slot::Use::UnderWay) abandon(state, slot, done, now);
    }
    while (BlockRequest *request = state.waiting.pop_front())
        complete(state, *request, Errno::InputOutput, done, now);
}

} // namespace kernel
