#include "kernel/device/channel.hpp"

#include "kernel/device/byte_ring.hpp"
#include "kernel/device/virtio_console.hpp"
#include "kernel/log.hpp"
#include "kernel/panic.hpp"

#include <algorithm>

namespace kernel {

namespace {

struct Header {
    uint8_t type;
    uint8_t zero;
    uint16_t zeros;
    uint32_t length;
};
static_assert(sizeof(Header) == 8);

[[gnu::section(".bss.large")]] constinit ByteRing<65536> input;
constinit bool input_ended = false;
constinit bool input_is_asked_for = false;

// Where in the stream of frames we are: a header may arrive in pieces, a payload in many.
struct Decoder {
    std::byte header_bytes[sizeof(Header)];
    size_t header_length = 0;
    FrameType type = FrameType::Input;
    size_t payload_left = 0;
};
constinit Decoder decoder{};

void begin_frame()
{
    Header header;
    std::memcpy(&header, decoder.header_bytes, sizeof header);
    decoder.header_length = 0;
    decoder.type = static_cast<FrameType>(header.type);
    decoder.payload_left = header.length;
    bool known = decoder.type == FrameType::Input || decoder.type == FrameType::EndOfInput ||
                 decoder.type == FrameType::Signal;
    if (!known || header.length > MaxFramePayload ||
        (decoder.type == FrameType::EndOfInput && header.length != 0) ||
        (decoder.type == FrameType::Signal && header.length != 1))
        panic("the launcher sent a malformed frame: type {}, {} bytes", header.type, header.length);
    if (decoder.type == FrameType::EndOfInput) input_ended = true;
    if (decoder.type != FrameType::Signal) input_is_asked_for = false;
}

void on_payload(std::span<const std::byte> bytes)
{
    if (decoder.type != FrameType::Signal)
        input.put(bytes); // there is room: no more was accepted
    else if (console_signal_hook != nullptr)
        console_signal_hook(static_cast<uint8_t>(bytes[0]));
}

void on_bytes(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        if (decoder.payload_left > 0) {
            size_t count = std::min(bytes.size(), decoder.payload_left);
            on_payload(bytes.first(count));
            decoder.payload_left -= count;
            bytes = bytes.subspan(count);
        } else {
            decoder.header_bytes[decoder.header_length++] = bytes[0];
            bytes = bytes.subspan(1);
            if (decoder.header_length == sizeof(Header)) begin_frame();
        }
    }
}

void on_received()
{
    virtio_console_accept(input.room());
    if (console_input_hook != nullptr) console_input_hook();
}

void on_sent()
{
    if (console_output_hook != nullptr) console_output_hook();
}

size_t payload_room()
{
    size_t room = virtio_console_room();
    return room > sizeof(Header) ? std::min(room - sizeof(Header), MaxFramePayload) : 0;
}

void send_frame(FrameType type, std::span<const std::byte> payload)
{
    Header header{static_cast<uint8_t>(type), 0, 0, static_cast<uint32_t>(payload.size())};
    virtio_console_send(std::as_bytes(std::span(&header, 1)), payload);
}

} // namespace

const char *init_channel()
{
    const char *problem = init_virtio_console({on_bytes, on_received, on_sent});
    if (problem == nullptr) virtio_console_accept(input.room());
    return problem;
}

size_t channel_send(FrameType type, std::span<const std::byte> payload)
{
    size_t count = std::min(payload.size(), payload_room());
    if (count > 0) send_frame(type, payload.first(count));
    return count;
}

bool channel_can_send()
{
    return payload_room() > 0;
}

void channel_send_whole(FrameType type, std::span<const std::byte> payload)
{
    payload = payload.first(std::min(payload.size(), MaxFramePayload));
    if (payload_room() < payload.size() && !virtio_console_flush()) {
        log_error("the launcher does not take what the kernel sends: a message of {} bytes is lost",
                  payload.size());
        return;
    }
    send_frame(type, payload);
}

bool channel_flush()
{
    return virtio_console_flush();
}

void channel_want_input(size_t bytes)
{
    bool is_coming = input_is_asked_for || decoder.payload_left > 0;
    if (is_coming || channel_poll().state != ConsoleInput::State::WouldBlock) return;
    // No room: whoever waits for input looks again when there is some (console_output_hook). Waiting for it
    // here would keep the processor for as long as the reader of our output likes.
    if (payload_room() < sizeof(uint32_t)) return;
    input_is_asked_for = true;
    const auto count = static_cast<uint32_t>(std::min(bytes, input.room()));
    channel_send_whole(FrameType::WantInput, std::as_bytes(std::span(&count, 1)));
}

ConsoleInput channel_read(std::span<std::byte> buffer)
{
    ConsoleInput there = channel_poll();
    // Once: whether more follows an end is the launcher's to say; on a terminal it may.
    if (there.state == ConsoleInput::State::EndOfInput) input_ended = false;
    if (there.state != ConsoleInput::State::Data) return there;
    size_t count = input.take(buffer);
    virtio_console_accept(input.room());
    return {ConsoleInput::State::Data, count};
}

ConsoleInput channel_poll()
{
    if (input.used() > 0) return {ConsoleInput::State::Data, input.used()};
    return {input_ended ? ConsoleInput::State::EndOfInput : ConsoleInput::State::WouldBlock, 0};
}

} // namespace kernel
