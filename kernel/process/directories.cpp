#include "kernel/process/directories.hpp"

#include "mm/kernel_heap.hpp"

namespace kernel {

Result<Directories *> Directories::create(Ref<Inode> current, uint32_t umask)
{
    auto *directories = mm::create<Directories>(std::move(current), umask);
    if (directories == nullptr) return Errno::NoMemory;
    return directories;
}

void Directories::drop()
{
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) mm::destroy(this);
}

} // namespace kernel
