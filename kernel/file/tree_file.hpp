// TreeFile: a regular file in the tree. One of the archive is read where the loader put it, until somebody
// changes it: then it is copied up into memory, and is like any file that a program has created.
#pragma once

#include "kernel/file/file_memory.hpp"
#include "kernel/file/tree.hpp"
#include "kernel/process/sleeping_lock.hpp"

namespace kernel {

class TreeFile final : public TreeNode {
public:
    // Empty, to be written.
    explicit TreeFile(FileAttributes attributes) : TreeNode(FileType::Regular, attributes) {}
    // Of the archive; the contents must stay.
    TreeFile(std::span<const std::byte> contents, FileAttributes attributes)
        : TreeNode(FileType::Regular, attributes)
    {
        set_contents(contents);
    }
    ~TreeFile() override;
    void set_contents(std::span<const std::byte> contents)
    {
        archive_ = contents;
        size_ = contents.size();
        is_in_archive_ = true;
    }

    FileStatus status() const override;
    uint64_t size() const override { return size_; }
    Result<void> opened(File &file) override;
    void closed(File &file) override;
    Result<size_t> read(File &file, uint64_t offset, UserBuffer &to) override;
    Result<size_t> write(File &file, uint64_t offset, UserBuffer &from) override;
    Result<size_t> append(File &file, UserBuffer &from, uint64_t &end) override;
    Result<uint64_t> seek(const File &file, int64_t offset, Whence whence) override;
    Result<void> truncate(uint64_t size) override;
    Result<void> allocate(const Allocation &what) override;
    Result<void> synchronise() override { return {}; }
    Result<uint64_t> readable_bytes(uint64_t position) override
    {
        return position < size_ ? size_ - position : 0;
    }
    Result<size_t> read_at(uint64_t offset, std::span<std::byte> to) override;
    Result<mm::MemoryObject *> memory_object(bool writable) override;
    Result<void> read_page(uint64_t index, mm::PhysAddr frame) override;
    Result<void> allow_page() override;
    Result<uint32_t> seals() const override { return seals_; }
    Result<void> add_seals(uint32_t seals) override;
    // Before anybody else has it: seals may be added (memfd_create(2)).
    void allow_seals() { seals_ = 0; }
    Result<void> forbid_writing() override;
    void allow_writing() override;

protected:
    void free() override;
    void restore_contents() override;

private:
    std::span<const std::byte> archive_from(uint64_t offset) const
    {
        return archive_.subspan(offset < archive_.size() ? offset : archive_.size());
    }
    Result<void> prepare_to_write();
    Result<void> copy_up();
    void leave_archive();
    Result<size_t> write_held(uint64_t offset, UserBuffer &from);
    Result<void> truncate_held(uint64_t size);
    void forget_archive_pages();
    void count_pages();
    bool is_mapped_to_write() const;

    std::span<const std::byte> archive_;
    bool is_in_archive_ = false;
    uint64_t size_ = 0;
    mm::MemoryObject *archive_pages_ = nullptr; // mapped pages of one that is in the archive still
    FileMemory memory_;
    uint64_t counted_pages_ = 0; // how many of them the file system knows of
    uint32_t seals_ = seal::Seal;
    int32_t users_ = 0; // so many can write; negative: so many run it
    SleepingLock lock_; // whoever changes contents or size
};

// What setrlimit(RLIMIT_FSIZE) leaves of a write of `bytes` at `offset`. FileTooBig: nothing, and the program
// is sent SIGXFSZ; or no file can be that long.
Result<uint64_t> allowed_by_size_limit(uint64_t offset, uint64_t bytes);

} // namespace kernel
