#include "kernel/file/fifo.hpp"

#include "kernel/file/pipe_inode.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

namespace {

class Fifo final : public PipeInode<TreeNode> {
public:
    explicit Fifo(FileAttributes attributes) : PipeInode(FileType::Fifo, attributes) {}
    Result<void> opened(File &file) override { return pipe_.open_by_name(file); }

private:
    void free() override { mm::destroy(this); }
};

} // namespace

TreeNode *make_fifo(FileAttributes attributes)
{
    auto *made = mm::create<Fifo>(attributes);
    if (!made || made->init().ok()) return made;
    mm::destroy(made);
    return nullptr;
}

} // namespace kernel
