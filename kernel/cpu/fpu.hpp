// The program's vector state: x87, SSE and, where the processor has it, AVX. The kernel itself uses none of
// it
// (-mgeneral-regs-only), so the state stays in the registers from entry to return and is saved only when
// another thread runs next: eagerly, at each switch.
#pragma once

#include "kernel/cpu/vector_format.hpp"

#include <cstddef>
#include <cstdint>

namespace kernel {

inline constexpr size_t VectorStateAlignment = 64; // XSAVE (SDM vol. 1, 13.4); FXSAVE needs 16
inline constexpr size_t MaxVectorStateSize = 1024; // x87 + SSE + header + AVX need 832

// Enables the state components. After init_features().
void init_vector_state();

// Bytes that one thread's state needs (CPUID leaf 0xD), at most MaxVectorStateSize.
size_t vector_state_size();
const VectorFormat &vector_format();

// Fills `area` with the state a new program starts with: everything zero, x87 control word 0x37f, MXCSR
// 0x1f80.
void reset_vector_state(void *area);
void save_vector_state(void *area);
// What save_vector_state() saved, or prepare_vector_image() allowed: anything else may fault.
void restore_vector_state(const void *area);

// Which exceptions of x87 or SSE the registers tell of that are not masked, in the bits of MXCSR (SDM
// vol. 1, 10.2.3): invalid, denormal, divide, overflow, underflow, precision.
uint32_t pending_x87_exceptions();
uint32_t pending_sse_exceptions();

} // namespace kernel
