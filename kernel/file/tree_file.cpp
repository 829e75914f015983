// Reading, writing, truncating and mapping regular files. See tree_file.hpp.
#include "kernel/file/tree_file.hpp"

#include "kernel/file/file.hpp"
#include "kernel/process/process.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/signal/signal.hpp"
#include "mm/frame_allocator.hpp"
#include "mm/kernel_heap.hpp"
#include "mm/vm_area.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace kernel {

namespace {

// How much to do before others have their turn.
constexpr size_t LongWork = 64 << 10;

uint64_t pages_of(uint64_t bytes)
{
    return mm::round_up_to_page(bytes) >> mm::PageShift;
}

} // namespace

Result<uint64_t> allowed_by_size_limit(uint64_t offset, uint64_t bytes)
{
    if (offset >= MaxFileSize) return Errno::FileTooBig;
    bytes = std::min(bytes, MaxFileSize - offset);
    if (current_thread().process == nullptr) return bytes; // the kernel's own
    uint64_t limit = current_process().limits().soft(Resource::FileSize);
    if (offset + bytes <= limit) [[likely]]
        return bytes;
    if (offset < limit) return limit - offset;
    send_signal(current_process(), {.signal = Signal::FileSize});
    return Errno::FileTooBig;
}

TreeFile::~TreeFile()
{
    forget_archive_pages();
    memory_.forget();
    count_pages();
}

void TreeFile::free()
{
    mm::destroy(this);
}

void TreeFile::forget_archive_pages()
{
    if (auto *object = std::exchange(archive_pages_, nullptr)) object->drop();
}

void TreeFile::restore_contents()
{
    forget_archive_pages();
    memory_.forget();
    count_pages();
    set_contents(archive_);
}

// Tells the file system how many pages there are now.
void TreeFile::count_pages()
{
    uint64_t pages = memory_.pages();
    if (pages == counted_pages_) return;
    file_system().count_pages(static_cast<int64_t>(pages - counted_pages_));
    counted_pages_ = pages;
}

FileStatus TreeFile::status() const
{
    FileStatus status = TreeNode::status();
    status.size = size_;
    uint64_t pages = is_in_archive_ ? pages_of(size_) : memory_.pages();
    status.blocks = pages * (mm::PageSize / 512);
    return status;
}

Result<void> TreeFile::opened(File &file)
{
    if (!file.is_writable()) return {};
    if (users_ < 0) return Errno::TextBusy;
    users_++;
    return {};
}

void TreeFile::closed(File &file)
{
    if (file.is_writable()) users_--;
}

// Whoever has a mapping to write to has the file open, too, but for the descriptor that memfd_create(2)
// gives, which does not count.
Result<void> TreeFile::forbid_writing()
{
    bool may_be_written = users_ > 0;
    if (users_ == 0 && &file_system() != &memory_file_system()) may_be_written = is_mapped_to_write();
    if (may_be_written) return Errno::TextBusy;
    users_--;
    return {};
}

void TreeFile::allow_writing()
{
    users_++;
}

bool TreeFile::is_mapped_to_write() const
{
    bool found = false;
    if (memory_.exists()) {
        memory_.object()->for_each_area(
            [&](const mm::VmArea &area) { found |= area.flags.shared && area.flags.may_write; });
    }
    return found;
}

Result<void> TreeFile::add_seals(uint32_t seals)
{
    if (seals & ~seal::All) return Errno::Invalid;
    SleepingLock::Hold hold(lock_); // nobody is in the middle of a write
    if (!hold) return Errno::Interrupted;
    if (seals_ & seal::Seal) return Errno::NotPermitted;
    if ((seals & seal::Write) && !(seals_ & seal::Write) && is_mapped_to_write()) return Errno::Busy;
    seals_ |= seals;
    return {};
}

Result<size_t> TreeFile::read(File &, uint64_t offset, UserBuffer &to)
{
    if (offset >= size_) return size_t{0};
    note_access();
    size_t done = 0;
    while (!to.empty() && offset + done < size_) {
        size_t wanted = std::min({to.size(), size_ - offset - done, LongWork});
        auto read = is_in_archive_ ? store_or_fault(to, archive_from(offset + done).data(), wanted)
                                   : memory_.read(offset + done, wanted, to);
        if (!read.ok()) return done ? Result<size_t>{done} : read;
        done += *read;
        if (*read < wanted || to.empty()) break;
        if (!continue_long_work() && is_dying(current_thread())) break;
    }
    return done;
}

