// What an inode answers when its kind of file cannot do what it is asked. See inode.hpp.
#include "kernel/file/inode.hpp"

#include "mm/machine.hpp"

#include <cstring>

namespace kernel {

void Inode::drop()
{
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy();
}

Result<Ref<Inode>> Inode::lookup(std::string_view) { return Errno::NotDirectory; }
Result<Ref<Inode>> Inode::parent() { return Errno::NotDirectory; }
Result<void> Inode::list(uint64_t, DirectoryVisitor &) { return Errno::NotDirectory; }
Result<void> Inode::read_link(lib::TextSink &) { return Errno::Invalid; }
Result<mm::MemoryObject *> Inode::memory_object() { return Errno::NoDevice; }

Result<size_t> Inode::read(File &, uint64_t, UserBuffer)
{
    return is_directory() ? Errno::IsDirectory : Errno::Invalid;
}
Result<size_t> Inode::write(File &, uint64_t, UserBuffer) { return Errno::Invalid; }
Result<size_t> Inode::read_at(uint64_t, std::span<std::byte>)
{
    return is_directory() ? Errno::IsDirectory : Errno::Invalid;
}

Result<void> Inode::read_page(uint64_t index, mm::PhysAddr frame)
{
    auto *page = static_cast<std::byte *>(mm::machine::window(frame));
    size_t count = TRY(read_at(index << mm::PageShift, {page, mm::PageSize}));
    std::memset(page + count, 0, mm::PageSize - count);
    return {};
}

} // namespace kernel
