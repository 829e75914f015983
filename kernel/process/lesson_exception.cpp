// Why the processor refused an instruction.
#include "kernel/process/lesson.hpp"
#include "kernel/trap/user_copy.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace kernel {

namespace {

constexpr size_t MaxInstruction = 15; // bytes (SDM vol. 2A, 2.3.11)
constexpr uint8_t FirstPrefixRex = 0x40, LastPrefixRex = 0x4f;
constexpr uint8_t IntOpcode = 0xcd;
constexpr uint8_t FirstMoveAbsolute = 0xa0, LastMoveAbsolute = 0xa3; // mov between rax and a 64-bit address

// Bits 63 to 47 are equal (SDM vol. 1, 3.3.7.1).
bool is_canonical(uint64_t address)
{
    return static_cast<int64_t>(address << 16) >> 16 == static_cast<int64_t>(address);
}

struct Instruction {
    uint8_t bytes[MaxInstruction]{};
    size_t length = 0; // how many could be read

    explicit Instruction(uint64_t rip)
    {
        length = MaxInstruction - copy_from_user_partial(bytes, mm::VirtAddr{rip}, MaxInstruction);
    }
    bool begins_with(std::initializer_list<uint8_t> pattern) const
    {
        return pattern.size() <= length && std::equal(pattern.begin(), pattern.end(), bytes);
    }
    bool has_rex() const { return length > 0 && bytes[0] >= FirstPrefixRex && bytes[0] <= LastPrefixRex; }
    // The address, when the instruction contains all 64 bits of one.
    std::optional<uint64_t> absolute_address() const
    {
        size_t at = has_rex();
        uint64_t address;
        if (length < at + 1 + sizeof address) return std::nullopt;
        if (bytes[at] < FirstMoveAbsolute || bytes[at] > LastMoveAbsolute) return std::nullopt;
        std::memcpy(&address, bytes + at + 1, sizeof address);
        return address;
    }
    void write(lib::TextSink &sink) const
    {
        for (size_t i = 0; i < std::min<size_t>(length, 8); i++)
            lib::format(sink, "{}{:02x}", i == 0 ? "" : " ", bytes[i]);
    }
};

void explain_illegal(lib::TextSink &sink, const Instruction &instruction)
{
    if (instruction.begins_with({0x0f, 0x0b})) {
        sink.put("the instruction ud2, which compilers put where a program must never come (__builtin_trap, "
                 "__builtin_unreachable, a failed check)");
        return;
    }
    sink.put("the processor does not know the instruction that begins with ");
    instruction.write(sink);
    sink.put(". A jump to something that is not code, or a program for a newer processor?");
}

// Instructions that only the kernel may execute (SDM vol. 3A, 5.9).
bool is_privileged(const Instruction &instruction)
{
    size_t at = instruction.has_rex();
    if (at + 1 >= instruction.length) return false;
    uint8_t first = instruction.bytes[at], second = instruction.bytes[at + 1];
    static constexpr uint8_t OneByte[] = {0xf4, 0xfa, 0xfb,                               // hlt cli sti
                                          0xe4, 0xe5, 0xe6, 0xe7, 0xec, 0xed, 0xee, 0xef, // in out
                                          0x6c, 0x6d, 0x6e, 0x6f};                        // ins outs
    static constexpr uint8_t TwoBytes[] = {0x00, 0x01, 0x06, 0x08, 0x09, 0x20,
                                           0x21, 0x22, 0x23, 0x30, 0x32, 0x33};
    if (first == 0x0f)
        return std::find(std::begin(TwoBytes), std::end(TwoBytes), second) != std::end(TwoBytes);
    return std::find(std::begin(OneByte), std::end(OneByte), first) != std::end(OneByte);
}

struct NamedRegister {
    const char *name;
    uint64_t TrapFrame::*value;
};
constexpr NamedRegister registers[] = {
    {"rax", &TrapFrame::rax}, {"rbx", &TrapFrame::rbx}, {"rcx", &TrapFrame::rcx}, {"rdx", &TrapFrame::rdx},
    {"rsi", &TrapFrame::rsi}, {"rdi", &TrapFrame::rdi}, {"rbp", &TrapFrame::rbp}, {"rsp", &TrapFrame::rsp},
    {"r8", &TrapFrame::r8},   {"r9", &TrapFrame::r9},   {"r10", &TrapFrame::r10}, {"r11", &TrapFrame::r11},
    {"r12", &TrapFrame::r12}, {"r13", &TrapFrame::r13}, {"r14", &TrapFrame::r14}, {"r15", &TrapFrame::r15},
};

// The processor does not say which address was bad; a register that cannot be one is the likely culprit.
bool explain_not_canonical(lib::TextSink &sink, const TrapFrame &frame)
{
    Instruction instruction(frame.rip);
    const char *where = nullptr;
    uint64_t value = 0;
    if (auto absolute = instruction.absolute_address(); absolute && !is_canonical(*absolute)) {
        where = "the instruction";
        value = *absolute;
    }
    for (const NamedRegister &candidate : registers) {
        if (where != nullptr) break;
        value = frame.*candidate.value;
        if (!is_canonical(value)) where = candidate.name;
    }
    if (where == nullptr) return false;
    lib::format(
        sink,
        "the address in {} is to blame: {:#x} is no address at all, because bits 63 to 47 of an address must "
        "be equal (it is not canonical). A pointer was overwritten, or never set?",
        where, value);
    return true;
}

void explain_protection(lib::TextSink &sink, const TrapFrame &frame)
{
    if (!is_canonical(frame.rip)) {
        lib::format(
            sink,
            "jump to {:#x}: this is no address at all, because bits 63 to 47 of an address must be equal "
            "(it is not canonical). A return address or function pointer was overwritten?",
            frame.rip);
        return;
    }
    Instruction instruction(frame.rip);
    if (instruction.begins_with({IntOpcode})) {
        lib::format(sink, "the instruction int {:#x}: programs may not raise this interrupt{}",
                    instruction.bytes[1],
                    instruction.bytes[1] == 0x80
                        ? ". It was Linux's system call for 32-bit programs; 64-bit ones use syscall"
                        : "");
        return;
    }
    if (is_privileged(instruction)) {
        sink.put("a privileged instruction, which only the kernel may execute: ");
        instruction.write(sink);
        return;
    }
    if (explain_not_canonical(sink, frame)) return;
    sink.put("the processor refused the instruction ");
    instruction.write(sink);
    sink.put(" (general protection). An SSE instruction whose memory operand is not aligned to 16 bytes?");
}

} // namespace

