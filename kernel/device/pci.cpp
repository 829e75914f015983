// Configuration mechanism 1: an address port and a data port (PCI 3.0, 3.2.2.3.2).
#include "kernel/device/pci.hpp"

#include "kernel/address_map.hpp"
#include "kernel/cpu/local_apic.hpp"
#include "kernel/cpu/ports.hpp"

namespace kernel {

namespace {

constexpr uint16_t AddressPort = 0xcf8;
constexpr uint16_t DataPort = 0xcfc;

// The type 0 and type 1 configuration headers (PCI 3.0, 6.1; PCI-to-PCI bridge 1.2, 3.2).
constexpr uint8_t Command = 0x04;
constexpr uint8_t Status = 0x06;
constexpr uint8_t HeaderType = 0x0e;
constexpr uint8_t FirstBase = 0x10;
constexpr uint8_t SecondaryBus = 0x19;
constexpr uint8_t CapabilitiesPointer = 0x34;

constexpr uint16_t MemorySpace = 1 << 1, BusMaster = 1 << 2, NoLegacyInterrupts = 1 << 10;
constexpr uint16_t HasCapabilities = 1 << 4;
constexpr uint8_t MultiFunction = 0x80, Bridge = 1;
constexpr uint16_t NoDevice = 0xffff;
constexpr unsigned BaseRegisters = 6;

constexpr uint8_t MsixCapability = 0x11;
constexpr uint8_t MsixControl = 2, MsixTable = 4; // offsets in it
constexpr uint16_t MsixEnable = 1 << 15, MsixMaskAll = 1 << 14, MsixSizeMask = 0x7ff;
constexpr size_t MsixEntryWords = 4;

// Where a message becomes an interrupt of a processor (SDM vol. 3A, 10.11.1).
constexpr uint32_t MessageAddress = 0xfee00000;

// A capability list that leads in circles ends here.
constexpr unsigned MaxCapabilities = 48;

void select(const PciDevice &device, uint8_t offset)
{
    uint32_t place =
        uint32_t{device.bus()} << 16 | uint32_t{device.device()} << 11 | uint32_t{device.function()} << 8;
    out32(AddressPort, 1u << 31 | place | (offset & 0xfcu));
}

struct Search {
    bool (*matches)(const PciDevice &device);
    unsigned skip;
    PciDevice *found;
};

// Depth first; bridges' bus numbers grow on the way down (PCI-to-PCI bridge 1.2, 3.2.5.4), so this ends.
bool search_bus(uint8_t bus, Search &search)
{
    for (uint8_t number = 0; number < 32; number++) {
        uint8_t functions = 1;
        for (uint8_t function = 0; function < functions; function++) {
            PciDevice device(bus, number, function);
            if (device.vendor() == NoDevice) continue;
            uint8_t header = device.read8(HeaderType);
            if (function == 0 && (header & MultiFunction)) functions = 8;
            if (search.matches(device) && search.skip-- == 0) {
                *search.found = device;
                return true;
            }
            if ((header & ~MultiFunction) != Bridge) continue;
            uint8_t below = device.read8(SecondaryBus);
            if (below > bus && search_bus(below, search)) return true;
        }
    }
    return false;
}

} // namespace

uint32_t PciDevice::read32(uint8_t offset) const
{
    select(*this, offset);
    return in32(DataPort);
}

uint16_t PciDevice::read16(uint8_t offset) const
{
    return static_cast<uint16_t>(read32(offset) >> (8 * (offset & 2)));
}

uint8_t PciDevice::read8(uint8_t offset) const
{
    return static_cast<uint8_t>(read32(offset) >> (8 * (offset & 3)));
}

void PciDevice::write32(uint8_t offset, uint32_t value) const
{
    select(*this, offset);
    out32(DataPort, value);
}

void PciDevice::write16(uint8_t offset, uint16_t value) const
{
    select(*this, offset);
    out16(static_cast<uint16_t>(DataPort + (offset & 2)), value);
}

void PciDevice::enable() const
{
    write16(Command, static_cast<uint16_t>(read16(Command) | MemorySpace | BusMaster | NoLegacyInterrupts));
}

mm::PhysAddr PciDevice::memory_base(unsigned index) const
{
    if (index >= BaseRegisters) return mm::PhysAddr{0};
    auto offset = static_cast<uint8_t>(FirstBase + 4 * index);
    uint32_t low = read32(offset);
    if (low & 1) return mm::PhysAddr{0}; // I/O ports
    uint64_t base = low & ~0xfu;
    bool is_64_bit = (low >> 1 & 3) == 2;
    if (is_64_bit && index + 1 < BaseRegisters)
        base |= uint64_t{read32(static_cast<uint8_t>(offset + 4))} << 32;
    return mm::PhysAddr{base};
}

uint8_t PciDevice::find_capability(uint8_t id, uint8_t after) const
{
    if (!(read16(Status) & HasCapabilities)) return 0;
    uint8_t at = after == 0 ? read8(CapabilitiesPointer) : read8(static_cast<uint8_t>(after + 1));
    for (unsigned steps = 0; at >= 0x40 && steps < MaxCapabilities; steps++) {
        at &= 0xfc;
        if (read8(at) == id) return at;
        at = read8(static_cast<uint8_t>(at + 1));
    }
    return 0;
}

bool find_pci_device(bool (*matches)(const PciDevice &device), unsigned n, PciDevice &found)
{
    Search search{matches, n, &found};
    return search_bus(0, search);
}

bool Msix::init(const PciDevice &device)
{
    uint8_t capability = device.find_capability(MsixCapability);
    if (capability == 0) return false;
    auto control_at = static_cast<uint8_t>(capability + MsixControl);
    uint16_t control = device.read16(control_at);
    uint32_t table = device.read32(static_cast<uint8_t>(capability + MsixTable));
    mm::PhysAddr base = device.memory_base(table & 7);
    if (base == mm::PhysAddr{0}) return false;

    size_ = static_cast<uint16_t>((control & MsixSizeMask) + 1);
    auto mapped = map_device(base + (table & ~7u), size_ * MsixEntryWords * sizeof(uint32_t));
    if (!mapped.ok()) return false;
    table_ = static_cast<volatile uint32_t *>(mapped.value());
    device.write16(control_at, static_cast<uint16_t>((control | MsixEnable) & ~MsixMaskAll));
    return true;
}

void Msix::set(uint16_t index, uint8_t vector) const
{
    volatile uint32_t *entry = table_ + index * MsixEntryWords;
    entry[0] = MessageAddress | uint32_t{local_apic_id()} << 12;
    entry[1] = 0;
    entry[2] = vector; // fixed delivery, edge
    entry[3] = 0;      // not masked
}

} // namespace kernel