Result<size_t> TreeFile::read_at(uint64_t offset, std::span<std::byte> to)
{
    if (offset >= size_) return size_t{0};
    size_t count = std::min<uint64_t>(size_ - offset, to.size());
    if (!is_in_archive_) return memory_.read(offset, to.first(count));
    std::memcpy(to.data(), archive_.data() + offset, count);
    return count;
}

// ---- Changing. Whoever does holds lock_.

Result<void> TreeFile::prepare_to_write()
{
    if (is_in_archive_) [[unlikely]]
        return copy_up();
    return memory_.prepare(*this);
}

// Its contents are in memory afterwards, and whoever has it mapped sees them. When there is not enough memory
// the file stays as it was.
Result<void> TreeFile::copy_up()
{
    TRY_VOID(memory_.prepare(*this));
    auto written = memory_.write(0, archive_);
    if (written.ok())
        leave_archive();
    else
        memory_.forget();
    count_pages();
    return written;
}

void TreeFile::leave_archive()
{
    is_in_archive_ = false;
    if (archive_pages_) archive_pages_->hand_over(*memory_.object());
    forget_archive_pages();
}

// A page that nobody has written yet.
Result<void> TreeFile::read_page(uint64_t index, mm::PhysAddr frame)
{
    bool is_memory = memory_.exists() && mm::descriptor(frame).object == memory_.object();
    if (!is_memory) return Inode::read_page(index, frame);
    TRY_VOID(allow_page());
    mm::machine::zero_frame(frame);
    return {};
}

Result<void> TreeFile::allow_page()
{
    count_pages();
    if (!file_system().has_room(1) || !memory_has_room_for_files()) return Errno::NoSpace;
    return {};
}

Result<size_t> TreeFile::write(File &, uint64_t offset, UserBuffer &from)
{
    if (from.empty()) return size_t{0};
    SleepingLock::Hold hold(lock_);
    if (!hold) return Errno::Interrupted;
    return write_held(offset, from);
}

Result<size_t> TreeFile::append(File &, UserBuffer &from, uint64_t &end)
{
    end = size_;
    if (from.empty()) return size_t{0};
    SleepingLock::Hold hold(lock_);
    if (!hold) return Errno::Interrupted;
    end = size_;
    size_t count = TRY(write_held(end, from));
    end += count;
    return count;
}

Result<size_t> TreeFile::write_held(uint64_t offset, UserBuffer &from)
{
    from.limit(TRY(allowed_by_size_limit(offset, from.size())));
    if (seals_ & (seal::Write | seal::FutureWrite | seal::Grow)) [[unlikely]] {
        if (seals_ & (seal::Write | seal::FutureWrite)) return Errno::NotPermitted;
        if (offset + from.size() > size_) return Errno::NotPermitted;
    }
    TRY_VOID(prepare_to_write());
    note_modification();
    size_t done = 0;
    Result<void> problem;
    uint64_t old_size = size_;
    while (!from.empty()) {
        // The page must lie below the end before it can be had.
        uint64_t at = offset + done;
        uint64_t in_page = mm::PageSize - (at & (mm::PageSize - 1));
        size_t wanted = std::min<uint64_t>(in_page, from.size());
        size_ = std::max(size_, at + wanted);
        auto written = memory_.write_page_part(at, wanted, from);
        size_t moved = written.ok() ? *written : 0;
        done += moved;
        if (moved < wanted) {
            problem = written.ok() ? Errno::BadAddress : written.error();
            break;
        }
        // (A page ends here, wherever the write began.)
        bool has_been_long = (at + wanted) % LongWork == 0 && !from.empty();
        if (has_been_long && !continue_long_work() && is_dying(current_thread())) break;
    }
    if (!problem.ok()) {
        size_ = std::max(old_size, done == 0 ? 0 : offset + done);
        memory_.truncate(pages_of(size_));
    }
    count_pages();
    if (done == 0 && !problem.ok()) return problem.error();
    return done;
}

