// The processor's special registers and instructions, one line each. With cpu_area.hpp, interrupts.hpp,
// ports.hpp and fpu.cpp the only inline assembly of the kernel.
#pragma once

#include "mm/address.hpp"

#include <cstdint>

namespace kernel {

// Control registers (SDM vol. 3A, 2.5).
namespace cr0 {
inline constexpr uint64_t MonitorCoprocessor = 1 << 1;
inline constexpr uint64_t Emulation = 1 << 2;
inline constexpr uint64_t TaskSwitched = 1 << 3;
inline constexpr uint64_t NumericError = 1 << 5;
inline constexpr uint64_t WriteProtect = 1 << 16;
inline constexpr uint64_t AlignmentMask = 1 << 18;
} // namespace cr0

namespace cr4 {
inline constexpr uint64_t PageGlobal = 1 << 7;
inline constexpr uint64_t OsFxsr = 1 << 9;
inline constexpr uint64_t OsXmmExceptions = 1 << 10;
inline constexpr uint64_t Umip = 1 << 11;
inline constexpr uint64_t FsGsBase = 1 << 16;
inline constexpr uint64_t OsXsave = 1 << 18;
inline constexpr uint64_t Smep = 1 << 20;
inline constexpr uint64_t Smap = 1 << 21;
} // namespace cr4

namespace rflags {
inline constexpr uint64_t Reserved1 = 1 << 1; // always set
inline constexpr uint64_t Trap = 1 << 8;
inline constexpr uint64_t Interrupt = 1 << 9;
inline constexpr uint64_t Direction = 1 << 10;
inline constexpr uint64_t IoPrivilege = 3 << 12;
inline constexpr uint64_t NestedTask = 1 << 14;
inline constexpr uint64_t Resume = 1 << 16;
inline constexpr uint64_t AlignmentCheck = 1 << 18;
} // namespace rflags

// Model-specific registers (SDM vol. 4).
namespace msr {
inline constexpr uint32_t ApicBase = 0x1b;
inline constexpr uint32_t Efer = 0xc0000080;
inline constexpr uint32_t Star = 0xc0000081;
inline constexpr uint32_t LongStar = 0xc0000082;
inline constexpr uint32_t SyscallMask = 0xc0000084;
inline constexpr uint32_t FsBase = 0xc0000100;
inline constexpr uint32_t GsBase = 0xc0000101;
inline constexpr uint32_t KernelGsBase = 0xc0000102; // the program's GS base while the kernel runs
} // namespace msr

namespace efer {
inline constexpr uint64_t SyscallEnable = 1 << 0;
inline constexpr uint64_t NoExecuteEnable = 1 << 11;
} // namespace efer

inline uint64_t read_cr0()
{
    uint64_t value;
    asm volatile("movq %%cr0, %0" : "=r"(value));
    return value;
}
inline void write_cr0(uint64_t value)
{
    asm volatile("movq %0, %%cr0" ::"r"(value) : "memory");
}

// The address that the last page fault was about.
inline mm::VirtAddr read_cr2()
{
    uint64_t value;
    asm volatile("movq %%cr2, %0" : "=r"(value));
    return mm::VirtAddr{value};
}

// The top-level page table in use. Writing forgets all translations that are not global.
inline mm::PhysAddr read_cr3()
{
    uint64_t value;
    asm volatile("movq %%cr3, %0" : "=r"(value));
    return mm::PhysAddr{value}.page_down();
}
inline void write_cr3(mm::PhysAddr root)
{
    asm volatile("movq %0, %%cr3" ::"r"(root.value()) : "memory");
}

inline uint64_t read_cr4()
{
    uint64_t value;
    asm volatile("movq %%cr4, %0" : "=r"(value));
    return value;
}
inline void write_cr4(uint64_t value)
{
    asm volatile("movq %0, %%cr4" ::"r"(value) : "memory");
}

// Forgets the translation of one page on this processor, global or not.
inline void invalidate_translation(mm::VirtAddr page)
{
    asm volatile("invlpg (%0)" ::"r"(page.value()) : "memory");
}

inline uint64_t read_msr(uint32_t number)
{
    uint32_t low, high;
    asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
    return uint64_t{high} << 32 | low;
}
inline void write_msr(uint32_t number, uint64_t value)
{
    asm volatile("wrmsr" ::"c"(number), "a"(static_cast<uint32_t>(value)),
                 "d"(static_cast<uint32_t>(value >> 32))
                 : "memory");
}

inline uint64_t read_time_stamp()
{
    uint32_t low, high;
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return uint64_t{high} << 32 | low;
}

struct CpuidResult {
    uint32_t eax, ebx, ecx, edx;
};
inline CpuidResult cpuid(uint32_t leaf, uint32_t subleaf = 0)
{
    CpuidResult r;
    asm volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx) : "a"(leaf), "c"(subleaf));
    return r;
}

// Extended control register 0: which vector state exists (SDM vol. 3A, 2.6). Needs CR4.OSXSAVE.
inline void write_xcr0(uint64_t value)
{
    asm volatile("xsetbv" ::"c"(0), "a"(static_cast<uint32_t>(value)),
                 "d"(static_cast<uint32_t>(value >> 32)));
}

// Thread-local storage bases of the program (arch_prctl(2)). The kernel does not use FS. While the kernel
// runs, the program's GS base is in the other register of the SWAPGS pair. The value must be canonical: below
// mm::UserEnd.
inline void write_user_fs_base(uint64_t base)
{
    write_msr(msr::FsBase, base);
}
inline uint64_t read_user_fs_base()
{
    return read_msr(msr::FsBase);
}
inline void write_user_gs_base(uint64_t base)
{
    write_msr(msr::KernelGsBase, base);
}
inline uint64_t read_user_gs_base()
{
    return read_msr(msr::KernelGsBase);
}

} // namespace kernel
