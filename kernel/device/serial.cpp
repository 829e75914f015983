// The 16550 UART (National Semiconductor PC16550D data sheet) at COM1.
#include "kernel/device/serial.hpp"

#include "kernel/cpu/ports.hpp"
#include "kernel/device/io_apic.hpp"
#include "kernel/trap/trap.hpp"

namespace kernel {

namespace {

constexpr uint16_t Com1 = 0x3f8;
constexpr uint16_t Data = Com1 + 0;            // divisor low while DLAB is set
constexpr uint16_t InterruptEnable = Com1 + 1; // divisor high while DLAB is set
constexpr uint16_t FifoControl = Com1 + 2;
constexpr uint16_t LineControl = Com1 + 3;
constexpr uint16_t ModemControl = Com1 + 4;
constexpr uint16_t LineStatus = Com1 + 5;

constexpr uint8_t DivisorLatch = 0x80;
constexpr uint8_t EightBitsNoParity = 0x03;
constexpr uint8_t FifoOnAndClear = 0x07;
constexpr uint8_t ReadyAndInterruptLine = 0x0b; // DTR, RTS, OUT2: without OUT2 a PC gates the interrupt off
constexpr uint8_t DataReady = 0x01;
constexpr uint8_t TransmitterEmpty = 0x20;

// Longer than a byte takes at 115200 baud on any machine, and short enough not to look like a hang.
constexpr unsigned PatienceInPolls = 100'000;

constexpr uint8_t Irq = 4;
constexpr uint8_t DataAvailable = 0x01;

void (*receive_handler)() = nullptr;

void on_interrupt(void *)
{
    receive_handler();
}

} // namespace

void init_serial()
{
    out8(InterruptEnable, 0);
    out8(LineControl, DivisorLatch);
    out8(Data, 1); // 115200 baud
    out8(InterruptEnable, 0);
    out8(LineControl, EightBitsNoParity);
    out8(FifoControl, FifoOnAndClear);
    out8(ModemControl, ReadyAndInterruptLine);
}

void serial_write(std::string_view text)
{
    for (char c : text) {
        for (unsigned polls = 0; polls < PatienceInPolls; polls++) {
            if (in8(LineStatus) & TransmitterEmpty) break;
        }
        out8(Data, static_cast<uint8_t>(c));
    }
}

bool serial_enable_receive(void (*ready)())
{
    receive_handler = ready;
    uint8_t vector = allocate_interrupt_vector(on_interrupt, nullptr);
    if (vector == 0 || !route_isa_interrupt(Irq, vector)) return false;
    out8(InterruptEnable, DataAvailable);
    return true;
}

bool serial_read(uint8_t &byte)
{
    if (!(in8(LineStatus) & DataReady)) return false;
    byte = in8(Data);
    return true;
}

} // namespace kernel