Result<void> TreeFile::truncate(uint64_t size)
{
    SleepingLock::Hold hold(lock_);
    if (!hold) return Errno::Interrupted;
    return truncate_held(size);
}

Result<void> TreeFile::truncate_held(uint64_t size)
{
    if (size > MaxFileSize) return Errno::FileTooBig;
    if (size > size_) {
        // The last byte is asked for, as if it were written (inode_newsize_ok).
        uint64_t limit = LimitInfinity;
        if (current_thread().process != nullptr) limit = current_process().limits().soft(Resource::FileSize);
        if (size > limit) {
            send_signal(current_process(), {.signal = Signal::FileSize});
            return Errno::FileTooBig;
        }
    }
    if ((size > size_ && seals_ & seal::Grow) || (size < size_ && seals_ & seal::Shrink))
        return Errno::NotPermitted;
    if (is_in_archive_ && size == 0) {
        TRY_VOID(memory_.prepare(*this));
        leave_archive();
    } else {
        TRY_VOID(prepare_to_write());
    }
    bool shrinks = size < size_;
    if (shrinks) {
        // What can fail comes first: the rest of the last page may be on disk.
        uint64_t end = mm::round_up_to_page(size);
        if (end != size) TRY_VOID(memory_.zero(size, end - size));
    }
    size_ = size;
    if (shrinks) {
        memory_.truncate(pages_of(size));
        count_pages();
    }
    note_modification();
    return {};
}

Result<void> TreeFile::allocate(const Allocation &what)
{
    if (what.offset > MaxFileSize - what.length) return Errno::FileTooBig;
    SleepingLock::Hold hold(lock_);
    if (!hold) return Errno::Interrupted;
    uint64_t end = what.offset + what.length;
    bool is_sealed = what.punch_hole ? seals_ & (seal::Write | seal::FutureWrite)
                                     : seals_ & seal::Grow && end > size_ && !what.keep_size;
    if (is_sealed) return Errno::NotPermitted;
    TRY_VOID(prepare_to_write());
    if (what.punch_hole) {
        uint64_t to = end >= size_ ? mm::round_up_to_page(size_) : end;
        if (what.offset < to) TRY_VOID(memory_.make_hole(what.offset, to - what.offset));
        count_pages();
        note_modification();
        return {};
    }
    uint64_t old_size = size_;
    if (!what.keep_size && end > size_) TRY(allowed_by_size_limit(end - 1, 1));
    if (!file_system().has_room(pages_of(end) - (what.offset >> mm::PageShift))) return Errno::NoSpace;
    size_ = std::max(size_, end);
    auto filled = memory_.fill(what.offset >> mm::PageShift, pages_of(end));
    if (!filled.ok() || what.keep_size) size_ = old_size;
    if (!filled.ok()) memory_.truncate(pages_of(size_));
    count_pages();
    if (filled.ok()) note_change();
    return filled;
}

Result<uint64_t> TreeFile::seek(const File &file, int64_t offset, Whence whence)
{
    if (is_in_archive_ || (whence != Whence::Data && whence != Whence::Hole))
        return Inode::seek(file, offset, whence);
    auto at = static_cast<uint64_t>(offset);
    if (at >= size_) return Errno::NoSuchDevice;
    uint64_t index = at >> mm::PageShift;
    uint64_t found = whence == Whence::Data ? memory_.next_page(index) : memory_.next_hole(index);
    if (found >= pages_of(size_)) {
        if (whence == Whence::Data) return Errno::NoSuchDevice;
        return size_;
    }
    return std::max(at, found << mm::PageShift);
}

Result<mm::MemoryObject *> TreeFile::memory_object(bool writable)
{
    if (is_in_archive_ && !writable) {
        // Made for the first mapping and kept, so that the pages are read once however often the file is run.
        if (!archive_pages_)
            archive_pages_ = TRY(mm::MemoryObject::create(mm::MemoryObject::Kind::File, this));
        return archive_pages_;
    }
    SleepingLock::Hold hold(lock_);
    if (!hold) return Errno::Interrupted;
    TRY_VOID(prepare_to_write());
    return memory_.object();
}

} // namespace kernel
