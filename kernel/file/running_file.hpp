// RunningFile: the file of a running program. While there is one, nobody can open the file for writing
// (ETXTBSY); and nobody can run a file that is open for writing.
#pragma once

#include "kernel/file/inode.hpp"

#include <utility>

namespace kernel {

class RunningFile {
public:
    RunningFile() = default;
    // TextBusy.
    static Result<RunningFile> of(const Ref<Inode> &inode)
    {
        TRY_VOID(inode->forbid_writing());
        RunningFile file;
        file.inode_ = inode;
        return file;
    }
    RunningFile(const RunningFile &other) : inode_(other.inode_)
    {
        if (inode_) (void)inode_->forbid_writing(); // nobody can write to it: it does not fail
    }
    RunningFile(RunningFile &&other) noexcept : inode_(std::move(other.inode_)) {}
    RunningFile &operator=(RunningFile other) noexcept
    {
        std::swap(inode_, other.inode_);
        return *this;
    }
    ~RunningFile()
    {
        if (inode_) inode_->allow_writing();
    }

    // Null: there is none.
    const Ref<Inode> &inode() const { return inode_; }

private:
    Ref<Inode> inode_;
};

} // namespace kernel
