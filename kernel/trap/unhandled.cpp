// A trap in kernel mode that nobody can resolve. What follows is the best guess at what the kernel did wrong,
// in words.
#include "kernel/address_map.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/image.hpp"
#include "kernel/page_walk.hpp"
#include "kernel/panic.hpp"
#include "kernel/trap/trap.hpp"

namespace kernel {

namespace {

constexpr std::string_view Names[] = {
    "divide error",
    "debug exception",
    "non-maskable interrupt",
    "breakpoint",
    "overflow",
    "bound range exceeded",
    "invalid instruction",
    "no floating-point unit",
    "double fault",
    "coprocessor segment overrun",
    "invalid task state",
    "segment not present",
    "stack segment fault",
    "general protection fault",
    "page fault",
    "reserved exception 15",
    "floating-point error",
    "alignment check",
    "machine check",
    "SIMD floating-point error",
    "virtualization exception",
    "control protection fault",
};

bool lies_in(mm::VirtAddr address, const char *begin, const char *end)
{
    return address >= address_of(begin) && address < address_of(end);
}

std::string_view place(mm::VirtAddr address)
{
    if (lies_in(address, text_start, text_end)) return "kernel text";
    if (lies_in(address, rodata_start, rodata_end)) return "kernel constants (.rodata)";
    if (lies_in(address, data_start, data_end)) return "kernel data";
    if (lies_in(address, stacks_start, stacks_end)) return "kernel stacks";
    if (address < mm::UserEnd) return "user memory";
    if (address >= DirectMapBase && address < DirectMapBase + DirectMapSize) return "the direct map";
    if (address >= DeviceWindowBase && address < DeviceWindowBase + DeviceWindowSize)
        return "the device window";
    if (address >= KernelStacksBase && address < FrameArrayBase) return "kernel stacks";
    if (address >= FrameArrayBase && address < KernelBase) return "frame descriptors";
    return "no man's land";
}

std::string_view page_fault_reason(const TrapFrame &frame, std::span<char> text)
{
    namespace error = page_fault_error;
    mm::VirtAddr address = read_cr2();
    bool present = (frame.error_code & error::Present) != 0;
    bool fetch = (frame.error_code & error::Instruction) != 0;
    bool write = (frame.error_code & error::Write) != 0;
    std::string_view verb = fetch ? "execution" : write ? "write" : "read";
    uint64_t at = address.value();

    if (frame.error_code & error::ReservedBit)
        return lib::format_to(text, "a reserved bit is set in the page table entry of {:#x}", at);
    if (is_stack_guard(address))
        return lib::format_to(text, "kernel stack overflow: {} of {:#x} in a guard hole", verb, at);
    if (!present && at < mm::PageSize)
        return lib::format_to(text, "null pointer: {} of {:#x}, in page zero, which is never mapped", verb,
                              at);
    if (present && address < mm::UserEnd) {
        if (fetch)
            return lib::format_to(text, "execution of user memory at {:#x} in kernel mode, stopped by SMEP",
                                  at);
        // A page that the kernel could reach but for SMAP; or one that nobody may write.
        PageWalk walk = walk_page_tables(address);
        bool read_only = write && walk.mapped && !walk.steps[walk.count - 1].entry.writable();
        return lib::format_to(text, "{} of user memory at {:#x} outside of user_copy, stopped by {}", verb,
                              at, read_only ? "a read-only entry" : "SMAP");
    }
    if (present && fetch)
        return lib::format_to(text, "execution of non-executable memory at {:#x} ({})", at, place(address));
    if (present && write) return lib::format_to(text, "write to read-only {} at {:#x}", place(address), at);
    return lib::format_to(text, "{} of {:#x} in {}: {}", verb, at, place(address),
                          present ? "not allowed" : "nothing is mapped there");
}

// The processor could not deliver an exception. Most often because it could not push onto the stack.
std::string_view double_fault_reason(const TrapFrame &frame, std::span<char> text)
{
    mm::VirtAddr stack{frame.rsp};
    // The push of the first exception went just below rsp.
    if (is_stack_guard(stack - 1) || is_stack_guard(stack - 48))
        return lib::format_to(text,
                              "kernel stack overflow: the stack pointer {:#x} has reached the guard hole "
                              "(double fault)",
                              stack.value());
    return lib::format_to(text, "double fault: an exception could not be delivered, stack pointer {:#x}",
                          stack.value());
}

std::string_view reason_for(const TrapFrame &frame, std::span<char> text)
{
    switch (static_cast<Exception>(frame.vector)) {
    case Exception::PageFault:
        return page_fault_reason(frame, text);
    case Exception::DoubleFault:
        return double_fault_reason(frame, text);
    case Exception::InvalidOpcode:
        return "invalid instruction in kernel mode: a check that the compiler planted has failed";
    default:
        return lib::format_to(text, "{} in {} mode, error code {:#x}", exception_name(frame.vector),
                              frame.from_user() ? "user" : "kernel", frame.error_code);
    }
}

} // namespace

std::string_view exception_name(uint64_t vector)
{
    return vector < std::size(Names) ? Names[vector] : "interrupt";
}

void panic_unhandled(const TrapFrame &frame)
{
    char text[MaxReason];
    panic_trap(frame, reason_for(frame, text));
}

} // namespace kernel
