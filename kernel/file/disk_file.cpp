#include "kernel/file/disk_file.hpp"

#include "kernel/device/disks.hpp"
#include "kernel/file/disk_transfer.hpp"
#include "kernel/file/file.hpp"
#include "kernel/file/tree.hpp"
#include "kernel/panic.hpp"
#include "kernel/process/block_wait.hpp"
#include "kernel/process/scheduler.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

namespace {

// include/uapi/linux/fs.h
namespace command {
constexpr uint32_t IsReadOnly = 0x125e;        // BLKROGET
constexpr uint32_t Sectors = 0x1260;           // BLKGETSIZE
constexpr uint32_t FlushBuffers = 0x1261;      // BLKFLSBUF
constexpr uint32_t BlockSize = 0x1268;         // BLKSSZGET
constexpr uint32_t PhysicalBlockSize = 0x127b; // BLKPBSZGET
constexpr uint32_t Bytes = 0x80081272;         // BLKGETSIZE64
} // namespace command

// O_DIRECT wants addresses that any disk could use (Linux: the queue's dma_alignment, by default 511).
constexpr uint64_t MemoryMask = SectorSize - 1;

// Those who write whole blocks, many at a time; or one who reads a block, changes a part and writes it back:
// a change of somebody else in between would be lost.
class Writers {
public:
    Result<void> enter(bool alone)
    {
        if (alone) waiting_alone_++;
        WaitResult result =
            wait_until(changed_, [&] { return !is_alone_ && (alone ? count_ == 0 : waiting_alone_ == 0); });
        if (alone) waiting_alone_--;
        if (result != WaitResult::Ready) {
            changed_.wake_all();
            return Errno::RestartSystem;
        }
        count_++;
        is_alone_ = alone;
        return {};
    }
    void leave()
    {
        count_--;
        is_alone_ = false;
        changed_.wake_all();
    }

private:
    WaitQueue changed_;
    unsigned count_ = 0;
    unsigned waiting_alone_ = 0;
    bool is_alone_ = false;
};

class DiskFile final : public TreeNode {
public:
    explicit DiskFile(BlockDevice &disk) : TreeNode(FileType::BlockDevice, {.permissions = 0660}), disk_(disk)
    {}

    FileStatus status() const override
    {
        FileStatus status = TreeNode::status();
        status.device_number = make_device(DiskMajor, disk_.index() * MinorsPerDisk);
        return status;
    }
    Result<uint64_t> seek(const File &file, int64_t offset, Whence whence) override;
    Result<size_t> read(File &file, uint64_t offset, UserBuffer &to) override;
    Result<size_t> write(File &file, uint64_t offset, UserBuffer &from) override;
    Result<void> synchronise() override;
    Result<void> control(uint32_t command, mm::VirtAddr argument) override;
    bool takes_direct() const override { return true; }

private:
    bool is_straight(uint64_t offset, const UserBuffer &buffer) const
    {
        if (buffer.is_kernel_memory()) return false;
        uint64_t mask = disk_.geometry().block_size - 1;
        return ((offset | buffer.address().value() | buffer.contiguous()) & mask) == 0;
    }
    bool is_misaligned(const File &file, uint64_t offset, const UserBuffer &buffer) const
    {
        if (!(file.flags() & open_flags::Direct)) return false;
        uint64_t mask = disk_.geometry().block_size - 1;
        return ((offset | buffer.size()) & mask) != 0 || !buffer.is_aligned(MemoryMask);
    }
    Result<size_t> write_some(uint64_t offset, UserBuffer &from);
    template <typename Some> static Result<size_t> repeat(uint64_t offset, UserBuffer &buffer, Some &&some);

