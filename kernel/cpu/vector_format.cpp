#include "kernel/cpu/vector_format.hpp"

#include <cstring>

namespace kernel {

namespace {

constexpr uint16_t InitialControlWord = 0x37f;
constexpr uint32_t InitialMxcsr = 0x1f80;

template <typename T> T load(std::span<const std::byte> image, size_t at)
{
    T value;
    std::memcpy(&value, image.data() + at, sizeof value);
    return value;
}
template <typename T> void store(std::span<std::byte> image, size_t at, T value)
{
    std::memcpy(image.data() + at, &value, sizeof value);
}

bool is_header_clean(std::span<const std::byte> image)
{
    // XCOMP_BV (the compacted format) and what is reserved.
    for (size_t at = VectorFormat::PresentComponents + 8; at < VectorFormat::HeaderEnd; at++) {
        if (image[at] != std::byte{0}) return false;
    }
    return true;
}

} // namespace

void reset_vector_image(std::span<std::byte> image, const VectorFormat &format)
{
    std::memset(image.data(), 0, format.size);
    store(image, VectorFormat::ControlWord, InitialControlWord);
    store(image, VectorFormat::Mxcsr, InitialMxcsr);
    // AVX absent means: all zero.
    if (format.by_xsave())
        store(image, VectorFormat::PresentComponents, VectorFormat::X87 | VectorFormat::Sse);
}

bool prepare_vector_image(std::span<std::byte> image, const VectorFormat &format, uint64_t wanted,
                          bool legacy_only)
{
    constexpr uint64_t Legacy = VectorFormat::X87 | VectorFormat::Sse;
    if (!format.by_xsave()) return !(load<uint32_t>(image, VectorFormat::Mxcsr) & ~format.mxcsr_mask);

    if (legacy_only) {
        std::memset(image.data() + VectorFormat::PresentComponents, 0,
                    format.size - VectorFormat::PresentComponents);
        store(image, VectorFormat::PresentComponents, Legacy);
        wanted = Legacy;
    }
    auto present = load<uint64_t>(image, VectorFormat::PresentComponents);
    if ((present & ~format.components) || !is_header_clean(image)) return false;
    wanted &= format.components;
    // MXCSR is loaded even when the SSE registers are absent, if SSE or AVX are asked for (SDM, 13.8.1).
    bool takes_mxcsr = (wanted & (VectorFormat::Sse | VectorFormat::Avx)) != 0;
    if (!takes_mxcsr)
        store(image, VectorFormat::Mxcsr, InitialMxcsr);
    else if (load<uint32_t>(image, VectorFormat::Mxcsr) & ~format.mxcsr_mask)
        return false;
    store(image, VectorFormat::PresentComponents, present & wanted);
    return true;
}

} // namespace kernel
