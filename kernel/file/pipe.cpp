// Moving bytes through a pipe, and waiting for the other side. See pipe.hpp.
#include "kernel/file/pipe.hpp"

#include "kernel/file/poll.hpp"
#include "kernel/process/process.hpp"
#include "mm/kernel_heap.hpp"
#include "mm/reclaim.hpp"

#include <algorithm>
#include <bit>

namespace kernel {

namespace {

// Writing where nobody will read (pipe(7)): the signal, and the error for who does not die of it.
Errno broken_pipe()
{
    send_signal(current_process(), {.signal = Signal::Pipe,
                                    .origin = SignalInfo::Origin::Program,
                                    .code = signal_code::User,
                                    .sender = current_process().pid()});
    return Errno::BrokenPipe;
}

bool makes_packets(const File &file)
{
    return file.flags() & open_flags::Direct;
}

} // namespace

// --- Reading.

// Of a stretch that cannot be stored as a whole nothing is taken, as on Linux.
[[gnu::always_inline]] inline Result<size_t> Pipe::take(UserBuffer &to)
{
    size_t done = 0;
    bool has_made_room = false;
    do {
        PipeRing::Stretch &first = ring_.front();
        size_t count = std::min<size_t>(first.length, to.size());
        if (to.store(first.bytes(), count) < count) [[unlikely]] {
            if (has_made_room) write_queue_.wake_all();
            return done_or_fault(done, true);
        }
        done += count;
        bool is_packet = first.is_packet;
        if (is_packet) [[unlikely]]
            count = first.length;
        has_made_room |= ring_.consume(first, count);
        if (is_packet) [[unlikely]]
            break;
    } while (!to.empty() && !ring_.is_empty());
    if (has_made_room) write_queue_.wake_all();
    return done;
}

[[gnu::hot]] Result<size_t> Pipe::read(const File &file, UserBuffer &to)
{
    if (to.empty()) return size_t{0};
    if (!lock_.lock()) return Errno::Interrupted;
    while (ring_.is_empty()) [[unlikely]]
        {
            if (writers_ == 0) {
                lock_.unlock();
                return size_t{0};
            }
            TRY_VOID(wait_for_bytes(file));
        }
    Result<size_t> done = take(to);
    lock_.unlock();
    return done;
}

// The lock is released meanwhile, and held again only when this succeeds.
[[gnu::hot, gnu::noinline]] Result<void> Pipe::wait_for_bytes(const File &file)
{
    lock_.unlock();
    if (file.is_non_blocking()) return Errno::TryAgain;
    if (wait_until(read_queue_, [this] { return is_readable(); }) != WaitResult::Ready)
        return Errno::RestartSystem;
    return lock_.lock() ? Result<void>{} : Errno::Interrupted;
}

// --- Writing.

// Up to a page, as a page of its own. Of bytes that cannot all be read nothing is written.
[[gnu::always_inline]] inline Result<size_t> Pipe::append_page(UserBuffer &from, bool is_packet)
{
    Result<std::byte *> page = ring_.fresh_page();
    if (!page.ok()) [[unlikely]]
        page = TRY(wait_for_page());
    size_t count = std::min(from.size(), mm::PageSize);
    if (from.load(*page, count) < count) return Errno::BadAddress;
    ring_.append(count, is_packet);
    return count;
}

[[gnu::hot]] Result<size_t> Pipe::write(const File &file, UserBuffer &from)
{
    if (from.empty()) return size_t{0};
    if (!lock_.lock()) return Errno::Interrupted;
    bool was_empty = ring_.is_empty();
    size_t done = 0;
    Result<size_t> step = size_t{0};
    if (!was_empty && readers_ != 0) {
        step = join_last_page(from);
        if (step.ok()) done = *step;
    }
    while (step.ok() && !from.empty()) {
        if (readers_ == 0) [[unlikely]] {
            step = broken_pipe();
        } else if (ring_.is_full()) [[unlikely]] {
            if (was_empty) read_queue_.wake_all();
            Result<void> waited = wait_for_room(file);
            if (!waited.ok()) return done != 0 ? Result<size_t>{done} : waited.error();
            was_empty = ring_.is_empty();
        } else {
            step = append_page(from, makes_packets(file));
            if (step.ok()) done += *step;
        }
    }
    if (was_empty) read_queue_.wake_all();
    lock_.unlock();
    return done != 0 ? Result<size_t>{done} : step.error();
}

// What is left when the write is cut into pages, if there is room for it behind the last byte.
[[gnu::noinline]] Result<size_t> Pipe::join_last_page(UserBuffer &from)
{
    size_t count = from.size() % mm::PageSize;
    std::byte *room = count != 0 ? ring_.room_in_last_page(count) : nullptr;
    if (!room) return size_t{0};
    if (from.load(room, count) < count) return Errno::BadAddress;
    ring_.extend(count);
    return count;
}

[[gnu::noinline]] Result<std::byte *> Pipe::wait_for_page()
{
    for (;;) {
        mm::FaultResult waited = mm::wait_for_memory();
        if (waited == mm::FaultResult::Interrupted) return Errno::Interrupted;
        if (waited != mm::FaultResult::Resolved) return Errno::NoMemory;
        Result<std::byte *> page = ring_.fresh_page();
        if (page.ok()) return page;
    }
}

// As wait_for_bytes().
[[gnu::hot, gnu::noinline]] Result<void> Pipe::wait_for_room(const File &file)
{
    lock_.unlock();
    if (file.is_non_blocking()) return Errno::TryAgain;
    if (wait_until(write_queue_, [this] { return is_writable(); }) != WaitResult::Ready)
        return Errno::RestartSystem;
    return lock_.lock() ? Result<void>{} : Errno::Interrupted;
}

// --- What can be done without waiting.

uint32_t Pipe::poll(const File &file, PollWatch &watch)
{
    uint32_t events = 0;
    if (file.is_readable()) {
        watch.join(read_queue_);
        if (!ring_.is_empty()) events |= poll_event::Readable;
        // Who opened a FIFO before any writer waits for the first; only then is there anybody to hang up.
        bool had_writer = file.state != reinterpret_cast<void *>(uintptr_t{writer_opens_});
        if (writers_ == 0 && had_writer) events |= poll_event::HangUp;
    }
    if (file.is_writable()) {
        watch.join(write_queue_);
        if (!ring_.is_full()) events |= poll_event::Writable;
        if (readers_ == 0) events |= poll_event::Error;
    }
    return events;
}

Result<uint64_t> Pipe::set_capacity(uint64_t bytes)
{
    if (bytes > MaxCapacity) return Errno::Invalid;
    uint64_t rounded = std::bit_ceil(std::max<uint64_t>(bytes, mm::PageSize));
    SleepingLock::Hold hold(lock_);
    if (!hold) return Errno::Interrupted;
    TRY_VOID(ring_.resize(static_cast<unsigned>(rounded >> mm::PageShift)));
    write_queue_.wake_all(); // there may be room now
    return rounded;
}

// --- Opening and closing.

void Pipe::add_end(File &file)
{
    if (file.is_readable()) {
        readers_++;
        reader_opens_++;
    }
    if (file.is_writable()) {
        writers_++;
        writer_opens_++;
    }
    read_queue_.wake_all();
}

Result<void> Pipe::open_by_name(File &file)
{
    bool reads = file.is_readable(), writes = file.is_writable();
    if (writes && !reads && file.is_non_blocking() && readers_ == 0) return Errno::NoSuchDevice;
    add_end(file);
    Result<void> result;
    if (reads && !writes && writers_ == 0) {
        if (file.is_non_blocking())
            file.state = reinterpret_cast<void *>(uintptr_t{writer_opens_});
        else
            result = wait_for_other_end(writer_opens_);
    } else if (writes && !reads && readers_ == 0) {
        result = wait_for_other_end(reader_opens_);
    }
    if (!result.ok()) remove_end(file);
    return result;
}

// That it is open is not waited for: it may be closed again before this thread runs.
Result<void> Pipe::wait_for_other_end(const uint32_t &opens)
{
    uint32_t before = opens;
    WaitResult result = wait_until(read_queue_, [&] { return opens != before; });
    return result == WaitResult::Ready ? Result<void>{} : Errno::RestartSystem;
}

void Pipe::remove_end(File &file)
{
    if (file.is_readable()) readers_--;
    if (file.is_writable()) writers_--;
    file.state = nullptr;
    if (readers_ == 0 && writers_ == 0)
        ring_.clear();
    else {
        read_queue_.wake_all();
        write_queue_.wake_all();
    }
}

} // namespace kernel