    BlockDevice &disk_;
    Writers writers_;
};

// Linux's fixed_size_llseek: no holes, and no position behind the end.
Result<uint64_t> DiskFile::seek(const File &file, int64_t offset, Whence whence)
{
    if (whence > Whence::End) return Errno::Invalid;
    uint64_t base = whence == Whence::Set ? 0 : whence == Whence::Current ? file.position() : disk_.bytes();
    int64_t position;
    if (__builtin_add_overflow(static_cast<int64_t>(base), offset, &position)) return Errno::Invalid;
    if (position < 0 || static_cast<uint64_t>(position) > disk_.bytes()) return Errno::Invalid;
    return static_cast<uint64_t>(position);
}

// Until the buffer is used up, or something fails: then what was done before counts.
template <typename Some> Result<size_t> DiskFile::repeat(uint64_t offset, UserBuffer &buffer, Some &&some)
{
    size_t done = 0;
    while (!buffer.empty()) {
        Result<size_t> moved = some(offset + done, buffer);
        if (!moved.ok()) return done != 0 ? Result<size_t>{done} : moved;
        done += *moved;
        if (!buffer.empty() && !continue_long_work()) break;
    }
    return done;
}

Result<size_t> DiskFile::read(File &file, uint64_t offset, UserBuffer &to)
{
    if (offset >= disk_.bytes()) return size_t{0};
    to.limit(disk_.bytes() - offset);
    if (is_misaligned(file, offset, to)) return Errno::Invalid;
    return repeat(offset, to, [&](uint64_t at, UserBuffer &rest) {
        return is_straight(at, rest) ? transfer_straight(disk_, BlockOperation::Read, at, rest)
                                     : read_through_frames(disk_, at, rest);
    });
}

Result<size_t> DiskFile::write_some(uint64_t offset, UserBuffer &from)
{
    bool straight = is_straight(offset, from);
    uint64_t mask = disk_.geometry().block_size - 1;
    TRY_VOID(writers_.enter(!straight && ((offset | from.size()) & mask) != 0));
    Result<size_t> written = straight ? transfer_straight(disk_, BlockOperation::Write, offset, from)
                                      : write_through_frames(disk_, offset, from);
    writers_.leave();
    return written;
}

Result<size_t> DiskFile::write(File &file, uint64_t offset, UserBuffer &from)
{
    if (disk_.geometry().read_only)
        return Errno::NotPermitted; // as Linux's blkdev_write_iter, not when opening
    if (from.empty()) return size_t{0};
    if (offset >= disk_.bytes()) return Errno::NoSpace;
    from.limit(disk_.bytes() - offset);
    if (is_misaligned(file, offset, from)) return Errno::Invalid;
    Result<size_t> written =
        repeat(offset, from, [&](uint64_t at, UserBuffer &rest) { return write_some(at, rest); });
    constexpr uint32_t Synchronous = open_flags::Synchronous | open_flags::DataSynchronous;
    if (written.ok() && (file.flags() & Synchronous)) TRY_VOID(synchronise());
    return written;
}

Result<void> DiskFile::synchronise()
{
    BlockRequest flush;
    flush.operation = BlockOperation::Flush;
    return perform(disk_, flush);
}

Result<void> DiskFile::control(uint32_t command, mm::VirtAddr argument)
{
    const BlockGeometry &geometry = disk_.geometry();
    switch (command) {
    case command::Bytes:
        return write_user(argument, disk_.bytes());
    case command::Sectors:
        return write_user(argument, geometry.sectors);
    case command::BlockSize:
    case command::PhysicalBlockSize:
        return write_user(argument, geometry.block_size);
    case command::IsReadOnly:
        return write_user(argument, uint32_t{geometry.read_only});
    case command::FlushBuffers:
        return synchronise();
    default:
        return Errno::NotTerminal;
    }
}

} // namespace

void add_disk_files(TreeDirectory &dev)
{
    for (unsigned i = 0; i < disk_count(); i++) {
        auto *file = mm::create<DiskFile>(disk(i));
        if (file == nullptr || !dev.add(disk(i).name(), *file).ok())
            refuse("there is not enough memory for /dev/{}", disk(i).name());
    }
}

// There are no block special files but these.
BlockDevice *disk_of(const Inode &inode)
{
    if (inode.type() != FileType::BlockDevice) return nullptr;
    uint64_t number = inode.status().device_number;
    for (unsigned i = 0; i < disk_count(); i++) {
        if (make_device(DiskMajor, i * MinorsPerDisk) == number) return &disk(i);
    }
    return nullptr;
}

} // namespace kernel
