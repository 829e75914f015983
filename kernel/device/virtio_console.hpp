// virtio-console as a pipe of bytes in both directions (virtio 1.1, 5.3), without multiport: one port, two
// queues.
#pragma once

#include <cstddef>
#include <span>

namespace kernel {

struct ByteReceiver {
    // From interrupt context: bytes that came, in order. Never more than virtio_console_accept() allowed.
    void (*bytes)(std::span<const std::byte> bytes);
    // From interrupt context: all that had come was delivered.
    void (*received)();
    // From interrupt context: there is room to send again, after virtio_console_room() had said 0.
    void (*sent)();
};

// Finds the device and starts it. nullptr, or a sentence why there is none that works.
const char *init_virtio_console(const ByteReceiver &receiver);

// How many bytes virtio_console_send would take now. After 0, `sent` will be called when that has changed.
size_t virtio_console_room();
// Sends both pieces, which are together at most virtio_console_room() bytes: they are copied, and on their
// way.
void virtio_console_send(std::span<const std::byte> first, std::span<const std::byte> second);
// Waits, bounded, until the device has taken everything. False: it has not.
bool virtio_console_flush();

// The receiver has room for `bytes` bytes in all: that many may be delivered before the next call.
void virtio_console_accept(size_t bytes);

} // namespace kernel
