// swapon, swapoff: see kernel/process/swap_disks.hpp.
#include "kernel/process/swap_disks.hpp"

#include "kernel/log.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/path_argument.hpp"

namespace kernel::syscalls {

namespace {

// SWAP_FLAG_… (include/linux/swap.h). Discarding what is no longer used would be a help to the disk; Linux,
// too, takes the flags for a disk that cannot do it.
constexpr uint32_t PriorityMask = 0x7fff, Prefer = 0x8000;
constexpr uint32_t Discard = 0x10000, DiscardOnce = 0x20000, DiscardPages = 0x40000;
constexpr uint32_t KnownFlags = PriorityMask | Prefer | Discard | DiscardOnce | DiscardPages;
constexpr int NextLower = -1;

// As if it were opened for reading and writing.
Result<Ref<Inode>> find_swap_file(const PathArgument &path)
{
    TRY_LET(inode, find_at(at::CurrentDirectory, path.text(), LastLink::Follow));
    if (inode->is_directory()) return Errno::IsDirectory;
    TRY_VOID(inode->may_write());
    return inode;
}

} // namespace

Result<void> swapon(VirtAddr path, uint32_t flags)
{
    if (flags & ~KnownFlags) return Errno::Invalid;
    PathArgument argument;
    TRY_VOID(argument.copy(path));
    TRY_LET(inode, find_swap_file(argument));
    int priority = flags & Prefer ? static_cast<int>(flags & PriorityMask) : NextLower;
    std::string_view why;
    Result<void> result = swap_on(*inode, priority, why);
    if (!result.ok()) log_error("swapon {}: {}", argument.text(), why);
    return result;
}

Result<void> swapoff(VirtAddr path)
{
    PathArgument argument;
    TRY_VOID(argument.copy(path));
    TRY_LET(inode, find_swap_file(argument));
    return swap_off(*inode);
}

} // namespace kernel::syscalls
