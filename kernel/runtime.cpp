// What the compiler and the standard headers call when something is wrong in the kernel itself. In a hosted
// program these throw or abort; here they are panics that name the mistake.
#include "kernel/panic.hpp"

#include <new>

extern "C" [[noreturn]] void __cxa_pure_virtual()
{
    kernel::panic("a pure virtual function was called");
}

// A class with a virtual destructor mentions operator delete even when nothing is ever deleted through it.
void operator delete(void *) noexcept
{
    kernel::panic("operator delete was called");
}
void operator delete(void *, std::size_t) noexcept
{
    kernel::panic("operator delete was called");
}

// Declared, as functions that do not return, in <bits/functexcept.h>.
namespace std {

void __throw_out_of_range_fmt(const char *, ...)
{
    kernel::panic("a position outside of a string_view");
}
void __throw_length_error(const char *what)
{
    kernel::panic("{}", what);
}
void __throw_logic_error(const char *what)
{
    kernel::panic("{}", what);
}
void __throw_bad_optional_access()
{
    kernel::panic("an empty optional was read");
}
void __throw_bad_function_call()
{
    kernel::panic("an empty function was called");
}

} // namespace std
