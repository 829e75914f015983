// getcwd, chdir, fchdir, getdents64.
#include "kernel/file/file_table.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/path_argument.hpp"
#include "mm/kernel_heap.hpp"

#include <algorithm>
#include <cstring>

namespace kernel::syscalls {

namespace {

// struct linux_dirent64, up to the name.
struct EntryHeader {
    uint64_t inode;
    int64_t next;    // the position behind this entry
    uint16_t length; // of the whole entry
    uint8_t type;    // DT_…: the type bits of st_mode
} __attribute__((packed));
static_assert(sizeof(EntryHeader) == 19);

// Puts entries into the program's buffer until it is full.
class EntryWriter final : public DirectoryVisitor {
public:
    explicit EntryWriter(UserBuffer &to) : to_(to) {}

    bool entry(std::string_view name, uint64_t number, FileType type, uint64_t cookie) override
    {
        size_t used = sizeof(EntryHeader) + name.size() + 1;
        size_t length = (used + 7) & ~size_t{7};
        if (length > to_.size()) {
            // The first entry does not fit: there is no other way to say so than an error.
            if (done_ == 0) problem_ = Errno::Invalid;
            return false;
        }
        EntryHeader header{.inode = number,
                           .next = static_cast<int64_t>(cookie),
                           .length = static_cast<uint16_t>(length),
                           .type = static_cast<uint8_t>(static_cast<uint32_t>(type) >> 12)};
        if (to_.store(&header, sizeof header) < sizeof header ||
            to_.store(name.data(), name.size()) < name.size() ||
            to_.store_zeros(length - used + 1) < length - used + 1) {
            problem_ = Errno::BadAddress;
            return false;
        }
        done_ += length;
        last_ = cookie;
        return true;
    }

    size_t done() const { return done_; }
    uint64_t last() const { return last_; }
    Result<void> problem() const
    {
        if (done_ == 0 && problem_ != Errno{}) return problem_;
        return {};
    }

private:
    UserBuffer &to_;
    size_t done_ = 0;
    uint64_t last_ = 0;
    Errno problem_{};
};

} // namespace

Result<uint64_t> getcwd(VirtAddr buffer, uint64_t size)
{
    auto *text = static_cast<char *>(mm::heap_allocate(MaxPath));
    if (!text) return Errno::NoMemory;
    lib::BufferSink sink({text, MaxPath - 1});
    Ref<Inode> cwd = current_process().cwd();
    bool is_removed = cwd->is_removed();
    cwd->write_path(sink);
    size_t length = sink.text().size() + 1;
    text[length - 1] = '\0';
    Result<void> result;
    if (is_removed)
        result = Errno::NoEntry;
    else if (sink.overflowed())
        result = Errno::NameTooLong;
    else if (length > size)
        result = Errno::Range;
    else
        result = copy_to_user(buffer, text, length);
    mm::heap_free(text);
    if (!result.ok()) return result.error();
    return length;
}

Result<void> chdir(VirtAddr path)
{
    PathArgument name;
    TRY_VOID(name.copy(path));
    TRY_LET(inode, find_at(at::CurrentDirectory, name.text(), LastLink::Follow));
    if (!inode->is_directory()) return Errno::NotDirectory;
    current_process().set_cwd(std::move(inode));
    return {};
}

Result<void> fchdir(uint32_t descriptor)
{
    TRY_LET(file, current_process().files().find_any(static_cast<int>(descriptor)));
    if (!file->inode().is_directory()) return Errno::NotDirectory;
    current_process().set_cwd(Ref<Inode>(file->inode()));
    return {};
}

Result<uint64_t> getdents64(uint32_t descriptor, VirtAddr buffer, uint32_t size)
{
    TRY_LET(file, current_process().files().find(static_cast<int>(descriptor)));
    Inode &directory = file->inode();
    if (!directory.is_directory()) return Errno::NotDirectory;
    File::PositionHold hold(*file);
    if (!hold) return Errno::Interrupted;
    // "." and ".." are the same everywhere, with the positions 1 and 2.
    UserBuffer to(buffer, size);
    EntryWriter writer(to);
    if (directory.is_removed()) return Errno::NoEntry;
    directory.note_access();
    uint64_t position = file->position();
    bool room = true;
    if (position < 1) room = writer.entry(".", directory.status().number, FileType::Directory, 1);
    if (room && position < 2) {
        TRY_LET(parent, directory.parent());
        room = writer.entry("..", parent->status().number, FileType::Directory, 2);
    }
    if (room) TRY_VOID(directory.list(std::max<uint64_t>(position, 2), writer));
    TRY_VOID(writer.problem());
    if (writer.done() != 0) file->set_position(writer.last());
    return writer.done();
}

} // namespace kernel::syscalls
