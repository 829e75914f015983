// dup, dup2, dup3, close_range, fcntl.
#include "kernel/file/file_table.hpp"
#include "kernel/file/pipe.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"

namespace kernel::syscalls {

namespace {

namespace command {
constexpr uint32_t Duplicate = 0;
constexpr uint32_t GetDescriptorFlags = 1;
constexpr uint32_t SetDescriptorFlags = 2;
constexpr uint32_t GetStatusFlags = 3;
constexpr uint32_t SetStatusFlags = 4;
constexpr uint32_t GetLock = 5; // F_GETLK, F_SETLK, F_SETLKW
constexpr uint32_t SetLockWait = 7;
constexpr uint32_t GetDescriptionLock = 36; // F_OFD_GETLK …
constexpr uint32_t SetDescriptionLockWait = 38;
constexpr uint32_t DuplicateCloseOnExec = 1030;
constexpr uint32_t AddSeals = 1033, GetSeals = 1034;
constexpr uint32_t SetPipeSize = 1031;
constexpr uint32_t GetPipeSize = 1032;
} // namespace command
constexpr uint64_t CloseOnExecBit = 1; // FD_CLOEXEC

// What fcntl(F_SETFL) may change.
constexpr uint32_t ChangeableFlags = open_flags::Append | open_flags::NonBlocking | open_flags::Direct |
                                     open_flags::NoAccessTime | open_flags::Asynchronous;

FileTable &files()
{
    return current_process().files();
}
uint64_t descriptor_limit()
{
    return current_process().limits().soft(Resource::OpenFiles);
}

Result<int64_t> pipe_size(Inode &inode, uint32_t command, uint64_t wanted)
{
    Pipe *pipe = inode.pipe();
    if (!pipe) return Errno::BadDescriptor;
    if (command == command::GetPipeSize) return static_cast<int64_t>(pipe->capacity());
    return static_cast<int64_t>(TRY(pipe->set_capacity(wanted)));
}

Result<int> duplicate(Ref<File> file, uint64_t lowest, bool close_on_exec)
{
    if (lowest >= descriptor_limit()) return Errno::Invalid;
    return files().add(std::move(file), close_on_exec, descriptor_limit(), static_cast<unsigned>(lowest));
}

} // namespace

Result<int> dup(uint32_t descriptor)
{
    TRY_LET(file, files().find_any(static_cast<int>(descriptor)));
    return files().add(std::move(file), false, descriptor_limit());
}

Result<int> dup3(uint32_t descriptor, uint32_t wanted, uint32_t flags)
{
    if (flags & ~open_flags::CloseOnExec) return Errno::Invalid;
    if (descriptor == wanted) return Errno::Invalid;
    if (wanted >= descriptor_limit()) return Errno::BadDescriptor;
    TRY_LET(file, files().find_any(static_cast<int>(descriptor)));
    TRY_VOID(files().replace(static_cast<int>(wanted), std::move(file), flags & open_flags::CloseOnExec));
    return static_cast<int>(wanted);
}

Result<int> dup2(uint32_t descriptor, uint32_t wanted)
{
    if (descriptor != wanted) return dup3(descriptor, wanted, 0);
    TRY_LET(file, files().find_any(static_cast<int>(descriptor)));
    return static_cast<int>(wanted);
}

Result<void> close_range(uint32_t first, uint32_t last, uint32_t flags)
{
    constexpr uint32_t Unshare = 1 << 1, CloseOnExec = 1 << 2; // CLOSE_RANGE_…
    if ((flags & ~(Unshare | CloseOnExec)) != 0 || first > last) return Errno::Invalid;
    if (flags & Unshare) TRY_VOID(current_process().stop_sharing_files());
    if (flags & CloseOnExec)
        files().mark_range(first, last);
    else
        files().close_range(first, last);
    return {};
}

Result<int64_t> fcntl(uint32_t descriptor, uint32_t command, uint64_t argument)
{
    int number = static_cast<int>(descriptor);
    TRY_LET(file, files().find_any(number));
    switch (command) {
    case command::Duplicate:
        return TRY(duplicate(std::move(file), static_cast<uint32_t>(argument), false));
    case command::DuplicateCloseOnExec:
        return TRY(duplicate(std::move(file), static_cast<uint32_t>(argument), true));
    case command::GetDescriptorFlags:
        return static_cast<int64_t>(TRY(files().close_on_exec(number)));
    case command::SetDescriptorFlags: {
        TRY_VOID(files().set_close_on_exec(number, argument & CloseOnExecBit));
        return int64_t{0};
    }
    case command::GetStatusFlags:
        return static_cast<int64_t>(file->flags());
    default:
        break;
    }
    if (file->is_path_only()) return Errno::BadDescriptor;
    if (command == command::GetPipeSize || command == command::SetPipeSize)
        return pipe_size(file->inode(), command, argument);
    if ((command >= command::GetLock && command <= command::SetLockWait) ||
        (command >= command::GetDescriptionLock && command <= command::SetDescriptionLockWait)) {
        TRY_VOID(record_lock(number, *file, command, VirtAddr{argument}));
        return int64_t{0};
    }
    if (command == command::GetSeals) return static_cast<int64_t>(TRY(file->inode().seals()));
    if (command == command::AddSeals) {
        TRY(file->inode().seals());
        if (!file->is_writable()) return Errno::NotPermitted;
        TRY_VOID(file->inode().add_seals(static_cast<uint32_t>(argument)));
        return int64_t{0};
    }
    if (command != command::SetStatusFlags) return Errno::Invalid;
    auto flags = static_cast<uint32_t>(argument);
    // Pipes know it: it makes packets of what is written.
    bool takes_direct = file->inode().type() == FileType::Fifo || file->inode().takes_direct();
    if ((flags & open_flags::Direct) && !takes_direct) return Errno::Invalid;
    file->set_flags((file->flags() & ~ChangeableFlags) | (flags & ChangeableFlags));
    return int64_t{0};
}

} // namespace kernel::syscalls
