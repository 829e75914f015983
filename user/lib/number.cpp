// Parsing and printing numbers. See number.hpp.
#include "user/lib/number.hpp"

#include "user/lib/translation.hpp"

#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace exhibit {

std::uint64_t number_argument(int argc, char **argv, int index, std::uint64_t otherwise, std::uint64_t least,
                              std::uint64_t most, const char *usage)
{
    if (index >= argc) return otherwise;
    std::uint64_t value = 0;
    const char *end = argv[index] + std::strlen(argv[index]);
    const auto [stopped, error] = std::from_chars(argv[index], end, value);
    if (error == std::errc() && stopped == end && value >= least && value <= most) return value;
    std::fprintf(stderr, "%s\n", translated(usage));
    std::exit(2);
}

NumberText size_text(std::uint64_t bytes)
{
    static constexpr const char *units[] = {N_("bytes"), "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    int unit = 0;
    while (unit < 6 && bytes >> (10 * (unit + 1)) != 0) ++unit;
    const double value = static_cast<double>(bytes) / static_cast<double>(std::uint64_t{1} << (10 * unit));
    const bool whole = bytes == bytes >> (10 * unit) << (10 * unit);
    NumberText result;
    std::snprintf(result.text, sizeof result.text, "%.*f %s", whole ? 0 : 1, value, translated(units[unit]));
    return result;
}

NumberText grouped(std::uint64_t number)
{
    char digits[24];
    const int count = std::snprintf(digits, sizeof digits, "%" PRIu64, number);
    NumberText result;
    char *next = result.text;
    for (int at = 0; at < count; ++at) {
        if (at > 0 && (count - at) % 3 == 0) *next++ = ',';
        *next++ = digits[at];
    }
    *next = '\0';
    return result;
}

} // namespace exhibit
