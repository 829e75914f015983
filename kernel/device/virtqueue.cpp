#include "kernel/device/virtqueue.hpp"

#include "kernel/memory_layout.hpp"

#include <atomic>
#include <cstring>

namespace kernel {

namespace {

constexpr uint16_t HasNext = 1, DeviceWrites = 2, Indirect = 4;
constexpr uint16_t NoInterrupt = 1; // available.flags
constexpr uint16_t NoNotify = 1;    // used.flags

// The device changes and reads these behind the compiler's back.
uint16_t read_shared(const uint16_t &value)
{
    return std::atomic_ref(const_cast<uint16_t &>(value)).load(std::memory_order_acquire);
}
void write_shared(uint16_t &target, uint16_t value)
{
    std::atomic_ref(target).store(value, std::memory_order_release);
}

} // namespace

void Virtqueue::init(Memory &memory, uint16_t size)
{
    memory_ = &memory;
    std::memset(&memory, 0, sizeof memory);
    size_ = size;
    for (uint16_t i = 0; i < size; i++) {
        memory.descriptors[i].next = static_cast<uint16_t>(i + 1);
        requests_[i] = {};
    }
    first_free_ = 0;
    free_count_ = size;
    next_used_ = 0;
    broken_ = false;
}

bool Virtqueue::submit(std::span<const DmaBuffer> buffers, void *token)
{
    if (buffers.empty() || buffers.size() > free_count_) return false;
    uint16_t head = first_free_, last = head;
    uint16_t at = head;
    for (const DmaBuffer &buffer : buffers) {
        Descriptor &descriptor = memory_->descriptors[at];
        descriptor.address = buffer.address.value();
        descriptor.bytes = buffer.bytes;
        descriptor.flags = static_cast<uint16_t>(HasNext | (buffer.device_writes ? DeviceWrites : 0));
        last = at;
        at = descriptor.next;
    }
    memory_->descriptors[last].flags &= static_cast<uint16_t>(~HasNext);
    first_free_ = at;
    free_count_ = static_cast<uint16_t>(free_count_ - buffers.size());
    requests_[head] = {token, static_cast<uint16_t>(buffers.size())};
    publish(head);
    return true;
}

bool Virtqueue::submit_indirect(std::span<const DmaBuffer> buffers, Descriptor *table, void *token)
{
    if (buffers.empty() || free_count_ == 0) return false;
    for (size_t i = 0; i < buffers.size(); i++) {
        bool is_last = i + 1 == buffers.size();
        table[i] = {.address = buffers[i].address.value(),
                    .bytes = buffers[i].bytes,
                    .flags = static_cast<uint16_t>((is_last ? 0 : HasNext) |
                                                   (buffers[i].device_writes ? DeviceWrites : 0)),
                    .next = static_cast<uint16_t>(is_last ? 0 : i + 1)};
    }
    uint16_t head = first_free_;
    Descriptor &descriptor = memory_->descriptors[head];
    descriptor.address = physical_of(table).value();
    descriptor.bytes = static_cast<uint32_t>(buffers.size() * sizeof(Descriptor));
    descriptor.flags = Indirect;
    first_free_ = descriptor.next;
    free_count_--;
    requests_[head] = {token, 1};
    publish(head);
    return true;
}

void Virtqueue::publish(uint16_t head)
{
    uint16_t index = memory_->available.index;
    memory_->available.ring[index & (size_ - 1)] = head;
    write_shared(memory_->available.index,
                 static_cast<uint16_t>(index + 1)); // after the entry itself (2.6.13.3)
}

bool Virtqueue::wants_notification() const
{
    // The device may turn notifications on just before it sees the new index: first publish, then look
    // (2.6.13.4.1).
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return (read_shared(memory_->used.flags) & NoNotify) == 0;
}

bool Virtqueue::take_used(Used &used)
{
    if (broken_ || next_used_ == read_shared(memory_->used.index)) return false;
    auto &entry = memory_->used.ring[next_used_ & (size_ - 1)];
    uint32_t head = entry.id;
    if (head >= size_ || requests_[head].length == 0) {
        broken_ = true;
        return false;
    }
    used = {requests_[head].token, entry.bytes};
    uint16_t last = static_cast<uint16_t>(head);
    for (uint16_t i = 1; i < requests_[head].length; i++) last = memory_->descriptors[last].next;
    memory_->descriptors[last].next = first_free_;
    first_free_ = static_cast<uint16_t>(head);
    free_count_ = static_cast<uint16_t>(free_count_ + requests_[head].length);
    requests_[head] = {};
    next_used_++;
    return true;
}

void Virtqueue::set_interrupts(bool wanted)
{
    write_shared(memory_->available.flags, wanted ? 0 : NoInterrupt);
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

} // namespace kernel
