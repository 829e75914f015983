// null, zero, full, random and urandom. See devices.hpp.
#include "kernel/file/devices.hpp"

#include "kernel/file/disk_file.hpp"
#include "kernel/file/file.hpp"
#include "kernel/file/tree.hpp"
#include "kernel/panic.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/random.hpp"
#include "mm/kernel_heap.hpp"

#include <algorithm>

namespace kernel {

namespace {

// How much to do before interrupts are let in.
constexpr size_t LongWork = 64 << 10;

class MemoryDevice : public TreeNode {
public:
    explicit MemoryDevice(uint32_t minor)
        : TreeNode(FileType::CharacterDevice, {.permissions = 0666}), number_(make_device(1, minor))
    {}
    FileStatus status() const override
    {
        FileStatus status = TreeNode::status();
        status.device_number = number_;
        return status;
    }
    // Whatever is asked, the position is and stays 0 (Linux: null_lseek, noop_llseek).
    Result<uint64_t> seek(const File &, int64_t, Whence) override { return uint64_t{0}; }

private:
    uint64_t number_;
};

class Null final : public MemoryDevice {
public:
    Null() : MemoryDevice(3) {}
    Result<size_t> read(File &, uint64_t, UserBuffer &) override { return size_t{0}; }
    Result<size_t> write(File &, uint64_t, UserBuffer &from) override { return from.size(); }
};

class Zero : public MemoryDevice {
public:
    explicit Zero(uint32_t minor = 5) : MemoryDevice(minor) {}
    Result<size_t> read(File &, uint64_t, UserBuffer &to) override
    {
        size_t done = 0;
        while (!to.empty()) {
            size_t wanted = std::min(to.size(), LongWork);
            size_t stored = to.store_zeros(wanted);
            done += stored;
            if (stored < wanted) return done_or_fault(done, true);
            if (!continue_long_work()) break;
        }
        return done;
    }
    Result<size_t> write(File &, uint64_t, UserBuffer &from) override { return from.size(); }
    bool maps_as_anonymous() const override { return true; }
};

class Full final : public Zero {
public:
    Full() : Zero(7) {}
    Result<size_t> write(File &, uint64_t, UserBuffer &) override { return Errno::NoSpace; }
    bool maps_as_anonymous() const override { return false; }
};

class Random final : public MemoryDevice {
public:
    explicit Random(uint32_t minor) : MemoryDevice(minor) {}
    Result<size_t> read(File &, uint64_t, UserBuffer &to) override { return random_to_user(to); }
    // What a program gives is stirred in; it can do no harm there.
    Result<size_t> write(File &, uint64_t, UserBuffer &from) override
    {
        std::byte piece[128];
        size_t done = 0;
        while (!from.empty()) {
            size_t wanted = std::min(from.size(), sizeof piece);
            size_t got = from.load(piece, wanted);
            stir_random({piece, got});
            done += got;
            if (got < wanted) return done_or_fault(done, true);
            if (!continue_long_work()) break;
        }
        return done;
    }
};

void add(TreeDirectory &dev, std::string_view name, TreeNode *node)
{
    if (!node || !dev.add(name, *node).ok()) refuse("there is not enough memory for /dev");
}

} // namespace

void add_devices(TreeDirectory &dev)
{
    add(dev, "null", mm::create<Null>());
    add(dev, "zero", mm::create<Zero>());
    add(dev, "full", mm::create<Full>());
    add(dev, "random", mm::create<Random>(8u));
    add(dev, "urandom", mm::create<Random>(9u));
    add_disk_files(dev);
    add(dev, "fd", mm::create<TreeLink>("/proc/self/fd", FileAttributes{}));
    add(dev, "stdin", mm::create<TreeLink>("/proc/self/fd/0", FileAttributes{}));
    add(dev, "stdout", mm::create<TreeLink>("/proc/self/fd/1", FileAttributes{}));
    add(dev, "stderr", mm::create<TreeLink>("/proc/self/fd/2", FileAttributes{}));
}

} // namespace kernel
