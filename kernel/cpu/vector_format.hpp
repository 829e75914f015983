// What a saved vector state looks like on this machine (SDM vol. 1, chapters 10.5 and 13.4), and whether
// bytes that a program claims to be one may be loaded: XRSTOR faults in kernel mode on some.
//
// No instruction is executed here, so the host tests run it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace kernel {

struct VectorFormat {
    static constexpr uint64_t X87 = 1 << 0, Sse = 1 << 1, Avx = 1 << 2; // state components (SDM, 13.1)

    static constexpr size_t ControlWord = 0; // offsets in the legacy region (SDM, table 10-2)
    static constexpr size_t StatusWord = 2;
    static constexpr size_t Mxcsr = 24;
    static constexpr size_t MxcsrMask = 28;
    static constexpr size_t SoftwareBytes = 464; // the processor leaves these 48 alone
    static constexpr size_t LegacySize = 512;
    static constexpr size_t PresentComponents = 512; // XSTATE_BV, first word of the XSAVE header
    static constexpr size_t HeaderEnd = 576;

    uint64_t components = 0; // that are saved; 0: by FXSAVE, x87 and SSE
    size_t size = LegacySize;
    uint32_t mxcsr_mask = 0xffbf; // bits of MXCSR that exist

    bool by_xsave() const { return components != 0; }
};

// Makes `image` (format.size bytes) one that can be loaded without a fault, taking from it the components of
// `wanted` and none else; those not taken become as in a new program. `legacy_only`: its header means
// nothing. False when the processor would refuse it.
bool prepare_vector_image(std::span<std::byte> image, const VectorFormat &format, uint64_t wanted,
                          bool legacy_only);
// What a new program has.
void reset_vector_image(std::span<std::byte> image, const VectorFormat &format);

} // namespace kernel
