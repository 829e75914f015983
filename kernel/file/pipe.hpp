// Pipe: bytes on their way from those who write to those who read (pipe(7)), whatever the ends are called: a
// pair of descriptors (pipe(2)), or a name (fifo(7)).
//
// It has a lock that may be slept with, because bytes are copied from and to programs' memory while it is
// held. Looking at whether there are bytes, room, readers or writers needs no lock: whoever waits looks
// again.
#pragma once

#include "kernel/file/file.hpp"
#include "kernel/file/pipe_ring.hpp"
#include "kernel/process/sleeping_lock.hpp"

namespace kernel {

class Pipe {
public:
    // Up to so many bytes a write arrives in one piece (POSIX's PIPE_BUF).
    static constexpr size_t AtomicBytes = mm::PageSize;
    // The most bytes that a pipe can be made to hold (Linux: round_pipe_size).
    static constexpr uint64_t MaxCapacity = uint64_t{1} << 31;

    Pipe() = default;
    Pipe(const Pipe &) = delete;
    Pipe &operator=(const Pipe &) = delete;
    // Before anything else. NoMemory.
    Result<void> init() { return ring_.resize(PipeRing::DefaultSlots); }

    // An end of it has been opened, as the description says (Inode::opened): at once; or by name, when the
    // other end must be open too, and this may sleep. RestartSystem, NoSuchDevice (fifo(7)).
    void add_end(File &file);
    Result<void> open_by_name(File &file);
    // Inode::closed. What nobody can read any more is gone when the last end is.
    void remove_end(File &file);

    // Inode::read and write. A write with no reader left is BrokenPipe, and SIGPIPE.
    Result<size_t> read(const File &file, UserBuffer &to);
    Result<size_t> write(const File &file, UserBuffer &from);
    uint32_t poll(const File &file, PollWatch &watch);
    // How many could be read now.
    uint64_t bytes() const { return ring_.bytes(); }

    // fcntl(F_GETPIPE_SZ, F_SETPIPE_SZ), in bytes; setting rounds up, and says to what. Invalid, Busy,
    // NoMemory.
    uint64_t capacity() const { return uint64_t{ring_.slots()} << mm::PageShift; }
    Result<uint64_t> set_capacity(uint64_t bytes);

private:
    bool is_readable() const { return !ring_.is_empty() || writers_ == 0; }
    bool is_writable() const { return !ring_.is_full() || readers_ == 0; }
    Result<void> wait_for_bytes(const File &file);
    Result<size_t> take(UserBuffer &to);
    Result<size_t> join_last_page(UserBuffer &from);
    Result<size_t> append_page(UserBuffer &from, bool is_packet);
    Result<std::byte *> wait_for_page();
    Result<void> wait_for_room(const File &file);
    Result<void> wait_for_other_end(const uint32_t &opens);

    SleepingLock lock_;
    PipeRing ring_;
    uint32_t readers_ = 0; // descriptions that are open for it
    uint32_t writers_ = 0;
    uint32_t reader_opens_ = 0; // how often one was opened
    uint32_t writer_opens_ = 0;
    WaitQueue read_queue_; // woken when there are bytes, or nobody writes any more
    WaitQueue write_queue_;
};

// pipe2(2): both ends, open, the one to read first. `flags`: of open_flags, those of descriptions. NoMemory.
struct PipeEnds {
    Ref<File> reader, writer;
};
Result<PipeEnds> make_pipe(uint32_t flags);

} // namespace kernel
