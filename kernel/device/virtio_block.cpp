// One request is a header, the pieces of memory, and a byte for the status (5.2.6). Header and status lie in
// a frame of their own for each request that can be under way, together with the table of indirect
// descriptors.
#include "kernel/device/virtio_block.hpp"

#include "kernel/device/disks.hpp"
#include "kernel/device/virtio_pci.hpp"
#include "kernel/log.hpp"
#include "kernel/memory_layout.hpp"
#include "mm/kernel_heap.hpp"

#include <algorithm>

namespace kernel {

namespace {

// Feature bits (5.2.3), and where the configuration has what they promise (5.2.4).
constexpr uint64_t SegmentBytes = 1 << 1, SegmentCount = 1 << 2, ReadOnly = 1 << 5, BlockSize = 1 << 6,
                   CanFlush = 1 << 9;
constexpr size_t CapacityAt = 0, SegmentBytesAt = 8, SegmentCountAt = 12, BlockSizeAt = 20;

constexpr uint16_t RequestQueue = 0;
constexpr size_t SerialBytes = 20; // VIRTIO_BLK_ID_BYTES

struct Header {
    uint32_t type;
    uint32_t reserved;
    uint64_t sector;
};
constexpr uint32_t TypeRead = 0, TypeWrite = 1, TypeFlush = 4, TypeGetId = 8;
constexpr uint8_t StatusOk = 0, StatusNotWritten = 0xff;

constexpr unsigned TableEntries = 254;
constexpr unsigned Overhead = 2;                   // buffers for the header and the status
constexpr unsigned QuestionBuffers = 1 + Overhead; // what ask() needs
constexpr uint32_t LargestBlock = mm::PageSize;

// What the device reads and writes besides the data. A frame of the heap, so physically contiguous.
struct Context {
    Header header;
    uint8_t status;
    uint16_t data_count; // the driver's own: how many entries of the table, from the second on, are data
    Virtqueue::Descriptor table[TableEntries];
};
static_assert(sizeof(Context) == 4096 - 8);

class VirtioBlock final : public BlockDevice {
public:
    VirtioBlock() = default;
    ~VirtioBlock();
    // Finds the n-th and starts it. nullptr, or a sentence why not.
    const char *init(unsigned n);
    // Asks for its serial number; the answer comes by interrupt.
    void identify();
    void provoke_silence() override;

private:
    static constexpr unsigned QuestionSlot = MaxUnderWay;

    bool begin(unsigned slot, const BlockRequest &request) override;
    void notify() override;
    Finished take_finished() override;
    bool segment(unsigned slot, unsigned index, BlockSegment &found) const override;
    bool ask() override;
    bool is_confused() const override { return queue_.is_broken() || device_.needs_reset(); }
    bool stop() override { return device_.restart(); }
    const char *start_again() override;

    bool allocate();
    const char *read_geometry();
    bool hand_over(unsigned slot, uint32_t type, uint64_t sector, std::span<const BlockSegment> segments,
                   bool device_writes);
    static void on_interrupt(void *context) { static_cast<VirtioBlock *>(context)->collect(); }

