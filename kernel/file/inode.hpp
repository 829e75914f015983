// Inode: a thing that a path can name: a file, a directory, a symbolic link, a device.
//
// One class for all of them; a kind of file overrides what it can do and inherits the right error for the
// rest. An inode knows nothing of descriptors or positions: that is File (file.hpp). Inodes count their
// references: names, open files, mappings and working directories; the last one frees what nothing names any
// more. Those that are there from boot keep one for ever.
#pragma once

#include "kernel/file/user_buffer.hpp"
#include "lib/format.hpp"
#include "lib/ref.hpp"
#include "lib/result.hpp"
#include "mm/memory_object.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace kernel {

using lib::Errno;
using lib::Ref;
using lib::Result;

class File;
class TreeNode;
class Pipe;
struct FileLocks;
class PollWatch;

// The type bits of st_mode (inode(7)).
enum class FileType : uint32_t {
    Fifo = 0010000,
    CharacterDevice = 0020000,
    Directory = 0040000,
    BlockDevice = 0060000,
    Regular = 0100000,
    SymbolicLink = 0120000,
};

// A point in time, since 1970.
struct Timestamp {
    constexpr Timestamp(int64_t seconds = 0, uint32_t nanoseconds = 0)
        : seconds(seconds), nanoseconds(nanoseconds)
    {}
    // Of files that only know when they were modified.
    static constexpr Timestamp unknown() { return {0, UINT32_MAX}; }
    constexpr bool is_known() const { return nanoseconds != UINT32_MAX; }
    constexpr auto operator<=>(const Timestamp &) const = default;

    int64_t seconds;
    uint32_t nanoseconds;
};
// Now, by the clock of CLOCK_REALTIME.
Timestamp file_time();

// What stat(2) tells, apart from its layout in memory.
struct FileStatus {
    uint64_t device = 0; // st_dev, in Linux's encoding (make_device)
    uint64_t number = 0; // st_ino
    FileType type = FileType::Regular;
    uint32_t permissions = 0;   // the lower 12 bits of st_mode
    uint64_t links = 1;         // st_nlink
    uint64_t device_number = 0; // st_rdev
    uint64_t size = 0;
    uint64_t block_size = 4096;
    uint64_t blocks = 0; // of 512 bytes
    Timestamp modified;
    Timestamp accessed = Timestamp::unknown(); // then, and of the next two as well, `modified` is given
    Timestamp changed = Timestamp::unknown();
    Timestamp created = Timestamp::unknown();
    uint32_t user = 0;
    uint32_t group = 0;

    uint32_t mode() const { return static_cast<uint32_t>(type) | permissions; }
};

// A device's number as user programs see it (Linux's new_encode_dev; makedev(3) for small numbers).
constexpr uint64_t make_device(uint32_t major, uint32_t minor)
{
    return (minor & 0xff) | (uint64_t{major} << 8) | (uint64_t{minor & ~0xffu} << 12);
}

// lseek(2)'s third argument.
enum class Whence : uint32_t { Set = 0, Current = 1, End = 2, Data = 3, Hole = 4 };

// Receives a directory's entries, in order; `cookie` is where to go on after this one. Returning false stops.
// "." and ".." are the caller's business and have the cookies below FirstCookie. It may sleep: what can go
// away, whoever lists looks up again after each entry.
inline constexpr uint64_t FirstCookie = 3, LastCookie = INT64_MAX;
class DirectoryVisitor {
public:
    virtual bool entry(std::string_view name, uint64_t number, FileType type, uint64_t cookie) = 0;

protected:
    ~DirectoryVisitor() = default;
};

// What is to be created in a directory (open(2), mkdir(2), mknod(2), symlink(2)).
struct NewNode {
    FileType type = FileType::Regular;
    uint32_t permissions = 0666;
    uint64_t device_number = 0;
    std::string_view text{}; // of a symbolic link
};

// unlink(2) or rmdir(2).
enum class Removal : bool { Name, Directory };

