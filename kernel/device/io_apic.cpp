#include "kernel/device/io_apic.hpp"

#include "kernel/address_map.hpp"
#include "kernel/cpu/local_apic.hpp"

namespace kernel {

namespace {

// ACPI's MADT could say otherwise; every PC and QEMU's machines have it here, with ISA interrupts on the pins
// of their numbers (but for the timer's).
constexpr mm::PhysAddr Registers{0xfec00000};
constexpr uint64_t RegistersBytes = 0x20;

constexpr unsigned Select = 0x00 / 4, Window = 0x10 / 4;
constexpr uint32_t Version = 0x01, FirstRedirection = 0x10;

} // namespace

bool route_isa_interrupt(uint8_t irq, uint8_t vector)
{
    auto mapped = map_device(Registers, RegistersBytes);
    if (!mapped.ok()) return false;
    auto *registers = static_cast<volatile uint32_t *>(mapped.value());
    auto write = [&](uint32_t index, uint32_t value) {
        registers[Select] = index;
        registers[Window] = value;
    };
    registers[Select] = Version;
    uint32_t version = registers[Window];
    if (version == 0 || version == UINT32_MAX || (version >> 16 & 0xff) < irq) return false;
    write(FirstRedirection + 2u * irq + 1, uint32_t{local_apic_id()} << 24);
    write(FirstRedirection + 2u * irq, vector); // fixed, physical, high, edge, not masked
    return true;
}

} // namespace kernel
