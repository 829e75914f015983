// PipeInode: what is the same for a pipe without a name (Base: Inode) and for a FIFO (Base: TreeNode): all
// that is done with it once it is open.
#pragma once

#include "kernel/file/pipe.hpp"

namespace kernel {

template <typename Base> class PipeInode : public Base {
public:
    using Base::Base;
    // Before anything else. NoMemory.
    Result<void> init() { return pipe_.init(); }

    void closed(File &file) override { pipe_.remove_end(file); }
    bool is_seekable() const override { return false; }
    [[gnu::hot]] Result<size_t> read(File &file, uint64_t, UserBuffer &to) override
    {
        return pipe_.read(file, to);
    }
    [[gnu::hot]] Result<size_t> write(File &file, uint64_t, UserBuffer &from) override
    {
        return pipe_.write(file, from);
    }
    uint32_t poll(const File &file, PollWatch &watch) override { return pipe_.poll(file, watch); }
    Result<uint64_t> readable_bytes(uint64_t) override { return pipe_.bytes(); }
    Pipe *pipe() override { return &pipe_; }

protected:
    Pipe pipe_;
};

} // namespace kernel
