// Who answers which vector.
#include "kernel/cpu/local_apic.hpp"
#include "kernel/panic.hpp"
#include "kernel/trap/trap.hpp"
#include "kernel/trap/vectors.hpp"
#include "mm/address.hpp"

#include <iterator>

namespace kernel {

namespace {

struct Registration {
    InterruptHandler handler;
    void *context;
};
[[gnu::section(".bss.large")]] constinit Registration registrations[vectors::DeviceCount]{};
constinit unsigned registration_count = 0;

// user_copy.asm, may_fault
struct Fixup {
    uint64_t instruction;
    uint64_t recovery;
};
extern "C" const Fixup fixup_table_start[], fixup_table_end[];

const Fixup *find_fixup(uint64_t rip)
{
    for (const Fixup *fixup = fixup_table_start; fixup != fixup_table_end; fixup++) {
        if (fixup->instruction == rip) return fixup;
    }
    return nullptr;
}

void device_interrupt(uint64_t vector)
{
    const Registration &registration = registrations[vector - vectors::FirstDevice];
    if (registration.handler != nullptr) registration.handler(registration.context);
    end_of_interrupt();
}

} // namespace

uint8_t allocate_interrupt_vector(InterruptHandler handler, void *context)
{
    if (registration_count == std::size(registrations)) return 0;
    registrations[registration_count] = {handler, context};
    return static_cast<uint8_t>(vectors::FirstDevice + registration_count++);
}

bool is_user_copy(uint64_t rip)
{
    return find_fixup(rip) != nullptr;
}

bool recover_from_user_copy(TrapFrame &frame)
{
    const Fixup *fixup = find_fixup(frame.rip);
    if (fixup == nullptr) return false;
    frame.rip = fixup->recovery;
    return true;
}

// From entry.asm: everything but page faults and what comes on a stack of its own.
extern "C" void trap_dispatch(TrapFrame &frame)
{
    if (frame.vector < vectors::FirstInterrupt) {
        // An IRETQ that the processor refused arrives here with the program's frame (entry.asm).
        if (!frame.from_user()) panic_unhandled(frame);
        user_exception(frame, static_cast<Exception>(frame.vector));
    } else if (frame.vector == vectors::Timer) {
        end_of_interrupt(); // first: the tick may switch to a thread that does not come back here
        timer_tick();
    } else if (frame.vector >= vectors::FirstDevice &&
               frame.vector < vectors::FirstDevice + vectors::DeviceCount) {
        device_interrupt(frame.vector);
    }
    // Spurious interrupts, of the APIC and of the two PICs that are masked: no answer, no end-of-interrupt
    // (SDM vol. 3A, 10.9).
}

// From entry.asm: NMI, double fault, machine check.
extern "C" [[noreturn]] void fatal_trap(TrapFrame &frame)
{
    panic_unhandled(frame);
}

} // namespace kernel
