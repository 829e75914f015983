// Any bytes as a command line: every word, part and decoded value stays within it.
#include "lib/command_line.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void require(bool holds)
{
    if (!holds) std::abort();
}

bool lies_within(std::string_view part, std::string_view whole)
{
    return part.empty() ||
           (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void read_value(std::string_view value)
{
    size_t parts = 0, bytes = 0;
    lib::ListReader list(value);
    while (auto part = list.next()) {
        require(lies_within(*part, value));
        require(part->find(',') == std::string_view::npos);
        parts++;
        bytes += part->size();

        std::string text(*part);
        if (auto length = lib::percent_decode(text, text)) {
            require(*length <= part->size());
            require(std::string_view(text).substr(0, *length).find('\0') == std::string_view::npos);
        }
        (void)lib::parse_decimal(*part);
    }
    require(parts >= 1 && bytes + parts - 1 == value.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    std::string text(reinterpret_cast<const char *>(data), size); // a copy of exactly this size
    lib::OptionReader reader(text);
    while (auto word = reader.next()) {
        require(lies_within(word->key, text) && lies_within(word->value, text));
        require(!word->key.empty() || word->has_value);
        require(word->key.find('=') == std::string_view::npos);
        require(word->has_value || word->value.empty());
        read_value(word->value);
    }
    return 0;
}
