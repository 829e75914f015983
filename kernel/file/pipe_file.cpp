// A pipe without a name: the inode that both descriptors of pipe(2) lead to.
#include "kernel/file/pipe_inode.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

namespace {

constexpr uint64_t FirstNumber = 2000;
constinit std::atomic<uint64_t> next_number{FirstNumber};

class UnnamedPipe final : public PipeInode<Inode> {
public:
    UnnamedPipe() : PipeInode(FileType::Fifo) {}

    FileStatus status() const override
    {
        return {.device = make_device(0, 13), // Linux's pipefs
                .number = number_,
                .type = FileType::Fifo,
                .permissions = 0600,
                .modified = created_};
    }
    void write_path(lib::TextSink &sink) const override { lib::format(sink, "pipe:[{}]", number_); }
    Result<void> opened(File &file) override
    {
        pipe_.add_end(file);
        return {};
    }

protected:
    void destroy() override { mm::destroy(this); }

private:
    uint64_t number_ = next_number.fetch_add(1, std::memory_order_relaxed);
    Timestamp created_ = file_time();
};

} // namespace

Result<PipeEnds> make_pipe(uint32_t flags)
{
    auto *inode = mm::create<UnnamedPipe>();
    if (!inode) return Errno::NoMemory;
    auto owner = Ref<Inode>::adopt(inode);
    TRY_VOID(inode->init());
    TRY_LET(reader, File::open(owner, flags & ~open_flags::Direct)); // who writes makes packets
    TRY_LET(writer, File::open(owner, flags | open_flags::WriteOnly));
    return PipeEnds{std::move(reader), std::move(writer)};
}

} // namespace kernel
