// Formatting into a string. See formatted.hpp.
#include "user/lib/formatted.hpp"

#include "user/lib/translation.hpp"

#include <cstdarg>
#include <cstdio>

namespace exhibit {

std::string formatted(const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text, sizeof text, translated(format), arguments);
    va_end(arguments);
    return text;
}

} // namespace exhibit
