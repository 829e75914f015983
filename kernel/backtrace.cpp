#include "kernel/backtrace.hpp"

#include "kernel/cpu/registers.hpp"
#include "kernel/image.hpp"
#include "kernel/page_walk.hpp"
#include "kernel/symbols.hpp"
#include "kernel/trap/trap_frame.hpp"

namespace kernel {

namespace {

constexpr unsigned MaxDepth = 32;

bool is_in_kernel_stack(uint64_t address)
{
    mm::VirtAddr at{address};
    if (at >= address_of(stacks_start) && at < address_of(stacks_end)) return true;
    return at >= KernelStacksBase && at < KernelStacksBase + KernelStackSlots * KernelStackSlot;
}

// A word of a kernel stack.
bool can_be_read(uint64_t address)
{
    return address % 8 == 0 && is_in_kernel_stack(address) && walk_page_tables(mm::VirtAddr{address}).mapped;
}

// A function that calls nobody has no frame, so the chain of frame pointers begins with its caller's caller.
// The caller is the first word on the stack that looks like a return address: of a CALL that stands before it
// (E8, or FF /2).
uint64_t likely_caller(uint64_t stack_pointer, uint64_t frame_pointer)
{
    constexpr uint64_t MaxWords = 16;
    for (uint64_t at = stack_pointer; at < stack_pointer + MaxWords * 8 && at < frame_pointer; at += 8) {
        if (!can_be_read(at)) return 0;
        uint64_t word = *reinterpret_cast<const uint64_t *>(at);
        if (find_symbol(word - 1).name.empty() || find_symbol(word - 7).name.empty()) continue;
        auto *code = reinterpret_cast<const uint8_t *>(word);
        if (code[-5] == 0xe8 || (code[-2] == 0xff && (code[-1] & 0x38) == 0x10) ||
            (code[-3] == 0xff && (code[-2] & 0x38) == 0x10) ||
            (code[-7] == 0xff && (code[-6] & 0x38) == 0x10))
            return word - 1;
    }
    return 0;
}

void print_location(lib::TextSink &sink, uint64_t instruction, std::string_view remark = "")
{
    Symbol symbol = find_symbol(instruction);
    if (symbol.name.empty()) {
        lib::format(sink, "    {:016x}{}\n", instruction, remark);
    } else {
        lib::format(sink, "    {:016x} {}+{:#x}{}\n", instruction, symbol.name, symbol.offset, remark);
    }
}

// Of a recursion, one line and how often it goes on.
void print_repeats(lib::TextSink &sink, uint64_t &repeats)
{
    if (repeats > 0) lib::format(sink, "    … and {} times more\n", repeats);
    repeats = 0;
}

void print_flags(lib::TextSink &sink, mm::PageTableEntry entry)
{
    using E = mm::PageTableEntry;
    struct Name {
        uint64_t bit;
        std::string_view text;
    };
    static constexpr Name names[] = {
        {E::Present, " present"},   {E::Writable, " writable"},    {E::User, " user"},
        {E::Accessed, " accessed"}, {E::Dirty, " dirty"},          {E::Large, " large"},
        {E::Global, " global"},     {E::NoExecute, " no-execute"},
    };
    for (const Name &name : names) {
        if (entry.raw() & name.bit) sink.put(name.text);
    }
    if (!entry.present()) sink.put(" not present");
}

} // namespace

void print_registers(lib::TextSink &sink, const TrapFrame &f)
{
    lib::format(sink, "  rip {:016x}  rsp {:016x}  rflags {:08x}  cs {:x}  ss {:x}\n", f.rip, f.rsp, f.rflags,
                f.cs, f.ss);
    lib::format(sink, "  rax {:016x}  rbx {:016x}  rcx {:016x}  rdx {:016x}\n", f.rax, f.rbx, f.rcx, f.rdx);
    lib::format(sink, "  rsi {:016x}  rdi {:016x}  rbp {:016x}  r8  {:016x}\n", f.rsi, f.rdi, f.rbp, f.r8);
    lib::format(sink, "  r9  {:016x}  r10 {:016x}  r11 {:016x}  r12 {:016x}\n", f.r9, f.r10, f.r11, f.r12);
    lib::format(sink, "  r13 {:016x}  r14 {:016x}  r15 {:016x}\n", f.r13, f.r14, f.r15);
    lib::format(sink, "  cr0 {:016x}  cr2 {:016x}  cr3 {:016x}  cr4 {:016x}\n", read_cr0(),
                read_cr2().value(), read_cr3().value(), read_cr4());
}

void print_backtrace(lib::TextSink &sink, uint64_t instruction, uint64_t frame_pointer,
                     uint64_t stack_pointer)
{
    sink.put("  backtrace, innermost first:\n");
    print_location(sink, instruction);
    uint64_t last = 0, repeats = 0;
    if (uint64_t caller = likely_caller(stack_pointer, frame_pointer); caller != 0) {
        print_location(sink, caller, " (probably)");
        last = caller;
    }
    for (unsigned depth = 0; depth < MaxDepth;) {
        if (!can_be_read(frame_pointer) || !can_be_read(frame_pointer + 8)) break;
        auto *words = reinterpret_cast<const uint64_t *>(frame_pointer);
        uint64_t caller_frame = words[0],
                 caller = words[1] - 1; // behind a call that never returns stands the next function
        if (find_symbol(caller).name.empty()) break;
        if (caller == last) {
            repeats++;
        } else {
            print_repeats(sink, repeats);
            print_location(sink, caller);
            depth++;
        }
        last = caller;
        if (caller_frame <= frame_pointer) break; // stacks grow down: callers are above
        frame_pointer = caller_frame;
    }
    print_repeats(sink, repeats);
}

void print_page_walk(lib::TextSink &sink, mm::VirtAddr address)
{
    static constexpr std::string_view names[] = {"level 4 (PML4)", "level 3 (PDPT)", "level 2 (PD)",
                                                 "level 1 (PT)"};
    lib::format(sink, "  translation of {:#x} from CR3 {:#x}:\n", address.value(), read_cr3().value());
    PageWalk walk = walk_page_tables(address);
    for (unsigned i = 0; i < walk.count; i++) {
        lib::format(sink, "    {:<15} entry {:>3} = {:016x}", names[i], walk.steps[i].index,
                    walk.steps[i].entry.raw());
        print_flags(sink, walk.steps[i].entry);
        sink.put("\n");
    }
    if (walk.mapped) lib::format(sink, "    physical address {:#x}\n", walk.physical.value());
}

} // namespace kernel
