// Vector state by XSAVE with every component we enable, or by FXSAVE on a processor without it.
#include "kernel/cpu/fpu.hpp"

#include "kernel/cpu/features.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/panic.hpp"

#include <cstring>

namespace kernel {

namespace {

constexpr uint32_t ExceptionMask = 0x3f;
constexpr unsigned MxcsrMasksShift = 7;

constinit VectorFormat format;

// The processor tells in an FXSAVE image; 0 means that it is an old one (SDM vol. 1, 11.6.6).
uint32_t find_mxcsr_mask()
{
    alignas(16) std::byte image[VectorFormat::LegacySize]{};
    asm volatile("fxsaveq (%0)" ::"r"(image) : "memory");
    uint32_t mask;
    std::memcpy(&mask, image + VectorFormat::MxcsrMask, sizeof mask);
    return mask != 0 ? mask : VectorFormat{}.mxcsr_mask;
}

} // namespace

void init_vector_state()
{
    format.mxcsr_mask = find_mxcsr_mask();
    if (!cpu_features().xsave) return;
    format.components = VectorFormat::X87 | VectorFormat::Sse | (cpu_features().avx ? VectorFormat::Avx : 0);
    write_xcr0(format.components);
    format.size = cpuid(0xd, 0).ebx; // for what XCR0 enables now
    if (format.size > MaxVectorStateSize) panic("the processor wants {} bytes of vector state", format.size);
}

size_t vector_state_size()
{
    return format.size;
}

const VectorFormat &vector_format()
{
    return format;
}

void reset_vector_state(void *area)
{
    reset_vector_image({static_cast<std::byte *>(area), format.size}, format);
}

[[gnu::hot]] void save_vector_state(void *area)
{
    if (format.by_xsave()) {
        asm volatile("xsaveq (%0)" ::"r"(area), "a"(format.components), "d"(0) : "memory");
    } else {
        asm volatile("fxsaveq (%0)" ::"r"(area) : "memory");
    }
}

[[gnu::hot]] void restore_vector_state(const void *area)
{
    if (format.by_xsave()) {
        asm volatile("xrstorq (%0)" ::"r"(area), "a"(format.components), "d"(0) : "memory");
    } else {
        asm volatile("fxrstorq (%0)" ::"r"(area) : "memory");
    }
}

uint32_t pending_x87_exceptions()
{
    uint16_t control, status;
    asm volatile("fnstcw %0" : "=m"(control));
    asm volatile("fnstsw %0" : "=m"(status));
    return status & ~control & ExceptionMask;
}

uint32_t pending_sse_exceptions()
{
    uint32_t mxcsr;
    asm volatile("stmxcsr %0" : "=m"(mxcsr));
    return mxcsr & ~(mxcsr >> MxcsrMasksShift) & ExceptionMask;
}

} // namespace kernel
