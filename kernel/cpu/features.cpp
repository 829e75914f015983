#include "kernel/cpu/features.hpp"

#include "kernel/cpu/registers.hpp"
#include "kernel/log.hpp"
#include "kernel/panic.hpp"

#include <cstring>

namespace kernel {

namespace {

constinit CpuFeatures features{};

enum Register : uint8_t { Eax, Ebx, Ecx, Edx };

// Where CPUID says it (SDM vol. 2A, CPUID; leaf 0x8000'0001 and up: AMD APM vol. 3, appendix E).
struct FeatureBit {
    uint32_t leaf;
    Register in;
    uint8_t bit;
    const char *name;
    bool CpuFeatures::*flag; // null: required
};

constexpr FeatureBit Bits[] = {
    {1, Edx, 4, "TSC (time-stamp counter)", nullptr},
    {1, Edx, 5, "MSR (model-specific registers)", nullptr},
    {1, Edx, 9, "APIC (local interrupt controller)", nullptr},
    {1, Edx, 24, "FXSR (saving vector state)", nullptr},
    {1, Edx, 26, "SSE2 (128-bit vectors)", nullptr},
    {0x80000001, Edx, 11, "SYSCALL", nullptr},
    {7, Ebx, 7, "SMEP", &CpuFeatures::smep},
    {7, Ebx, 20, "SMAP", &CpuFeatures::smap},
    {7, Ecx, 2, "UMIP", &CpuFeatures::umip},
    {1, Edx, 13, "PGE (global pages)", &CpuFeatures::global_pages},
    {0x80000001, Edx, 26, "1 GiB pages", &CpuFeatures::giant_pages},
    {1, Ecx, 26, "XSAVE", &CpuFeatures::xsave},
    {1, Ecx, 28, "AVX", &CpuFeatures::avx},
    {7, Ebx, 0, "FSGSBASE", &CpuFeatures::fsgsbase},
    {0x80000007, Edx, 8, "invariant TSC", &CpuFeatures::invariant_tsc},
};

bool has(const FeatureBit &wanted)
{
    uint32_t highest = cpuid(wanted.leaf & 0x80000000).eax;
    if (wanted.leaf > highest) return false;
    CpuidResult r = cpuid(wanted.leaf);
    uint32_t value = wanted.in == Ebx ? r.ebx : wanted.in == Ecx ? r.ecx : r.edx;
    return (value >> wanted.bit & 1) != 0;
}

void read_brand()
{
    if (cpuid(0x80000000).eax < 0x80000004) return;
    for (uint32_t i = 0; i < 3; i++) {
        CpuidResult r = cpuid(0x80000002 + i);
        std::memcpy(features.brand + sizeof r * i, &r, sizeof r);
    }
}

void enable_what_is_there()
{
    uint64_t value = read_cr0();
    value &= ~(cr0::Emulation | cr0::TaskSwitched);
    value |= cr0::MonitorCoprocessor | cr0::NumericError | cr0::WriteProtect | cr0::AlignmentMask;
    write_cr0(value);

    value = read_cr4() | cr4::OsFxsr | cr4::OsXmmExceptions;
    if (features.global_pages) value |= cr4::PageGlobal;
    if (features.umip) value |= cr4::Umip;
    if (features.smep) value |= cr4::Smep;
    if (features.smap) value |= cr4::Smap;
    if (features.fsgsbase) value |= cr4::FsGsBase;
    if (features.xsave) value |= cr4::OsXsave;
    write_cr4(value);

    write_msr(msr::Efer, read_msr(msr::Efer) | efer::SyscallEnable | efer::NoExecuteEnable);
}

} // namespace

const CpuFeatures &cpu_features()
{
    return features;
}

void init_features()
{
    char absent[160];
    lib::BufferSink absent_names(absent);
    for (const FeatureBit &bit : Bits) {
        bool there = has(bit);
        if (bit.flag != nullptr) {
            features.*bit.flag = there;
            if (!there) lib::format(absent_names, "{}{}", absent_names.text().empty() ? "" : ", ", bit.name);
        } else if (!there) {
            refuse("this processor has no {}, which Vitrine needs", bit.name);
        }
    }
    // AVX state can be kept only by XSAVE.
    if (!features.xsave) features.avx = false;
    if (cpuid(0x80000000).eax >= 0x80000008) features.physical_bits = cpuid(0x80000008).eax & 0xff;
    read_brand();
    enable_what_is_there();
    log_info("processor: {}; {}{}", features.brand,
             absent_names.text().empty() ? "every optional feature is there" : "it does without ",
             absent_names.text());
}

} // namespace kernel
