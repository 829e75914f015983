// What paths and new files depend on: the current directory and the umask. Processes that were made with
// CLONE_FS share them (clone(2)).
#pragma once

#include "kernel/file/inode.hpp"

namespace kernel {

class Directories {
public:
    // The caller owns one reference. NoMemory.
    static Result<Directories *> create(Ref<Inode> current, uint32_t umask);
    Directories(Ref<Inode> current, uint32_t umask) : current(std::move(current)), umask(umask) {}
    Directories(const Directories &) = delete;
    Directories &operator=(const Directories &) = delete;

    void share() { references_.fetch_add(1, std::memory_order_relaxed); }
    void drop();

    Ref<Inode> current;
    uint32_t umask; // umask(2)

private:
    std::atomic<uint32_t> references_{1};
};

} // namespace kernel
