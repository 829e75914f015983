#include "kernel/device/pit.hpp"

#include "kernel/cpu/ports.hpp"

namespace kernel {

namespace {
constexpr uint16_t Channel2 = 0x42;
constexpr uint16_t Command = 0x43;
constexpr uint16_t SpeakerControl = 0x61;
constexpr uint8_t GateChannel2 = 1 << 0;
constexpr uint8_t SpeakerOn = 1 << 1;
constexpr uint8_t Channel2Rate = 0xb4;  // channel 2, low then high byte, mode 2 (rate generator), binary
constexpr uint8_t Channel2Latch = 0x80; // freezes the count for the next two reads
} // namespace

void pit_start()
{
    out8(SpeakerControl, static_cast<uint8_t>((in8(SpeakerControl) & ~SpeakerOn) | GateChannel2));
    out8(Command, Channel2Rate);
    out8(Channel2, 0xff);
    out8(Channel2, 0xff);
}

uint16_t pit_count()
{
    out8(Command, Channel2Latch);
    uint8_t low = in8(Channel2);
    uint8_t high = in8(Channel2);
    return static_cast<uint16_t>(high << 8 | low);
}

} // namespace kernel
