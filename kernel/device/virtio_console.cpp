// Sending: bytes are copied into a ring, each send one request that points into it; what the device has read
// makes room again. Receiving: page-sized buffers are given to the device as far as the receiver has room.
#include "kernel/device/virtio_console.hpp"

#include "kernel/device/virtio_pci.hpp"
#include "kernel/memory_layout.hpp"
#include "kernel/panic.hpp"

#include <algorithm>
#include <cstring>

namespace kernel {

namespace {

constexpr uint16_t ReceiveQueue = 0, SendQueue = 1;
constexpr size_t SendBytes = 256 << 10;
constexpr size_t ReceiveBufferBytes = 4096, ReceiveBuffers = 8;
constexpr size_t PiecesPerSend = 2; // where the ring's end is in the middle
constexpr size_t LeastRoom = 64;    // less is as good as none: not even a short frame fits
constexpr unsigned FlushPatience =
    50'000'000; // looks at the device without any progress: half a minute and more

struct alignas(4096) Buffers {
    std::byte send[SendBytes];
    std::byte receive[ReceiveBuffers][ReceiveBufferBytes];
};

[[gnu::section(".bss.large")]] constinit Buffers buffers{};
[[gnu::section(".bss.large")]] constinit Virtqueue::Memory queue_memory[2]{};
[[gnu::section(".bss.large")]] constinit Virtqueue receive_queue;
[[gnu::section(".bss.large")]] constinit Virtqueue send_queue;
constinit VirtioDevice device;
constinit ByteReceiver receiver{};

// Positions in the send ring count up for ever.
constinit uint64_t send_end = 0;   // bytes ever sent
constinit uint64_t send_begin = 0; // bytes that the device has read: below, the ring is free again
constinit bool somebody_waits = false;

// Which of the receive buffers are with the device, and how many bytes that can become.
constinit bool is_with_device[ReceiveBuffers]{};
constinit size_t with_device = 0;

// The device reads in order (it is a stream), so the end of one request that came back covers all before it.
// A token is the position where its request ends.
void take_sent()
{
    Virtqueue::Used used;
    while (send_queue.take_used(used))
        send_begin = std::max(send_begin, reinterpret_cast<uint64_t>(used.token));
    if (send_queue.is_broken()) panic("the virtio console returned a request that it was never given");
}

size_t room_now()
{
    if (send_queue.room() < PiecesPerSend) return 0;
    size_t room = SendBytes - static_cast<size_t>(send_end - send_begin);
    return room < LeastRoom ? 0 : room;
}

void copy_in(std::span<const std::byte> bytes)
{
    size_t at = send_end % SendBytes;
    size_t before_end = std::min(bytes.size(), SendBytes - at);
    std::memcpy(buffers.send + at, bytes.data(), before_end);
    std::memcpy(buffers.send, bytes.data() + before_end, bytes.size() - before_end);
    send_end += bytes.size();
}

void on_sent(void *)
{
    take_sent();
    if (!somebody_waits || room_now() == 0) return;
    somebody_waits = false;
    send_queue.set_interrupts(false);
    receiver.sent();
}

void on_received(void *)
{
    Virtqueue::Used used;
    while (receive_queue.take_used(used)) {
        size_t index = reinterpret_cast<size_t>(used.token);
        is_with_device[index] = false;
        with_device -= ReceiveBufferBytes;
        receiver.bytes({buffers.receive[index], std::min<size_t>(used.bytes, ReceiveBufferBytes)});
    }
    receiver.received();
}

} // namespace

const char *init_virtio_console(const ByteReceiver &wanted_receiver)
{
    receiver = wanted_receiver;
    if (const char *problem = device.find(VirtioType::Console, 0)) return problem;
    if (const char *problem = device.negotiate(0)) return problem;
    if (const char *problem =
            device.add_queue(ReceiveQueue, receive_queue, queue_memory[0], on_received, nullptr))
        return problem;
    if (const char *problem = device.add_queue(SendQueue, send_queue, queue_memory[1], on_sent, nullptr))
        return problem;
    send_queue.set_interrupts(false);
    device.start();
    return nullptr;
}

size_t virtio_console_room()
{
    take_sent();
    if (room_now() == 0) {
        // Between asking for interrupts and looking again, the device may have finished.
        somebody_waits = true;
        send_queue.set_interrupts(true);
        take_sent();
    }
    return room_now();
}

void virtio_console_send(std::span<const std::byte> first, std::span<const std::byte> second)
{
    size_t bytes = first.size() + second.size();
    if (bytes == 0) return;
    size_t at = send_end % SendBytes;
    size_t before_end = std::min(bytes, SendBytes - at);
    copy_in(first);
    copy_in(second);
    DmaBuffer pieces[PiecesPerSend] = {
        {physical_of(buffers.send + at), static_cast<uint32_t>(before_end), false},
        {physical_of(buffers.send), static_cast<uint32_t>(bytes - before_end), false},
    };
    size_t count = before_end < bytes ? 2 : 1;
    send_queue.submit({pieces, count}, reinterpret_cast<void *>(send_end));
    if (send_queue.wants_notification()) device.notify(SendQueue);
}

bool virtio_console_flush()
{
    uint64_t seen = send_begin;
    for (unsigned looks = 0; looks < FlushPatience; looks++) {
        take_sent();
        if (send_begin == send_end) return true;
        if (send_begin != seen) {
            seen = send_begin;
            looks = 0;
        }
        device.status();
    }
    return false;
}

void virtio_console_accept(size_t bytes)
{
    bool gave = false;
    for (size_t index = 0; index < ReceiveBuffers && with_device + ReceiveBufferBytes <= bytes; index++) {
        if (is_with_device[index]) continue;
        DmaBuffer buffer{physical_of(buffers.receive[index]), ReceiveBufferBytes, true};
        if (!receive_queue.submit({&buffer, 1}, reinterpret_cast<void *>(index))) break;
        is_with_device[index] = true;
        with_device += ReceiveBufferBytes;
        gave = true;
    }
    if (gave && receive_queue.wants_notification()) device.notify(ReceiveQueue);
}

} // namespace kernel
