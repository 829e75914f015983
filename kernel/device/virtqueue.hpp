// A split virtqueue (virtio 1.1, 2.6): how driver and device hand buffers to each other.
//
// The driver puts requests (chains of buffers) into the available ring; the device takes them in its own time
// and returns each through the used ring. Many can be on their way at once, and they may come back in any
// order; a token that the driver gives with a request comes back with it.
#pragma once

#include "mm/address.hpp"

#include <cstdint>
#include <span>

namespace kernel {

// One piece of a request, contiguous in physical memory. Pieces that the device reads come before those it
// writes.
struct DmaBuffer {
    mm::PhysAddr address;
    uint32_t bytes;
    bool device_writes;
};

class Virtqueue {
public:
    static constexpr uint16_t MaxSize = 256;

    // One buffer as the device reads it (2.6.5).
    struct Descriptor {
        uint64_t address;
        uint32_t bytes;
        uint16_t flags;
        uint16_t next;
    };
    static_assert(sizeof(Descriptor) == 16);

    // What the device sees, in one aligned piece: 2.6.5, 2.6.6 and 2.6.8. Physically contiguous.
    struct alignas(4096) Memory {
        Descriptor descriptors[MaxSize];
        struct {
            uint16_t flags;
            uint16_t index;
            uint16_t ring[MaxSize];
        } available;
        struct alignas(4) {
            uint16_t flags;
            uint16_t index;
            struct {
                uint32_t id;
                uint32_t bytes;
            } ring[MaxSize];
        } used;
    };

    // An empty queue of `size` entries (a power of two, at most MaxSize).
    void init(Memory &memory, uint16_t size);
    uint16_t size() const { return size_; }

    // How many more buffers fit.
    uint16_t room() const { return free_count_; }
    // Makes a request available to the device. False: not enough room, nothing happened.
    bool submit(std::span<const DmaBuffer> buffers, void *token);
    // The same for a device with IndirectDescriptors: the buffers go into `table`, which needs as many
    // entries, contiguous in physical memory, and belongs to the device until the request comes back. Takes
    // the room of one buffer (2.6.5.3).
    bool submit_indirect(std::span<const DmaBuffer> buffers, Descriptor *table, void *token);
    // Whether the device wants to be told about new requests now. After one or more submits.
    bool wants_notification() const;

    // The next request that came back; `bytes` is what the device wrote. False: none.
    struct Used {
        void *token;
        uint32_t bytes;
    };
    bool take_used(Used &used);

    // Asks for interrupts on used requests, or for none. Requests that came back before are not announced:
    // after asking, look with take_used once more.
    void set_interrupts(bool wanted);

    // The device returned something that it was never given: it cannot be trusted any more.
    bool is_broken() const { return broken_; }

private:
    void publish(uint16_t head);

    Memory *memory_ = nullptr;
    uint16_t size_ = 0;
    uint16_t first_free_ = 0; // linked through Descriptor::next
    uint16_t free_count_ = 0;
    uint16_t next_used_ = 0; // how far the used ring was read
    bool broken_ = false;
    struct {
        void *token;
        uint16_t length; // descriptors of the chain that begins here; 0: not the head of a request
    } requests_[MaxSize]{};
};

} // namespace kernel
