// PCI: finding devices and their registers (PCI Local Bus Specification 3.0, chapter 6).
#pragma once

#include "mm/address.hpp"

#include <cstdint>

namespace kernel {

class PciDevice {
public:
    constexpr PciDevice() = default;
    constexpr PciDevice(uint8_t bus, uint8_t device, uint8_t function)
        : bus_(bus), device_(device), function_(function)
    {}

    uint8_t read8(uint8_t offset) const;
    uint16_t read16(uint8_t offset) const;
    uint32_t read32(uint8_t offset) const;
    void write16(uint8_t offset, uint16_t value) const;
    void write32(uint8_t offset, uint32_t value) const;

    uint16_t vendor() const { return read16(0x00); }
    uint16_t id() const { return read16(0x02); }
    // Lets the device answer at its memory addresses and read and write memory itself.
    void enable() const;

    // Where base address register `index` (0 to 5) leads; 0 when it is no memory or has no address.
    mm::PhysAddr memory_base(unsigned index) const;

    // The offset of the next capability with this id after `after` (0: from the start), or 0.
    uint8_t find_capability(uint8_t id, uint8_t after = 0) const;

    // For messages.
    uint8_t bus() const { return bus_; }
    uint8_t device() const { return device_; }
    uint8_t function() const { return function_; }

private:
    uint8_t bus_ = 0;
    uint8_t device_ = 0;
    uint8_t function_ = 0;
};

// The n-th (from 0) device for which `matches` is true, on all buses that bridges lead to. False: there is
// none.
bool find_pci_device(bool (*matches)(const PciDevice &device), unsigned n, PciDevice &found);

// MSI-X: interrupts as writes to the local APIC, many per device (PCI 3.0, 6.8.2).
class Msix {
public:
    // Maps the device's table and turns MSI-X on. False: the device has none, or it cannot be mapped.
    bool init(const PciDevice &device);
    // How many entries the table has.
    uint16_t size() const { return size_; }
    // Entry `index` raises `vector` on this processor.
    void set(uint16_t index, uint8_t vector) const;

private:
    volatile uint32_t *table_ = nullptr;
    uint16_t size_ = 0;
};

} // namespace kernel
