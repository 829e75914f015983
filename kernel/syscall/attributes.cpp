// chmod, chown, utime and their relatives; extended attributes, of which there are none.
#include "kernel/file/file_table.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/path_argument.hpp"

namespace kernel::syscalls {

namespace {

constexpr uint32_t KeepId = UINT32_MAX; // chown(2): -1
// utimensat(2).
constexpr int64_t Now = 0x3fffffff, Omit = 0x3ffffffe; // UTIME_NOW, UTIME_OMIT
constexpr int64_t Second = 1'000'000'000;

struct UserTime {
    int64_t seconds, fraction; // nanoseconds, or of utimes(2) microseconds
};
struct UserTimes {
    UserTime accessed, modified;
};

Result<void> change_at(int directory, VirtAddr path, uint32_t flags, const AttributeChange &change)
{
    PathArgument name;
    TRY_VOID(name.copy(path));
    LastLink last = flags & at::SymlinkNoFollow ? LastLink::Keep : LastLink::Follow;
    TRY_LET(inode, find_at(directory, name.text(), last, flags & at::EmptyPath));
    return inode->change_attributes(change);
}

Result<void> change_open(uint32_t descriptor, const AttributeChange &change)
{
    TRY_LET(file, current_process().files().find(static_cast<int>(descriptor)));
    return file->inode().change_attributes(change);
}

AttributeChange permissions_change(uint32_t mode)
{
    return {.permissions = mode & 07777};
}

AttributeChange owner_change(uint32_t user, uint32_t group)
{
    static_assert(AttributeChange::Keep == KeepId);
    return {.user = user, .group = group};
}

Result<Timestamp> timestamp_of(const UserTime &time, Timestamp now)
{
    if (time.fraction == Omit) return Timestamp::unknown();
    if (time.fraction == Now) return now;
    if (time.fraction < 0 || time.fraction >= Second) return Errno::Invalid;
    return Timestamp{time.seconds, static_cast<uint32_t>(time.fraction)};
}

// `times`: null for now. Nothing to change is no error.
Result<AttributeChange> times_change(const UserTimes *times)
{
    Timestamp now = file_time();
    if (times == nullptr) return AttributeChange{.accessed = now, .modified = now};
    return AttributeChange{.accessed = TRY(timestamp_of(times->accessed, now)),
                           .modified = TRY(timestamp_of(times->modified, now))};
}

// An access time that is to be what it was is no change at all.
bool changes_nothing(const AttributeChange &change)
{
    return !change.accessed.is_known() && !change.modified.is_known();
}

Result<void> set_times_at(int directory, VirtAddr path, const UserTimes *times, uint32_t flags)
{
    AttributeChange change = TRY(times_change(times));
    if (path == VirtAddr{} && directory != at::CurrentDirectory) {
        if (flags != 0) return Errno::Invalid;
        TRY_LET(file, current_process().files().find(directory));
        return changes_nothing(change) ? Result<void>{} : file->inode().change_attributes(change);
    }
    if (changes_nothing(change)) return {}; // without a look at the path (do_utimes)
    return change_at(directory, path, flags, change);
}

Result<UserTimes> in_nanoseconds(UserTimes times)
{
    for (UserTime *time : {&times.accessed, &times.modified}) {
        if (time->fraction < 0 || time->fraction >= 1'000'000) return Errno::Invalid;
        time->fraction *= 1000;
    }
    return times;
}

// Extended attributes: whether there is such a file comes first.
Result<void> find_for_attributes(VirtAddr path, LastLink last)
{
    PathArgument name;
    TRY_VOID(name.copy(path));
    TRY_LET(inode, find_at(at::CurrentDirectory, name.text(), last));
    return {};
}
Result<void> find_for_attributes(uint32_t descriptor)
{
    TRY_LET(file, current_process().files().find(static_cast<int>(descriptor)));
    return {};
}

} // namespace

Result<void> fchmodat(int directory, VirtAddr path, uint32_t mode)
{
    return change_at(directory, path, 0, permissions_change(mode));
}
Result<void> chmod(VirtAddr path, uint32_t mode)
{
    return fchmodat(at::CurrentDirectory, path, mode);
}
Result<void> fchmod(uint32_t descriptor, uint32_t mode)
{
    return change_open(descriptor, permissions_change(mode));
}

Result<void> fchownat(int directory, VirtAddr path, uint32_t user, uint32_t group, uint32_t flags)
{
    if (flags & ~(at::SymlinkNoFollow | at::EmptyPath)) return Errno::Invalid;
    return change_at(directory, path, flags, owner_change(user, group));
}
Result<void> chown(VirtAddr path, uint32_t user, uint32_t group)
{
    return fchownat(at::CurrentDirectory, path, user, group, 0);
}
Result<void> lchown(VirtAddr path, uint32_t user, uint32_t group)
{
    return fchownat(at::CurrentDirectory, path, user, group, at::SymlinkNoFollow);
}
Result<void> fchown(uint32_t descriptor, uint32_t user, uint32_t group)
{
    return change_open(descriptor, owner_change(user, group));
}

Result<void> utimensat(int directory, VirtAddr path, VirtAddr times, uint32_t flags)
{
    if (times == VirtAddr{}) {
        if (flags & ~(at::SymlinkNoFollow | at::EmptyPath)) return Errno::Invalid;
        return set_times_at(directory, path, nullptr, flags);
    }
    auto user = TRY(read_user<UserTimes>(times));
    if (user.accessed.fraction == Omit && user.modified.fraction == Omit) return {};
    if (flags & ~(at::SymlinkNoFollow | at::EmptyPath)) return Errno::Invalid;
    return set_times_at(directory, path, &user, flags);
}

Result<void> futimesat(int directory, VirtAddr path, VirtAddr times)
{
    if (times == VirtAddr{}) return set_times_at(directory, path, nullptr, 0);
    UserTimes user = TRY(in_nanoseconds(TRY(read_user<UserTimes>(times))));
    return set_times_at(directory, path, &user, 0);
}
Result<void> utimes(VirtAddr path, VirtAddr times)
{
    return futimesat(at::CurrentDirectory, path, times);
}

Result<void> utime(VirtAddr path, VirtAddr times)
{
    if (times == VirtAddr{}) return set_times_at(at::CurrentDirectory, path, nullptr, 0);
    struct Seconds {
        int64_t accessed, modified;
    };
    auto seconds = TRY(read_user<Seconds>(times));
    UserTimes user{{seconds.accessed, 0}, {seconds.modified, 0}};
    return set_times_at(at::CurrentDirectory, path, &user, 0);
}

Result<void> setxattr(VirtAddr path)
{
    TRY_VOID(find_for_attributes(path, LastLink::Follow));
    return Errno::NotSupported;
}
Result<void> lsetxattr(VirtAddr path)
{
    TRY_VOID(find_for_attributes(path, LastLink::Keep));
    return Errno::NotSupported;
}
Result<void> fsetxattr(uint32_t descriptor)
{
    TRY_VOID(find_for_attributes(descriptor));
    return Errno::NotSupported;
}
Result<uint64_t> listxattr(VirtAddr path)
{
    TRY_VOID(find_for_attributes(path, LastLink::Follow));
    return uint64_t{0};
}
Result<uint64_t> llistxattr(VirtAddr path)
{
    TRY_VOID(find_for_attributes(path, LastLink::Keep));
    return uint64_t{0};
}
Result<uint64_t> flistxattr(uint32_t descriptor)
{
    TRY_VOID(find_for_attributes(descriptor));
    return uint64_t{0};
}

} // namespace kernel::syscalls