    VirtioDevice device_;
    Virtqueue queue_;
    Virtqueue::Memory *memory_ = nullptr;
    std::array<Context *, MaxUnderWay + 1> contexts_{};
    char *answer_ = nullptr; // where the device writes its serial number
    bool was_asked_ = false; // and has not answered
    std::array<DmaBuffer, TableEntries> buffers_{};
};

template <typename T> T *allocate_whole()
{
    void *place = mm::heap_allocate(sizeof(T));
    return place == nullptr ? nullptr : new (place) T{};
}

VirtioBlock::~VirtioBlock()
{
    mm::heap_free(memory_);
    for (Context *context : contexts_) mm::heap_free(context);
    mm::heap_free(answer_);
}

bool VirtioBlock::allocate()
{
    memory_ = allocate_whole<Virtqueue::Memory>(); // larger than a frame: a block, aligned to its size
    answer_ = static_cast<char *>(mm::heap_allocate(SerialBytes));
    for (Context *&context : contexts_) {
        context = allocate_whole<Context>();
        if (context == nullptr) return false;
    }
    return memory_ != nullptr && answer_ != nullptr;
}

const char *VirtioBlock::init(unsigned n)
{
    if (!allocate()) return "there is not enough memory for its requests";
    if (const char *problem = device_.find(VirtioType::Block, n)) return problem;
    return start_again();
}

const char *VirtioBlock::start_again()
{
    was_asked_ = false;
    if (const char *problem =
            device_.negotiate(SegmentBytes | SegmentCount | ReadOnly | BlockSize | CanFlush | VirtioIndirect))
        return problem;
    if (const char *problem = device_.add_queue(RequestQueue, queue_, *memory_, on_interrupt, this))
        return problem;
    if (const char *problem = read_geometry()) return problem;
    device_.start();
    return nullptr;
}

const char *VirtioBlock::read_geometry()
{
    auto read = [&](size_t at, auto value) {
        device_.read_configuration(at, &value, sizeof value);
        return value;
    };
    BlockGeometry found;
    found.sectors = read(CapacityAt, uint64_t{});
    found.read_only = device_.has(ReadOnly);
    found.has_write_cache = device_.has(CanFlush);
    if (device_.has(BlockSize)) found.block_size = read(BlockSizeAt, uint32_t{});
    if (device_.has(SegmentBytes)) found.max_segment_bytes = read(SegmentBytesAt, uint32_t{});

    // No request may have more buffers than the queue has entries, indirect or not (2.6.5.3.1). Without a
    // table they take the queue's own, where a question must always fit.
    unsigned room = device_.has(VirtioIndirect)
                        ? std::min<unsigned>(TableEntries, queue_.size())
                        : std::min<unsigned>(TableEntries, queue_.size() - QuestionBuffers);
    if (queue_.size() <= QuestionBuffers + Overhead) return "its queue is too small";
    found.max_segments = room - Overhead;
    if (device_.has(SegmentCount))
        found.max_segments = std::min(found.max_segments, std::max(read(SegmentCountAt, uint32_t{}), 1u));

    bool is_power = (found.block_size & (found.block_size - 1)) == 0;
    if (!is_power || found.block_size < SectorSize || found.block_size > LargestBlock)
        return "its block size is none that is supported";
    if (found.max_segment_bytes < mm::PageSize) return "it takes no pieces as large as a page";
    found.sectors -= found.sectors % (found.block_size / SectorSize);
    if (found.sectors == 0) return "it has no room at all";
    if (geometry().sectors != 0 && geometry().sectors != found.sectors)
        return "it is not the same disk any more";
    set_geometry(found);
    return nullptr;
}

bool VirtioBlock::hand_over(unsigned slot, uint32_t type, uint64_t sector,
                            std::span<const BlockSegment> segments, bool device_writes)
{
    Context &context = *contexts_[slot];
    context.header = {type, 0, sector};
    context.status = StatusNotWritten;
    unsigned count = 0;
    buffers_[count++] = {physical_of(&context.header), sizeof(Header), false};
    for (const BlockSegment &segment : segments)
        buffers_[count++] = {segment.address, segment.bytes, device_writes};
    buffers_[count++] = {physical_of(&context.status), 1, true};

    std::span<const DmaBuffer> all{buffers_.data(), count};
    auto *token = reinterpret_cast<void *>(uint64_t{slot});
    context.data_count = static_cast<uint16_t>(segments.size());
    if (device_.has(VirtioIndirect)) return queue_.submit_indirect(all, context.table, token);
    unsigned reserved = type == TypeGetId ? 0 : QuestionBuffers;
    if (queue_.room() < count + reserved || !queue_.submit(all, token)) return false;
    // The device reads the queue's own entries; the table is for segment().
    for (unsigned i = 0; i < count; i++)
        context.table[i] = {
            .address = buffers_[i].address.value(), .bytes = buffers_[i].bytes, .flags = 0, .next = 0};
    return true;
}

bool VirtioBlock::begin(unsigned slot, const BlockRequest &request)
{
    switch (request.operation) {
    case BlockOperation::Read:
        return hand_over(slot, TypeRead, request.sector, request.segments, true);
    case BlockOperation::Write:
        return hand_over(slot, TypeWrite, request.sector, request.segments, false);
    case BlockOperation::Flush:
        break;
    }
    return hand_over(slot, TypeFlush, 0, {}, false);
}

bool VirtioBlock::ask()
{
    if (was_asked_) return true;
    const BlockSegment serial{physical_of(answer_), SerialBytes};
    was_asked_ = hand_over(QuestionSlot, TypeGetId, 0, {&serial, 1}, true);
    return was_asked_;
}

void VirtioBlock::identify()
{
    if (ask()) notify();
}

// A request that makes no sense: the device sets NeedsReset and looks at its queue no more (2.1.2).
void VirtioBlock::provoke_silence()
{
    const DmaBuffer header{physical_of(&contexts_[QuestionSlot]->header), sizeof(Header), false};
    queue_.submit({&header, 1}, reinterpret_cast<void *>(uint64_t{QuestionSlot}));
    notify();
}

void VirtioBlock::notify()
{
    if (queue_.wants_notification()) device_.notify(RequestQueue);
}

BlockDevice::Finished VirtioBlock::take_finished()
{
    Virtqueue::Used used;
    if (!queue_.take_used(used)) return {};
    auto slot = static_cast<unsigned>(reinterpret_cast<uint64_t>(used.token));
    bool ok = contexts_[slot]->status == StatusOk;
    if (slot != QuestionSlot) return {.what = Finished::What::Request, .slot = slot, .ok = ok};
    was_asked_ = false;
    // Not terminated when it fills all 20 bytes (5.2.6).
    if (ok) set_serial({answer_, std::find(answer_, answer_ + SerialBytes, '\0')});
    return {.what = Finished::What::Answer, .slot = slot, .ok = ok};
}

bool VirtioBlock::segment(unsigned slot, unsigned index, BlockSegment &found) const
{
    const Context &context = *contexts_[slot];
    if (index >= context.data_count) return false;
    const Virtqueue::Descriptor &descriptor = context.table[1 + index];
    found = {mm::PhysAddr{descriptor.address}, descriptor.bytes};
    return true;
}

} // namespace

void add_virtio_disks()
{
    unsigned count = VirtioDevice::count(VirtioType::Block);
    for (unsigned n = 0; n < count; n++) {
        auto *disk = disk_count() < MaxDisks ? mm::create<VirtioBlock>() : nullptr;
        const char *problem = disk != nullptr ? disk->init(n) : "there is no room for another";
        if (problem == nullptr) {
            add_disk(*disk);
            disk->identify();
        } else {
            log_error("disk {} of {} is not used: {}", n + 1, count, problem);
            mm::destroy(disk); // it was not started
        }
    }
}

} // namespace kernel