// What chmod(2), chown(2) and utimensat(2) change: what is not given stays.
struct AttributeChange {
    static constexpr uint32_t Keep = UINT32_MAX;
    uint32_t permissions = Keep;
    uint32_t user = Keep;
    uint32_t group = Keep;
    Timestamp accessed = Timestamp::unknown();
    Timestamp modified = Timestamp::unknown();
};

// fallocate(2).
struct Allocation {
    uint64_t offset = 0, length = 0;
    bool keep_size = false, punch_hole = false, zero_range = false;
};

// F_SEAL_… (fcntl(2)).
namespace seal {
inline constexpr uint32_t Seal = 1, Shrink = 2, Grow = 4, Write = 8, FutureWrite = 16;
inline constexpr uint32_t All = 31;
} // namespace seal

// The largest offset in a file (Linux's MAX_LFS_FILESIZE).
inline constexpr uint64_t MaxFileSize = INT64_MAX;

class Inode : public mm::PageSource {
public:
    explicit Inode(FileType type) : type_(type) {}
    Inode(const Inode &) = delete;
    Inode &operator=(const Inode &) = delete;

    void share() { references_.fetch_add(1, std::memory_order_relaxed); }
    void drop();

    FileType type() const { return type_; }
    bool is_directory() const { return type_ == FileType::Directory; }
    bool is_regular() const { return type_ == FileType::Regular; }
    bool is_symbolic_link() const { return type_ == FileType::SymbolicLink; }
    virtual FileStatus status() const = 0;
    // The absolute path, as /proc/self/maps and getcwd(2) show it.
    virtual void write_path(lib::TextSink &sink) const = 0;

    // --- Directories. Others: NotDirectory.
    // The entry `name`, which is neither "." nor ".." nor empty. NoEntry.
    virtual Result<Ref<Inode>> lookup(std::string_view name);
    // ".."; the root is its own parent.
    virtual Result<Ref<Inode>> parent();
    // Why nothing can be created in it, when nothing can.
    virtual Errno creation_error() const { return Errno::NoEntry; }
    // A new entry `name`, which is neither "." nor "..". Exists, NoEntry (the directory has been removed),
    // NameTooLong, NoSpace, NoMemory, or creation_error().
    virtual Result<Ref<Inode>> create(std::string_view name, const NewNode &what);
    // A regular file without a name (O_TMPFILE), which link(2) may give it one or not. NotSupported.
    virtual Result<Ref<Inode>> create_unnamed(uint32_t permissions, bool may_get_name);
    // Takes an entry away. NoEntry, NotDirectory, IsDirectory, NotEmpty, Busy, NotPermitted.
    virtual Result<void> remove(std::string_view name, Removal how);
    // Removed from the tree: only those who had it before can still reach it.
    virtual bool is_removed() const { return false; }
    // All entries whose cookie is above `after`.
    virtual Result<void> list(uint64_t after, DirectoryVisitor &visitor);

    // --- Symbolic links. Others: Invalid.
    virtual Result<void> read_link(lib::TextSink &sink);
    // Links that lead to an inode whatever they say when read (/proc/self/exe). Null: follow link_text().
    virtual Result<Ref<Inode>> link_target() { return Ref<Inode>{}; }
    // The path of other links; the text stays as long as the inode.
    virtual std::string_view link_text() const { return {}; }

