// The tree of all files. See files.hpp.
#include "kernel/file/files.hpp"

#include "kernel/file/archive.hpp"
#include "kernel/file/console_file.hpp"
#include "kernel/file/devices.hpp"
#include "kernel/file/path.hpp"
#include "kernel/file/proc.hpp"
#include "kernel/file/tree.hpp"
#include "kernel/panic.hpp"
#include "mm/kernel_heap.hpp"
#include "mm/swap.hpp"

#include <algorithm>
#include <atomic>

namespace kernel {

namespace {

constexpr uint64_t TmpfsMagic = 0x01021994, ProcMagic = 0x9fa0; // include/uapi/linux/magic.h
// The tmpfs that programs know by their paths; the numbers are Linux's, or the first that would be free
// there.
[[gnu::section(".data.large")]] constinit FileSystem systems[FileSystemCount] = {
    {"/", "rootfs", "rootfs", make_device(0, 2), TmpfsMagic},
    {"/dev", "devtmpfs", "devtmpfs", make_device(0, 5), TmpfsMagic},
    {"/proc", "proc", "proc", proc::Device, ProcMagic},
    {"/tmp", "tmpfs", "tmpfs", make_device(0, 24), TmpfsMagic},
    {"/dev/shm", "tmpfs", "tmpfs", make_device(0, 25), TmpfsMagic},
};
constinit FileSystem memory_files{{}, "tmpfs", "tmpfs", make_device(0, 1), TmpfsMagic};
enum Index : unsigned { Root, Dev, Proc, Temporary, SharedMemory };

constinit TreeDirectory *root = nullptr;

// What many may write to, but nobody may remove what belongs to others.
constexpr FileAttributes ForAll{.permissions = 01777};

TreeDirectory &make_directory(TreeDirectory &in, std::string_view name, FileSystem &file_system,
                              FileAttributes attributes = {})
{
    auto *made = mm::create<TreeDirectory>(attributes);
    if (!made || !in.add(name, *made).ok()) refuse("there is not enough memory for {}", file_system.path);
    made->mount(file_system);
    return *made;
}

constinit TreeDirectory *dev = nullptr;

} // namespace

Inode &root_directory()
{
    return *root;
}

// To count all frames takes longer than to fill one. So a count answers for some that follow: for as many as
// leave half of the room that it has found, whatever programs take meanwhile.
bool memory_has_room_for_files()
{
    constexpr uint64_t PartForPrograms = 32;
    constexpr uint64_t MostAnswers = 256;
    static constinit std::atomic<uint64_t> answers{0};
    if (answers.load(std::memory_order_relaxed) != 0) [[likely]] {
        answers.fetch_sub(1, std::memory_order_relaxed);
        return true;
    }
    uint64_t kept = mm::frames().total() / PartForPrograms;
    uint64_t room = mm::frames().free_count();
    if (room > kept) {
        answers.store(std::min((room - kept) / 2, MostAnswers), std::memory_order_relaxed);
        return true;
    }
    // What reclaim can make free, without a look at who uses it.
    return room + mm::frames().count(mm::FrameKind::File) + mm::free_slots() > kept;
}

FileSystem &file_system(unsigned index)
{
    return systems[index];
}
FileSystem &root_file_system()
{
    return systems[Root];
}
FileSystem &device_file_system()
{
    return systems[Dev];
}

FileSystem &memory_file_system()
{
    return memory_files;
}

const FileSystem *file_system_of(const Inode &inode)
{
    uint64_t device = inode.status().device;
    for (const FileSystem &each : systems) {
        if (each.device == device) return &each;
    }
    return memory_files.device == device ? &memory_files : nullptr;
}

// The archive may bring files for the directories that are file systems of their own.
void init_files(std::span<const std::byte> archive)
{
    root = mm::create<TreeDirectory>();
    if (!root) refuse("there is not enough memory for the root directory");
    root->mount(systems[Root]);
    dev = &make_directory(*root, "dev", systems[Dev]);
    make_directory(*dev, "shm", systems[SharedMemory], ForAll);
    make_directory(*root, "tmp", systems[Temporary], ForAll);
    add_archive(*root, archive);
}

void init_devices()
{
    // As Linux gives a tmpfs: half of all memory, and as many files as that has pages.
    for (FileSystem &each : systems) {
        if (each.magic == TmpfsMagic) each.set_limits(mm::frames().total() / 2, mm::frames().total() / 2);
    }
    memory_files.set_limits(UINT64_MAX, UINT64_MAX);
    add_devices(*dev);
    init_console_files(*dev);
    add_proc(*root);
    root->find("proc")->mount(systems[Proc]);
    remember_tree(*root);
}

void drain_files()
{
    restore_tree();
}

} // namespace kernel
