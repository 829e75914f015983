// The interrupt flag of this processor.
#pragma once

#include "kernel/cpu/registers.hpp"

namespace kernel {

inline bool interrupts_enabled()
{
    uint64_t flags;
    asm volatile("pushfq; popq %0" : "=r"(flags));
    return flags & rflags::Interrupt;
}
inline void disable_interrupts()
{
    asm volatile("cli" ::: "memory");
}
inline void enable_interrupts()
{
    asm volatile("sti" ::: "memory");
}

// Sleeps until an interrupt has been handled, and returns with interrupts off. STI takes effect only after
// the next instruction, so an interrupt cannot slip in between the caller's last look and the HLT (SDM vol.
// 2B, STI).
inline void wait_for_interrupt()
{
    asm volatile("sti; hlt; cli" ::: "memory");
}

// Lets pending interrupts in for a moment; for long work with interrupts off. Returns with interrupts off.
inline void let_interrupts_in()
{
    asm volatile("sti; nop; cli" ::: "memory");
}

inline void pause_processor()
{
    asm volatile("pause");
}

[[noreturn]] inline void halt_for_ever()
{
    for (;;) asm volatile("cli; hlt" ::: "memory");
}

// Interrupts are off in this scope, and as they were afterwards.
class InterruptsOff {
public:
    InterruptsOff() : were_enabled_(interrupts_enabled()) { disable_interrupts(); }
    ~InterruptsOff()
    {
        if (were_enabled_) enable_interrupts();
    }
    InterruptsOff(const InterruptsOff &) = delete;
    InterruptsOff &operator=(const InterruptsOff &) = delete;

private:
    bool were_enabled_;
};

} // namespace kernel