    // --- Regular files and devices.
    // Called once for each open file description; may keep state in it.
    virtual Result<void> opened(File &) { return {}; }
    virtual void closed(File &) {}
    // Reads at `offset` into the program's memory. Short counts at the end of the file and where the memory
    // stops; 0 is the end of the file. BadAddress when not even one byte could be stored.
    virtual Result<size_t> read(File &file, uint64_t offset, UserBuffer &to);
    virtual Result<size_t> write(File &file, uint64_t offset, UserBuffer &from);
    // A write to the end of the file, wherever that is now (O_APPEND); `end`: the position behind it.
    virtual Result<size_t> append(File &file, UserBuffer &from, uint64_t &end);
    // False: a stream without positions; lseek(2) and pread(2) say IllegalSeek.
    virtual bool is_seekable() const { return true; }
    // lseek(2): the new position, which the caller sets. Invalid, NoSuchDevice (SEEK_DATA past the end),
    // IllegalSeek.
    virtual Result<uint64_t> seek(const File &file, int64_t offset, Whence whence);
    // Whether writing may be asked for.
    virtual Result<void> may_write() const { return {}; }
    // truncate(2): bytes behind the new end are gone; those up to it that were not there are zero. Invalid,
    // TextBusy, FileTooBig, NoSpace, NoMemory.
    virtual Result<void> truncate(uint64_t size);
    virtual Result<void> allocate(const Allocation &what);
    // chmod(2), chown(2), utimensat(2). NotPermitted.
    virtual Result<void> change_attributes(const AttributeChange &change);
    // fcntl(F_GET_SEALS, F_ADD_SEALS): what is no longer allowed to be done to the file. Invalid: it knows no
    // seals. NotPermitted, Busy.
    virtual Result<uint32_t> seals() const { return Errno::Invalid; }
    virtual Result<void> add_seals(uint32_t) { return Errno::Invalid; }
    // It is the file of a running program: nobody may write to it. TextBusy: somebody can. As often as
    // forbid_writing() succeeded, allow_writing() must follow.
    virtual Result<void> forbid_writing() { return {}; }
    virtual void allow_writing() {}
    // Its directory was listed, or its link read: the access time moves on as on Linux (relatime).
    virtual void note_access() {}
    virtual bool is_terminal() const { return false; }
    // The pipe behind it, owned by the inode; null: it is none.
    virtual Pipe *pipe() { return nullptr; }
    // Whether it can be opened with O_DIRECT.
    virtual bool takes_direct() const { return false; }
    // fsync(2): what was written is where it survives a power failure. Invalid: there is no such place.
    virtual Result<void> synchronise() { return Errno::Invalid; }
    // ioctl(2): what only this kind of file knows.
    virtual Result<void> control(uint32_t /*command*/, mm::VirtAddr /*argument*/)
    {
        return Errno::NotTerminal;
    }
    // The events of poll_event (poll.hpp) that hold now for this description. `watch` is told of the queues
    // that are woken when there may be others.
    virtual uint32_t poll(const File &file, PollWatch &watch);
    // Its locks, once there were any (file_locks.hpp).
    FileLocks *locks() const { return locks_; }
    void set_locks(FileLocks *locks) { locks_ = locks; }
    // How many bytes can be read at `position` without waiting (ioctl FIONREAD).
    virtual Result<uint64_t> readable_bytes(uint64_t /*position*/) { return Errno::NotTerminal; }

    // Copies file contents into kernel memory: what exec reads headers with. The count, short at the end of
    // the file.
    virtual Result<size_t> read_at(uint64_t offset, std::span<std::byte> to);
    // The object whose pages are this file's, for mmap(2) and exec. The result stays owned by the inode:
    // share() it (AddressSpace::map does). NoDevice when the file cannot be mapped. `writable`: through a
    // description that is open for writing, so that what is written must be seen by all who map it so.
    virtual Result<mm::MemoryObject *> memory_object(bool writable = false);
    // Mapping this is asking for anonymous memory: /dev/zero.
    virtual bool maps_as_anonymous() const { return false; }

    // mm::PageSource: by default through read_at() and status().
    Result<void> read_page(uint64_t index, mm::PhysAddr frame) override;
    uint64_t size() const override { return status().size; }
    // A mapping keeps the file.
    void retain() override { share(); }
    void release() override { drop(); }

    // The node in the tree of files, if it is one.
    virtual TreeNode *tree_node() { return nullptr; }

protected:
    virtual ~Inode();
    // The last reference is gone. Frees what was made for it; those that live for ever never get here.
    virtual void destroy() {}

private:
    std::atomic<uint32_t> references_{1};
    FileLocks *locks_ = nullptr;
    FileType type_;
};

} // namespace kernel