void explain_exception(lib::TextSink &sink, const TrapFrame &frame, const SignalInfo &info)
{
    switch (static_cast<Exception>(info.exception)) {
    case Exception::DivideError:
        return sink.put("an integer was divided by zero, or the quotient does not fit (INT_MIN / -1)");
    case Exception::InvalidOpcode:
        return explain_illegal(sink, Instruction(frame.rip));
    case Exception::GeneralProtection:
        return explain_protection(sink, frame);
    case Exception::StackSegment:
        if (explain_not_canonical(sink, frame)) return;
        return sink.put("an access through rsp or rbp that the processor refused (stack fault)");
    case Exception::Breakpoint:
        return sink.put("a breakpoint (int3), and no debugger is there to wait for");
    case Exception::Debug:
        return sink.put("a debug trap (single step), and no debugger is there to wait for");
    case Exception::FloatingPoint:
        return sink.put("a floating-point error of the x87 unit, which the program has asked to be told of");
    case Exception::SimdFloatingPoint:
        return sink.put(
            "a floating-point error (division by zero, overflow …), which the program has asked to be told "
            "of (feenableexcept)");
    case Exception::AlignmentCheck:
        return sink.put("an unaligned access, which the program has forbidden itself (the AC flag)");
    case Exception::Overflow:
    case Exception::BoundRange:
        return sink.put("an overflow or bound check failed");
    default:
        return lib::format(sink, "processor exception {}", info.exception);
    }
}

} // namespace kernel
