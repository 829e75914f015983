#include "kernel/cpu/page_operations.hpp"

#include "kernel/cpu/features.hpp"

namespace kernel {

extern "C" void zero_page_words(void *page);
extern "C" void copy_page_words(void *to, const void *from);
extern "C" void zero_page_avx(void *page);
extern "C" void copy_page_avx(void *to, const void *from);

extern "C" {
void (*zero_page)(void *page) = zero_page_words;
void (*copy_page)(void *to, const void *from) = copy_page_words;
}

void init_page_operations()
{
    if (!cpu_features().avx) return;
    zero_page = zero_page_avx;
    copy_page = copy_page_avx;
}

} // namespace kernel
