// Vector state by XSAVE with every component we enable, or by FXSAVE on a processor without it.
#include "kernel/cpu/fpu.hpp"

#include "kernel/cpu/features.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/panic.hpp"

#include <cstring>

namespace kernel {

namespace {

// State components (SDM vol. 1, 13.1).
constexpr uint64_t X87 = 1 << 0;
constexpr uint64_t Sse = 1 << 1;
constexpr uint64_t Avx = 1 << 2;

constexpr size_t FxsaveSize = 512;
// Offsets in the legacy region (SDM vol. 1, table 10-2) and of XSTATE_BV in the header after it (13.4.2).
constexpr size_t ControlWord = 0;
constexpr size_t Mxcsr = 24;
constexpr size_t PresentComponents = 512;

constinit uint64_t components = 0; // 0: FXSAVE
constinit size_t state_size = FxsaveSize;

} // namespace

void init_vector_state()
{
    if (!cpu_features().xsave) return;
    components = X87 | Sse | (cpu_features().avx ? Avx : 0);
    write_xcr0(components);
    state_size = cpuid(0xd, 0).ebx; // for what XCR0 enables now
    if (state_size > MaxVectorStateSize) panic("the processor wants {} bytes of vector state", state_size);
}

size_t vector_state_size()
{
    return state_size;
}

void reset_vector_state(void *area)
{
    auto *bytes = static_cast<char *>(area);
    std::memset(bytes, 0, state_size);
    uint16_t control_word = 0x37f;
    uint32_t mxcsr = 0x1f80;
    std::memcpy(bytes + ControlWord, &control_word, sizeof control_word);
    std::memcpy(bytes + Mxcsr, &mxcsr, sizeof mxcsr);
    if (components != 0) {
        uint64_t present = X87 | Sse; // AVX absent means: all zero
        std::memcpy(bytes + PresentComponents, &present, sizeof present);
    }
}

void save_vector_state(void *area)
{
    if (components != 0) {
        asm volatile("xsaveq (%0)" ::"r"(area), "a"(components), "d"(0) : "memory");
    } else {
        asm volatile("fxsaveq (%0)" ::"r"(area) : "memory");
    }
}

void restore_vector_state(const void *area)
{
    if (components != 0) {
        asm volatile("xrstorq (%0)" ::"r"(area), "a"(components), "d"(0) : "memory");
    } else {
        asm volatile("fxrstorq (%0)" ::"r"(area) : "memory");
    }
}

} // namespace kernel
