#include "kernel/panic.hpp"

#include "kernel/backtrace.hpp"
#include "kernel/cpu/interrupts.hpp"
#include "kernel/device/console.hpp"
#include "kernel/device/debug_exit.hpp"
#include "kernel/device/serial.hpp"
#include "kernel/trap/trap_frame.hpp"
#include "lib/visible_text.hpp"

namespace kernel {

namespace {

constinit bool panicking = false;

class SerialSink final : public lib::TextSink {
public:
    void put(std::string_view text) override { serial_write(text); }
};

// The line that says why. It begins a line of its own: another may have been cut off in the middle.
void put_reason(lib::TextSink &sink, std::string_view what, std::string_view reason)
{
    lib::VisibleSink visible(sink); // names are what programs want them to be
    lib::format(sink, "\nvitrine: {}: ", what);
    visible.put(reason);
    sink.put("\n");
}

void begin_panic(lib::TextSink &sink, std::string_view reason)
{
    disable_interrupts();
    if (panicking) {
        put_reason(sink, "panic within a panic", reason);
        debug_exit(ExitCode::Panic);
    }
    panicking = true;
    put_reason(sink, "panic", reason);
}

// What programs wrote before is still theirs: the device may have it all.
[[noreturn]] void end_panic()
{
    console_flush();
    debug_exit(ExitCode::Panic);
}

} // namespace

void panic_text(std::string_view reason)
{
    SerialSink sink;
    begin_panic(sink, reason);
    print_backtrace(sink, reinterpret_cast<uint64_t>(__builtin_return_address(0)) - 1,
                    *static_cast<const uint64_t *>(__builtin_frame_address(0)), 0);
    end_panic();
}

void panic_trap(const TrapFrame &frame, std::string_view reason)
{
    SerialSink sink;
    begin_panic(sink, reason);
    print_registers(sink, frame);
    print_backtrace(sink, frame.rip, frame.rbp, frame.rsp);
    if (frame.vector == static_cast<uint64_t>(Exception::PageFault)) print_page_walk(sink, read_cr2());
    end_panic();
}

void refuse_text(std::string_view reason)
{
    SerialSink sink;
    put_reason(sink, "refused", reason);
    debug_exit(ExitCode::Refused);
}

} // namespace kernel
