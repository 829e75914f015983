// A pipe without a name: the inode that both descriptors of pipe(2) lead to.
#include "kernel/file/pipe.hpp"
#include "kernel/time/clock.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

namespace {

constexpr uint64_t FirstNumber = 2000;
constinit std::atomic<uint64_t> next_number{FirstNumber};

class PipeInode final : public Inode {
public:
    PipeInode() : Inode(FileType::Fifo) {}
    Result<void> init() { return pipe_.init(); }

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
    void closed(File &file) override { pipe_.remove_end(file); }
    bool is_seekable() const override { return false; }
    Result<size_t> read(File &file, uint64_t, UserBuffer &to) override { return pipe_.read(file, to); }
    Result<size_t> write(File &file, uint64_t, UserBuffer &from) override { return pipe_.write(file, from); }
    uint32_t poll(const File &file, PollWatch &watch) override { return pipe_.poll(file, watch); }
    Result<uint64_t> readable_bytes(uint64_t) override { return pipe_.bytes(); }
    Pipe *pipe() override { return &pipe_; }

protected:
    void destroy() override { mm::destroy(this); }

private:
    Pipe pipe_;
    uint64_t number_ = next_number.fetch_add(1, std::memory_order_relaxed);
    Timestamp created_ = file_time();
};

} // namespace

Result<PipeEnds> make_pipe(uint32_t flags)
{
    auto *inode = mm::create<PipeInode>();
    if (!inode) return Errno::NoMemory;
    auto owner = Ref<Inode>::adopt(inode);
    TRY_VOID(inode->init());
    TRY_LET(reader, File::open(owner, flags & ~open_flags::Direct)); // who writes makes packets
    TRY_LET(writer, File::open(owner, flags | open_flags::WriteOnly));
    return PipeEnds{std::move(reader), std::move(writer)};
}

} // namespace kernel
