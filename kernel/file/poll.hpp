// Watching several files until one of them is ready (poll(2), select(2)).
//
//     PollWatch watch;
//     uint32_t events = watch.look(file);   // for each file; also remembers to be woken for it
//     …
//     watch.sleep(deadline);                // then look at all of them again
#pragma once

#include "kernel/file/file.hpp"
#include "kernel/process/wait_queue.hpp"

namespace kernel {

// Bits of struct pollfd's events and revents (include/uapi/asm-generic/poll.h).
namespace poll_event {
inline constexpr uint32_t In = 0x1;
inline constexpr uint32_t Priority = 0x2;
inline constexpr uint32_t Out = 0x4;
inline constexpr uint32_t Error = 0x8;
inline constexpr uint32_t HangUp = 0x10;
inline constexpr uint32_t Invalid = 0x20;
inline constexpr uint32_t ReadNormal = 0x40;
inline constexpr uint32_t ReadBand = 0x80;
inline constexpr uint32_t WriteNormal = 0x100;
inline constexpr uint32_t WriteBand = 0x200;

inline constexpr uint32_t Readable = In | ReadNormal;
inline constexpr uint32_t Writable = Out | WriteNormal;
// What never lets anyone wait, such as a regular file (poll(2)).
inline constexpr uint32_t AlwaysReady = Readable | Writable;
} // namespace poll_event

class PollWatch {
public:
    PollWatch() = default;
    ~PollWatch();
    PollWatch(const PollWatch &) = delete;
    PollWatch &operator=(const PollWatch &) = delete;

    // The events of `file` now, of which the caller wants to know those in `wanted`. While joining, its
    // queues are joined, and the file stays open as long as the watch lasts.
    uint32_t look(const Ref<File> &file, uint32_t wanted);
    // From now on look() only looks: all queues are joined, or there will be no sleep.
    void stop_joining() { joining_ = false; }
    // A queue could not be joined: the watch is of no use.
    bool is_out_of_memory() const { return out_of_memory_; }
    // Sleeps until one of the queues is woken, also if that was since the last look. As Sleeper::sleep().
    WaitResult sleep(uint64_t deadline) { return sleeper_.sleep(deadline); }

    // For Inode::poll: the queue that is woken when the events may have changed.
    void join(WaitQueue &queue);
    // For what costs something to find out: whether one of these events is wanted.
    bool wants(uint32_t events) const { return wanted_ & events; }

private:
    struct Place;

    Sleeper sleeper_;
    Place *places_ = nullptr;
    const Ref<File> *looked_at_ = nullptr;
    uint32_t wanted_ = 0;
    bool joining_ = true;
    bool out_of_memory_ = false;
};

} // namespace kernel
