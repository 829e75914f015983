// Disks as the rest of the kernel sees them: numbered sectors of 512 bytes, and requests that are handed over
// and come back some time later, in any order.
//
//     BlockRequest request;                // operation, sector, segments, completed = f
//     TRY_VOID(disk.submit(request));      // returns at once; f(request) is called when it is done
//
// Who may sleep uses kernel/process/block_wait.hpp instead of a callback.
//
// A request that the device never answers fails after a while (`disk_timeout`) with InputOutput, and whoever
// waited goes on; but the device may still write into its memory one day. So the frames it names get a
// reference more, which is given up only when the device answers at last or has been reset: then it touches
// no memory any more.
// A device that owes an answer is asked something else, which it can answer without its medium. If it does,
// it is alive and only slow: it is left alone. (Resetting it would not help: QEMU's virtio-blk waits in the
// reset for what is under way, and the whole machine with it.) If it does not, it is reset, and what was
// under way is given to it once more. A disk that is not better after that is broken: it refuses everything.
#pragma once

#include "lib/intrusive_list.hpp"
#include "lib/result.hpp"
#include "lib/spinlock.hpp"
#include "mm/address.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace kernel {

using lib::Errno;
using lib::Result;

inline constexpr uint64_t SectorSize = 512;

enum class BlockOperation : uint8_t {
    Read,
    Write,
    Flush, // everything written before it was submitted, and completed, survives a power failure
};

// A piece of memory, contiguous in physical memory: in frames that are given back with drop(), never with
// free(), for the disk may hold a reference to them.
struct BlockSegment {
    mm::PhysAddr address;
    uint32_t bytes = 0;
};

// The submitter's until submit(), and again from the moment `completed` is called; the segments too.
struct BlockRequest {
    using Completed = void (*)(BlockRequest &request);

    BlockOperation operation = BlockOperation::Read;
    uint64_t sector = 0;                    // of 512 bytes, whatever the disk's block size
    std::span<const BlockSegment> segments; // together a multiple of the block size; none for Flush
    Completed completed = nullptr;          // interrupts are off, maybe in an interrupt handler: never sleeps
    void *context = nullptr;                // the submitter's
    Result<void> result;                    // when completed: InputOutput, or success

    uint64_t bytes() const;

    // --- The disk's.
    lib::ListNode node;
    uint64_t since = 0; // when it was submitted
};

struct BlockGeometry {
    uint64_t sectors = 0;
    uint32_t block_size = 512; // what can be read and written alone
    uint32_t max_segments = 1; // of one request
    uint32_t max_segment_bytes = UINT32_MAX;
    bool read_only = false;
    bool has_write_cache = false; // Flush means something
};

// What /proc/diskstats counts (Documentation/admin-guide/iostats.rst), by operation.
struct BlockStatistics {
    uint64_t requests = 0;
    uint64_t sectors = 0;
    uint64_t nanoseconds = 0; // from submission to completion, all requests together
};

class BlockDevice {
public:
    static constexpr unsigned MaxUnderWay = 32; // with the device at the same time; others wait in order
    static constexpr uint64_t NoDeadline = UINT64_MAX;

    std::string_view name() const { return {name_.data(), 3}; }
    std::string_view serial() const { return {serial_.data(), serial_length_}; }
    // 0 for vda, 1 for vdb …
    unsigned index() const { return index_; }
    const BlockGeometry &geometry() const { return geometry_; }
    uint64_t bytes() const { return geometry_.sectors * SectorSize; }

    // Hands a request over; never sleeps. An error means that it was refused and `completed` is not called:
    // Invalid (past the end, not whole blocks, too many segments), NotPermitted (writing to a read-only
    // disk), InputOutput (the disk is broken).
    Result<void> submit(BlockRequest &request);

    // Nanoseconds after which an unanswered request fails; 0: never. At boot.
    void set_timeout(uint64_t nanoseconds) { timeout_ = nanoseconds; }
    // Fails what was not answered in time. When to look again: NoDeadline when nothing is under way.
    uint64_t check_timeouts(uint64_t now);

