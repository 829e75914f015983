// Filling and copying whole pages: the longest loops of the kernel. See page_operations.asm for why there are
// two versions of each. Safe at any point of the kernel: the program's vector registers are as before.
#pragma once

namespace kernel {

// Chosen by init_page_operations() from the processor's features; before, the versions that always work.
extern "C" void (*zero_page)(void *page);                 // page aligned
extern "C" void (*copy_page)(void *to, const void *from); // page aligned, not overlapping

// After init_vector_state(): AVX needs its bit in XCR0.
void init_page_operations();

} // namespace kernel
