// File: an open file description (open(2)): an inode, how it was opened, and a position. Descriptors share it
// after dup(2), and processes after fork(2).
#pragma once

#include "kernel/file/inode.hpp"
#include "kernel/process/sleeping_lock.hpp"

namespace kernel {

// Open flags, Linux x86-64 (include/uapi/asm-generic/fcntl.h).
namespace open_flags {
inline constexpr uint32_t AccessMode = 3; // 0 read only, 1 write only, 2 both, 3 neither (for ioctl alone)
inline constexpr uint32_t WriteOnly = 1;
inline constexpr uint32_t ReadWrite = 2;
inline constexpr uint32_t Create = 0100;
inline constexpr uint32_t Exclusive = 0200;
inline constexpr uint32_t NoControllingTerminal = 0400;
inline constexpr uint32_t Truncate = 01000;
inline constexpr uint32_t Append = 02000;
inline constexpr uint32_t NonBlocking = 04000;
inline constexpr uint32_t DataSynchronous = 010000;
inline constexpr uint32_t Asynchronous = 020000;
inline constexpr uint32_t Direct = 040000;
inline constexpr uint32_t LargeFile = 0100000;
inline constexpr uint32_t Directory = 0200000;
inline constexpr uint32_t NoFollow = 0400000;
inline constexpr uint32_t NoAccessTime = 01000000;
inline constexpr uint32_t CloseOnExec = 02000000;
inline constexpr uint32_t Synchronous = 04000000;
inline constexpr uint32_t Path = 010000000;
inline constexpr uint32_t TemporaryFile = 020000000;
} // namespace open_flags

class File {
public:
    // Opens `inode`; the caller owns one reference of the result. NoMemory, or what the inode answers.
    static Result<Ref<File>> open(Ref<Inode> inode, uint32_t flags);
    // The same, but the inode is not told: for what the inode was made for.
    static Result<Ref<File>> create(Ref<Inode> inode, uint32_t flags);
    File(Ref<Inode> inode, uint32_t flags);
    File(const File &) = delete;
    File &operator=(const File &) = delete;

    void share() { references_.fetch_add(1, std::memory_order_relaxed); }
    void drop()
    {
        if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) [[unlikely]]
            close();
    }

    Inode &inode() const { return *inode_; }
    uint32_t flags() const { return flags_; }
    // fcntl(F_SETFL): only the flags that may change after opening.
    void set_flags(uint32_t flags) { flags_ = flags; }
    bool is_path_only() const { return flags_ & open_flags::Path; }
    bool is_readable() const { return is_readable_; }
    bool is_writable() const { return is_writable_; }
    bool is_non_blocking() const { return flags_ & open_flags::NonBlocking; }

    // read(2), write(2) at the position, which moves on. BadDescriptor when not opened for that.
    Result<size_t> read(UserBuffer &to)
    {
        if (!is_readable_) return Errno::BadDescriptor;
        if (!to.is_in_user_half()) return Errno::BadAddress;
        to.limit(MaxTransfer);
        return is_seekable_ ? read_at_position(to) : inode_->read(*this, 0, to);
    }
    Result<size_t> write(UserBuffer &from)
    {
        if (!is_writable_) return Errno::BadDescriptor;
        if (!from.is_in_user_half()) return Errno::BadAddress;
        from.limit(MaxTransfer);
        return is_seekable_ ? write_at_position(from) : inode_->write(*this, 0, from);
    }
    // pread(2), pwrite(2): the position stays. IllegalSeek for streams.
    Result<size_t> read_at(uint64_t offset, UserBuffer &to);
    Result<size_t> write_at(uint64_t offset, UserBuffer &from);

    // Whoever reads or moves the position of a file or directory that others have as well holds its lock
    // meanwhile, so that each of several writers goes on where the one before has ended (POSIX: read() and
    // write() are atomic to each other in what they do to it).
    class PositionHold {
    public:
        explicit PositionHold(File &file) : hold_(file.position_lock_) {}
        explicit operator bool() const { return static_cast<bool>(hold_); }

    private:
        SleepingLock::Hold hold_;
    };
    uint64_t position() const { return position_; }
    void set_position(uint64_t position) { position_ = position; }

    // What the inode keeps for this description (Inode::opened, Inode::closed), such as generated text.
    void *state = nullptr;

    // No call moves more at once (read(2), NOTES): so that counts fit an int, page aligned.
    static constexpr size_t MaxTransfer = 0x7ffff000;

    // How many there are on this machine, and how many there may be: then open() answers FileTableOverflow.
    static uint64_t count();
    static uint64_t limit();

private:
    // The caller of a method has one reference and a table of descriptors another.
    bool shares_position() const
    {
        return inode_->is_regular() && references_.load(std::memory_order_relaxed) > 2;
    }
    Result<size_t> read_held(UserBuffer &to);
    Result<size_t> write_held(UserBuffer &from);
    void close();
    Result<size_t> read_at_position(UserBuffer &to);
    Result<size_t> write_at_position(UserBuffer &from);

    std::atomic<uint32_t> references_{1};
    Ref<Inode> inode_;
    SleepingLock position_lock_;
    uint32_t flags_;
    bool is_readable_, is_writable_; // as the flags say: that never changes
    bool is_seekable_;               // as the inode says
    uint64_t position_ = 0;
    bool was_opened_ = false; // the inode knows of this description
};

} // namespace kernel
