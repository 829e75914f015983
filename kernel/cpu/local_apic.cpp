#include "kernel/cpu/local_apic.hpp"

#include "kernel/address_map.hpp"
#include "kernel/cpu/ports.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/panic.hpp"
#include "kernel/trap/vectors.hpp"

namespace kernel {

namespace {

// Register offsets (SDM vol. 3A, table 10-1).
constexpr uint32_t Id = 0x20;
constexpr uint32_t TaskPriority = 0x80;
constexpr uint32_t EndOfInterrupt = 0xb0;
constexpr uint32_t SpuriousVector = 0xf0;
constexpr uint32_t TimerEntry = 0x320;
constexpr uint32_t Lint0Entry = 0x350;
constexpr uint32_t ErrorEntry = 0x370;
constexpr uint32_t TimerInitialCount = 0x380;
constexpr uint32_t TimerCurrentCount = 0x390;
constexpr uint32_t TimerDivide = 0x3e0;

constexpr uint32_t SoftwareEnable = 1 << 8;
constexpr uint32_t Masked = 1 << 16;
constexpr uint32_t DivideBy1 = 0xb;
constexpr uint64_t GlobalEnable = 1 << 11;
constexpr uint64_t X2apicEnable = 1 << 10;
constexpr uint64_t RegistersSize = 4096;

constinit volatile uint32_t *registers = nullptr;

void write(uint32_t offset, uint32_t value)
{
    registers[offset / 4] = value;
}
uint32_t read(uint32_t offset)
{
    return registers[offset / 4];
}

// The 8259 pair wakes up with its vectors on top of the processor's exceptions. Moved away, then masked.
void silence_legacy_pics()
{
    constexpr uint16_t command[] = {0x20, 0xa0}, data[] = {0x21, 0xa1};
    constexpr uint8_t cascade[] = {1 << 2, 2};
    for (unsigned i = 0; i < 2; i++) {
        out8(command[i], 0x11); // ICW1: initialise, ICW4 follows
        out8(data[i], static_cast<uint8_t>(vectors::LegacyPic + 8 * i));
        out8(data[i], cascade[i]);
        out8(data[i], 0x01); // ICW4: 8086 mode
        out8(data[i], 0xff); // all masked
    }
}

} // namespace

void init_local_apic()
{
    silence_legacy_pics();
    uint64_t base = read_msr(msr::ApicBase);
    if (base & X2apicEnable)
        refuse("the firmware has switched the local APIC to x2APIC mode, which Vitrine does not use");
    write_msr(msr::ApicBase, base | GlobalEnable);
    auto mapped = map_device(mm::PhysAddr{base}.page_down(), RegistersSize);
    if (!mapped.ok()) panic("no room to map the local APIC");
    registers = static_cast<volatile uint32_t *>(mapped.value());

    write(TaskPriority, 0);
    write(Lint0Entry, Masked);
    write(ErrorEntry, Masked);
    write(TimerDivide, DivideBy1);
    write(TimerInitialCount, 0);
    write(TimerEntry, vectors::Timer); // one-shot
    write(SpuriousVector, SoftwareEnable | vectors::Spurious);
}

uint8_t local_apic_id()
{
    return static_cast<uint8_t>(read(Id) >> 24);
}
void end_of_interrupt()
{
    write(EndOfInterrupt, 0);
}
void local_apic_timer_start(uint32_t ticks)
{
    write(TimerInitialCount, ticks);
}
uint32_t local_apic_timer_left()
{
    return read(TimerCurrentCount);
}

} // namespace kernel
