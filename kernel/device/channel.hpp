// The channel to the launcher: frames over virtio-console.
//
// A frame is a header {u8 type, u8 0, u16 0, u32 length}, little endian, and `length` bytes, at most 65536.
// Backpressure: the device gets receive buffers only as far as the input ring has room.
#pragma once

#include "kernel/device/console.hpp"

namespace kernel {

enum class FrameType : uint8_t {
    // To the launcher.
    Output = 1,
    Error = 2,
    Lesson = 3, // UTF-8 text for the person
    Status = 4, // {u8 how, u8 value}: how the first program ended, once
    // {u32 bytes}: a program waits for input. The answer is one Input of at most so many bytes, or
    // EndOfInput.
    WantInput = 5,
    // {u8: 1 whole lines, 2 echo, 4 Ctrl-C is a signal, 8 such signals are for us}: how the person's terminal
    // is to hand over what is typed. The first three at first.
    TerminalMode = 6,
    // Which pages a program used (option record_references). All payloads in a row are a stream of 64-bit
    // words, little endian; a frame may end inside one. The highest two bits say what the others are
    // (mm::ReferenceRecord): 0: page number << 1 | written; 1: an interval begins (the last: the end),
    // nanoseconds since the
    // program's start; 3: the last word, how many references are missing.
    References = 7,
    // From the launcher.
    Input = 16,
    EndOfInput = 17,
    Signal = 18, // {u8 number}: typed at the person's terminal
};

inline constexpr size_t MaxFramePayload = 65536;

// nullptr, or a sentence why there is no channel.
const char *init_channel();

// One frame with as much of `payload` as there is room for; returns how much. 0 (with a payload): wait.
size_t channel_send(FrameType type, std::span<const std::byte> payload);
bool channel_can_send();
// One frame, whole; waits (bounded) for room. For the kernel's own short messages.
void channel_send_whole(FrameType type, std::span<const std::byte> payload);
bool channel_flush();

// Asks for input unless some is there or on its way.
void channel_want_input(size_t bytes);
ConsoleInput channel_read(std::span<std::byte> buffer);
ConsoleInput channel_poll();

} // namespace kernel