    // For tests: from now on the device answers nothing, as if something had broken in it.
    virtual void provoke_silence() = 0;

    std::array<BlockStatistics, 3> statistics() const;
    unsigned under_way() const;
    // Frames of failed requests that the device has still not answered.
    uint64_t held_frames() const;
    bool is_broken() const;

protected:
    // --- For one kind of disk, such as VirtioBlock. All are called with interrupts off and the lock held.

    struct Finished {
        enum class What : uint8_t { Nothing, Request, Answer } what = What::Nothing;
        unsigned slot = 0;
        bool ok = true;
    };
    constexpr BlockDevice() = default;
    ~BlockDevice() = default;

    // Gives the request to the device under the number `slot`. False: it has no room now.
    virtual bool begin(unsigned slot, const BlockRequest &request) = 0;
    // Tells the device that there is something new.
    virtual void notify() = 0;
    // What came back, one at a time.
    virtual Finished take_finished() = 0;
    // The memory that the request in `slot` names; false: it has no segment number `index`.
    virtual bool segment(unsigned slot, unsigned index, BlockSegment &found) const = 0;
    // Asks the device something that it can answer without its medium: Finished::Answer. False: no room.
    virtual bool ask() = 0;
    // The device has said that it cannot go on, or talks nonsense.
    virtual bool is_confused() const = 0;
    // Afterwards the device touches no memory any more. False: it does not answer.
    virtual bool stop() = 0;
    // Starts it again, with empty queues; nullptr, or a sentence why not.
    virtual const char *start_again() = 0;

    void set_serial(std::string_view serial);
    void set_geometry(const BlockGeometry &geometry) { geometry_ = geometry; }
    // From the device's interrupt handler: completes what came back.
    void collect();

private:
    friend void add_disk(BlockDevice &disk);

    using Requests = lib::List<&BlockRequest::node>;
    struct Slot {
        enum class Use : uint8_t { Free, UnderWay, Abandoned } use = Use::Free;
        BlockRequest *request = nullptr; // null when abandoned: it failed, but the device has its memory
        uint64_t deadline = NoDeadline;
    };
    struct State {
        Requests waiting;
        std::array<Slot, MaxUnderWay> slots;
        std::array<BlockStatistics, 3> statistics;
        uint64_t held_frames = 0;
        uint64_t last_progress = 0;         // when the device last answered anything
        uint64_t answer_until = NoDeadline; // it was asked, and must have answered by then
        unsigned restarts = 0;              // without an answer to a request in between
        bool watched = false;               // somebody will call check_timeouts()
        bool broken = false;
    };

    Result<void> check(const BlockRequest &request) const;
    void complete(State &state, BlockRequest &request, Result<void> result, Requests &done, uint64_t now);
    void take_all_finished(State &state, Requests &done, uint64_t now);
    void begin_waiting(State &state, uint64_t now);
    void expire(State &state, Requests &done, uint64_t now);
    void abandon(State &state, Slot &slot, Requests &done, uint64_t now);
    void suspect(State &state, Requests &done, uint64_t now);
    void restart(State &state, Requests &done, uint64_t now);
    void give_up(State &state, Requests &done, uint64_t now, const char *why);
    uint64_t next_deadline(const State &state) const;
    template <typename Visitor> uint64_t for_each_frame(unsigned slot, Visitor &&visitor) const;
    static void call(Requests &done);

    BlockGeometry geometry_;
    std::array<char, 4> name_{'v', 'd', '?', 0};
    std::array<char, 20> serial_{};
    uint8_t serial_length_ = 0;
    unsigned index_ = 0;
    uint64_t timeout_ = 30'000'000'000;
    mutable lib::Guarded<State> state_;
};

// Somebody has to call check_timeouts() from now on, as a request is under way: called with interrupts off.
// Null at first: then nothing ever times out.
using DiskWatchHook = void (*)();
extern DiskWatchHook disk_watch_hook;

} // namespace kernel
