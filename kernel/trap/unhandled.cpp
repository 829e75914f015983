// A trap in kernel mode that nobody can resolve. What follows is the best guess at what the kernel did wrong, in words.
#include "kernel/cpu/registers.hpp"
#include "kernel/address_map.hpp"
#include "kernel/image.hpp"
#include "kernel/page_walk.hpp"
#include "kernel/panic.hpp"
#include "kernel/trap/trap.hpp"

namespace kernel {

namespace {

constexpr std::string_view Names[] = {
    "divide error", "debug exception", "non-maskable interrupt", "breakpoint",
    "overflow", "bound range exceeded", "invalid instruction", "no floating-point unit",
    "double fault", "coprocessor segment overrun", "invalid task state", "segment not present",
    "stack segment fault", "general protection fault", "page fault", "reserved exception 15",
    "floating-point error", "alignment check", "machine check", "SIMD floating-point error",
    "virtualization exception", "control protection fault",
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
    if (address >= DeviceWindowBase && address < DeviceWindowBase + DeviceWindowSize) return "the device window";
    if (address >= KernelStacksBase && address < FrameArrayBase) return "kernel stacks";
    if (address >= FrameArrayBase && address < KernelBase) return "frame descriptors";
    return "no man's land";
}

[[noreturn]] void panic_page_fault(const TrapFrame &frame)
{
    namespace error = page_fault_error;
    mm::VirtAddr address = read_cr2();
    bool present = (frame.error_code & error::Present) != 0;
    bool fetch = (frame.error_code & error::Instruction) != 0;
    bool write = (frame.error_code & error::Write) != 0;
    std::string_view verb = fetch ? "execution" : write ? "write" : "read";

    char text[MaxReason];
    auto fail = [&](std::string_view reason) __attribute__((noreturn)) { panic_trap(frame, reason); };
    if (frame.error_code & error::ReservedBit)
        fail(lib::format_to(text, "a reserved bit is set in the page table entry of {:#x}", address.value()));
    if (is_stack_guard(address))
        fail(lib::format_to(text, "kernel stack overflow: {} of {:#x} in a guard hole", verb, address.value()));
    if (!present && address.value() < mm::PageSize)
        fail(lib::format_to(text, "null pointer: {} of {:#x}, in page zero, which is never mapped", verb,
                            address.value()));
    if (present && address < mm::UserEnd) {
        if (fetch)
            fail(lib::format_to(text, "execution of user memory at {:#x} in kernel mode, stopped by SMEP",
                                address.value()));
        // Which protection it was, the entry tells: a page that the kernel could reach but for SMAP.
        PageWalk walk = walk_page_tables(address);
        bool denied_by_table = write && walk.mapped && !walk.steps[walk.count - 1].entry.writable();
        fail(lib::format_to(text, "{} of user memory at {:#x} outside of user_copy, stopped by {}", verb,
                            address.value(), denied_by_table ? "a read-only entry" : "SMAP"));
    }
    if (present && fetch)
        fail(lib::format_to(text, "execution of non-executable memory at {:#x} ({})", address.value(), place(address)));
    if (present && write)
        fail(lib::format_to(text, "write to read-only {} at {:#x}", place(address), address.value()));
    fail(lib::format_to(text, "{} of {:#x} in {}: {}", verb, address.value(), place(address),
                        present ? "not allowed" : "nothing is mapped there"));
}

// The processor could not deliver an exception. Most often because it could not push onto the stack.
[[noreturn]] void panic_double_fault(const TrapFrame &frame)
{
    char text[MaxReason];
    mm::VirtAddr stack{frame.rsp};
    // The push of the first exception went just below rsp; or the page fault that it could not deliver is in CR2.
    if (is_stack_guard(stack - 1) || is_stack_guard(stack - 48))
        panic_trap(frame, lib::format_to(text, "kernel stack overflow: the stack pointer {:#x} has reached the guard "
                                               "hole (double fault)", stack.value()));
    panic_trap(frame, lib::format_to(text, "double fault: an exception could not be delivered, stack pointer {:#x}",
                                     stack.value()));
}

} // namespace

std::string_view exception_name(uint64_t vector)
{
    return vector < std::size(Names) ? Names[vector] : "interrupt";
}

void panic_unhandled(const TrapFrame &frame)
{
    char text[MaxReason];
    switch (static_cast<Exception>(frame.vector)) {
    case Exception::PageFault: panic_page_fault(frame);
    case Exception::DoubleFault: panic_double_fault(frame);
    case Exception::InvalidOpcode:
        panic_trap(frame, "invalid instruction in kernel mode: a check that the compiler planted has failed");
    default:
        panic_trap(frame, lib::format_to(text, "{} in {} mode, error code {:#x}", exception_name(frame.vector),
                                         frame.from_user() ? "user" : "kernel", frame.error_code));
    }
}

} // namespace kernel
