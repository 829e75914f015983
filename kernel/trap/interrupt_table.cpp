// The IDT and the registers of SYSCALL: how the processor finds entry.asm and syscall_entry.asm.
#include "kernel/cpu/features.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/cpu/segments.hpp"
#include "kernel/trap/trap.hpp"

#include <cstring>
#include <iterator>

namespace kernel {

namespace {

constexpr unsigned Vectors = 256;
constexpr uint64_t StubSize = 16;

// SDM vol. 3A, figure 6-8: 64-bit interrupt gate; it turns interrupts off.
struct Gate {
    uint16_t offset_low;
    uint16_t selector;
    uint8_t ist;
    uint8_t type;
    uint16_t offset_middle;
    uint32_t offset_high;
    uint32_t reserved;
};
static_assert(sizeof(Gate) == 16);

constexpr uint8_t InterruptGate = 0x8e; // present, callable from privilege 0
constexpr uint8_t UserCallable = 3 << 5;

struct [[gnu::packed]] TablePointer {
    uint16_t limit;
    uint64_t base;
};

// Where entry.asm and user_copy.asm left room (frame.inc, smap_site).
struct SmapSite {
    unsigned char *instruction;
    uint64_t opens;
};

extern "C" {
extern const char trap_stubs[];
extern const char syscall_entry[];
extern const SmapSite smap_sites_start[], smap_sites_end[];
void load_interrupt_table(const TablePointer *pointer);
}

[[gnu::section(".bss.large")]] constinit Gate gates[Vectors]{};

uint8_t stack_slot(unsigned vector)
{
    switch (static_cast<Exception>(vector)) {
    case Exception::DoubleFault:
        return DoubleFaultIst;
    case Exception::NonMaskable:
        return NonMaskableIst;
    case Exception::MachineCheck:
        return MachineCheckIst;
    default:
        return 0; // stays on the current stack, or the TSS's when coming from user mode
    }
}

void fill_gates()
{
    for (unsigned vector = 0; vector < Vectors; vector++) {
        uint64_t target = reinterpret_cast<uint64_t>(trap_stubs) + vector * StubSize;
        auto exception = static_cast<Exception>(vector);
        // INT3 and INTO are instructions of programs; INT with any other vector is a general protection
        // fault.
        bool user = exception == Exception::Breakpoint || exception == Exception::Overflow;
        gates[vector] = {
            .offset_low = static_cast<uint16_t>(target),
            .selector = KernelCodeSelector,
            .ist = stack_slot(vector),
            .type = static_cast<uint8_t>(InterruptGate | (user ? UserCallable : 0)),
            .offset_middle = static_cast<uint16_t>(target >> 16),
            .offset_high = static_cast<uint32_t>(target >> 32),
            .reserved = 0,
        };
    }
}

void patch_smap_sites()
{
    static constexpr unsigned char clac[] = {0x0f, 0x01, 0xca}, stac[] = {0x0f, 0x01, 0xcb};
    for (const SmapSite *site = smap_sites_start; site != smap_sites_end; site++) {
        std::memcpy(site->instruction, site->opens != 0 ? stac : clac, sizeof clac);
    }
}

} // namespace

void init_traps()
{
    if (cpu_features().smap) patch_smap_sites();
    fill_gates();
    TablePointer pointer{sizeof gates - 1, reinterpret_cast<uint64_t>(gates)};
    load_interrupt_table(&pointer);

    write_msr(msr::Star, uint64_t{SysretSelectorBase} << 48 | uint64_t{KernelCodeSelector} << 32);
    write_msr(msr::LongStar, reinterpret_cast<uint64_t>(syscall_entry));
    // Flags that a program may have set and the kernel does not want: interrupts come when it says so, no
    // single steps, strings go upwards, SMAP holds.
    write_msr(msr::SyscallMask, rflags::Interrupt | rflags::Trap | rflags::Direction | rflags::IoPrivilege |
                                    rflags::NestedTask | rflags::AlignmentCheck);
}

} // namespace kernel
