// /proc/cpuinfo: what CPUID says of the processor, in Linux's words (arch/x86/kernel/cpu/proc.c).
#include "kernel/cpu/clock.hpp"
#include "kernel/cpu/features.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/file/proc.hpp"

#include <cstring>

namespace kernel::proc {

namespace {

// Names by bit, from 0; a dash is a bit without a name.
constexpr std::string_view Leaf1Edx = "fpu vme de pse tsc msr pae mce cx8 apic - sep mtrr pge mca cmov pat "
                                      "pse36 pn clflush - dts acpi mmx fxsr "
                                      "sse sse2 ss ht tm ia64 pbe";
constexpr std::string_view ExtendedEdx =
    "- - - - - - - - - - - syscall - - - - - - - mp nx - mmxext - - fxsr_opt pdpe1gb rdtscp - lm 3dnowext "
    "3dnow";
constexpr std::string_view Leaf1Ecx =
    "pni pclmulqdq dtes64 monitor ds_cpl vmx smx est tm2 ssse3 cid sdbg fma cx16 xtpr pdcm - pcid dca sse4_1 "
    "sse4_2 x2apic movbe popcnt tsc_deadline_timer aes xsave - avx f16c rdrand hypervisor";
constexpr std::string_view ExtendedEcx =
    "lahf_lm cmp_legacy svm extapic cr8_legacy abm sse4a misalignsse 3dnowprefetch osvw ibs xop skinit wdt - "
    "lwp fma4 tce - nodeid_msr - tbm topoext perfctr_core perfctr_nb - bpext ptsc perfctr_llc mwaitx - -";
constexpr std::string_view Leaf7Ebx =
    "fsgsbase tsc_adjust sgx bmi1 hle avx2 - smep bmi2 erms invpcid rtm cqm - mpx rdt_a avx512f avx512dq "
    "rdseed adx smap avx512ifma - clflushopt clwb intel_pt avx512pf avx512er avx512cd sha_ni avx512bw "
    "avx512vl";
constexpr std::string_view Leaf7Ecx =
    "- avx512vbmi umip pku ospke waitpkg avx512_vbmi2 - gfni vaes vpclmulqdq avx512_vnni avx512_bitalg - "
    "avx512_vpopcntdq - la57 - - - - - rdpid - bus_lock_detect cldemote - movdiri movdir64b enqcmd - -";

void put_names(lib::TextSink &sink, std::string_view names, uint32_t bits)
{
    for (unsigned bit = 0; !names.empty(); bit++) {
        size_t length = names.find(' ');
        std::string_view name = names.substr(0, length);
        names.remove_prefix(length == std::string_view::npos ? names.size() : length + 1);
        if ((bits >> bit & 1) != 0 && name != "-") lib::format(sink, " {}", name);
    }
}

void put_flags(lib::TextSink &sink)
{
    CpuidResult basic = cpuid(1), extended = cpuid(0x80000001);
    CpuidResult more = cpuid(0).eax >= 7 ? cpuid(7) : CpuidResult{};
    sink.put("flags\t\t:");
    put_names(sink, Leaf1Edx, basic.edx);
    put_names(sink, ExtendedEdx, extended.edx);
    put_names(sink, Leaf1Ecx, basic.ecx);
    put_names(sink, ExtendedEcx, extended.ecx);
    put_names(sink, Leaf7Ebx, more.ebx);
    put_names(sink, Leaf7Ecx, more.ecx);
    sink.put("\n");
}

struct Signature {
    uint32_t family, model, stepping;
};

// SDM vol. 2A, CPUID, leaf 1.
Signature signature()
{
    uint32_t value = cpuid(1).eax;
    uint32_t family = value >> 8 & 15, model = value >> 4 & 15;
    if (family >= 6) model |= (value >> 16 & 15) << 4;
    if (family == 15) family += value >> 20 & 255;
    return {family, model, value & 15};
}

std::string_view brand()
{
    std::string_view name = cpu_features().brand;
    size_t begin = name.find_first_not_of(' ');
    return begin == std::string_view::npos ? "unknown" : name.substr(begin);
}

} // namespace

void write_cpuinfo(lib::TextSink &sink)
{
    CpuidResult maker = cpuid(0);
    char vendor[13] = {};
    std::memcpy(vendor, &maker.ebx, 4);
    std::memcpy(vendor + 4, &maker.edx, 4);
    std::memcpy(vendor + 8, &maker.ecx, 4);
    Signature numbers = signature();
    uint64_t kilohertz = clock_kilohertz();
    uint32_t line = (cpuid(1).ebx >> 8 & 255) * 8;

    lib::format(sink, "processor\t: 0\nvendor_id\t: {}\ncpu family\t: {}\nmodel\t\t: {}\n",
                std::string_view(vendor), numbers.family, numbers.model);
    lib::format(sink, "model name\t: {}\nstepping\t: {}\n", brand(), numbers.stepping);
    lib::format(sink, "cpu MHz\t\t: {}.{:03}\n", kilohertz / 1000, kilohertz % 1000);
    lib::format(sink, "physical id\t: 0\nsiblings\t: 1\ncore id\t\t: 0\ncpu cores\t: 1\napicid\t\t: 0\n"
                      "initial apicid\t: 0\nfpu\t\t: yes\nfpu_exception\t: yes\n");
    lib::format(sink, "cpuid level\t: {}\nwp\t\t: yes\n", maker.eax);
    put_flags(sink);
    // Twice the clock, as Linux says it where a time-stamp counter tells how long a loop takes.
    lib::format(sink, "bugs\t\t:\nbogomips\t: {}.{:02}\n", kilohertz / 500, kilohertz % 500 / 5);
    lib::format(sink, "clflush size\t: {}\ncache_alignment\t: {}\n", line, line);
    lib::format(sink, "address sizes\t: {} bits physical, 48 bits virtual\npower management:\n\n",
                cpu_features().physical_bits);
}

} // namespace kernel::proc
