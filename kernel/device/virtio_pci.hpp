// A virtio device behind modern PCI (virtio 1.1, 4.1): found by its type, driven by its queues.
#pragma once

#include "kernel/device/pci.hpp"
#include "kernel/device/virtqueue.hpp"
#include "kernel/trap/trap.hpp"

#include <cstddef>

namespace kernel {

enum class VirtioType : uint16_t { Network = 1, Block = 2, Console = 3 };

// Feature bits that belong to all devices (virtio 1.1, chapter 6).
inline constexpr uint64_t VirtioVersion1 = uint64_t{1} << 32;
inline constexpr uint64_t VirtioIndirect = uint64_t{1} << 28; // Virtqueue::submit_indirect may be used

class VirtioDevice {
public:
    // How many devices of a type there are, whether or not they work.
    static unsigned count(VirtioType type);
    // The n-th device of a type, reset and ready for negotiate(). nullptr, or a sentence why there is none
    // that works.
    const char *find(VirtioType type, unsigned n);
    // Agrees with the device on those of `wanted` that it offers, Version1 always. nullptr, or why not.
    const char *negotiate(uint64_t wanted);
    bool has(uint64_t feature) const { return (features_ & feature) != 0; }

    // Stops the device and waits, bounded, until it has stopped: from then on it touches no memory of ours.
    // Then as after find(), but for add_queue, which keeps the interrupt. False: it does not answer.
    bool restart();
    // The device has met something it cannot go on from, and says so (2.1.2).
    bool needs_reset() const;

    // Gives the device queue `index` with at most Virtqueue::MaxSize entries. `handler` is called for its
    // interrupts. nullptr, or why not.
    const char *add_queue(uint16_t index, Virtqueue &queue, Virtqueue::Memory &memory,
                          InterruptHandler handler, void *context);
    // All queues are there: the device may start.
    void start();
    // Tells the device to look at queue `index`.
    void notify(uint16_t index) const;

    // Reading it takes the device's attention: also a way to wait that makes an emulator progress.
    uint8_t status() const;
    // The device's own configuration (virtio 1.1, 4.1.4.6), `bytes` from `offset` on; zeros where it has
    // none.
    void read_configuration(size_t offset, void *to, size_t bytes) const;
    // Where it is, for messages.
    const PciDevice &pci() const { return pci_; }

private:
    static constexpr unsigned MaxQueues = 8;

    const char *map_structures();
    const char *connect_interrupt(uint16_t index, InterruptHandler handler, void *context);
    bool reset();
    const char *take(const PciDevice &device);

    PciDevice pci_;
    Msix msix_;
    uint64_t features_ = 0;
    mm::PhysAddr common_at_;
    volatile uint8_t *common_ = nullptr;
    volatile uint8_t *device_ = nullptr;
    uint32_t device_bytes_ = 0;
    volatile uint8_t *notify_base_ = nullptr;
    uint32_t notify_bytes_ = 0;
    uint32_t notify_multiplier_ = 0;
    volatile uint16_t *notify_[MaxQueues]{};
    uint16_t next_msix_entry_ = 0;
    bool has_interrupt_[MaxQueues]{};
    uint16_t msix_entry_[MaxQueues]{};
};

} // namespace kernel
