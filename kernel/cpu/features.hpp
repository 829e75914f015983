// What this processor can do, asked once at boot (CPUID; SDM vol. 2A).
#pragma once

#include <cstdint>

namespace kernel {

struct CpuFeatures {
    // Optional: used when there, named in the log when not.
    bool smep = false;           // no execution of user pages in kernel mode
    bool smap = false;           // no access to user pages in kernel mode but between STAC and CLAC
    bool umip = false;           // user mode cannot read descriptor table addresses
    bool global_pages = false;   // kernel translations survive a CR3 load
    bool giant_pages = false;    // 1 GiB pages
    bool xsave = false;          // vector state by XSAVE; otherwise FXSAVE
    bool avx = false;            // 256-bit vectors
    bool fsgsbase = false;       // programs may set their FS and GS base themselves
    bool invariant_tsc = false;  // the time-stamp counter runs at one rate
    unsigned physical_bits = 36; // width of physical addresses
    char brand[49] = {};
};

// Constant after init_features().
const CpuFeatures &cpu_features();

// Finds the features, refuses (0x12) a processor without a required one, enables what is there (CR0, CR4,
// EFER): write protection, NX, SYSCALL, SSE, SMEP, SMAP, UMIP … and logs one line about it. Each processor,
// early.
void init_features();

} // namespace kernel
