// Looking texts up in the catalogue that the build put into the program. See translation.hpp.
#include "user/lib/translation.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>

// A whole .mo file, from user/catalogue.S. Weak: a program may have none and speaks English then.
extern "C" [[gnu::weak]] const char exhibit_catalogue[];

namespace exhibit {

namespace {

// gettext's manual, "The Format of GNU MO Files". Offsets count from the start of the file.
struct Header {
    std::uint32_t magic;
    std::uint32_t revision;
    std::uint32_t count;
    std::uint32_t originals;
    std::uint32_t translations;
};
struct Entry {
    std::uint32_t length; // without the NUL byte behind it
    std::uint32_t offset;
};
constexpr std::uint32_t magic = 0x950412de;

const Header &header()
{
    return *reinterpret_cast<const Header *>(exhibit_catalogue);
}

// The text that entry `index` of the table at `table` points to.
const char *text_of(std::uint32_t table, std::uint32_t index)
{
    return exhibit_catalogue + reinterpret_cast<const Entry *>(exhibit_catalogue + table)[index].offset;
}

} // namespace

bool in_chinese()
{
    static const bool answer = [] {
        const char *language = std::getenv("VITRINE_LANG");
        return language && std::strncmp(language, "zh", 2) == 0;
    }();
    return answer;
}

const char *translated(const char *text)
{
    // The empty text's "translation" is what the .po file says about itself.
    if (!in_chinese() || !exhibit_catalogue || *text == '\0') return text;
    if (header().magic != magic) std::abort(); // the build put something else in
    // The originals are sorted as strcmp sorts.
    for (std::uint32_t low = 0, high = header().count; low < high;) {
        const std::uint32_t middle = low + (high - low) / 2;
        const int order = std::strcmp(text, text_of(header().originals, middle));
        if (order == 0) return text_of(header().translations, middle);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return text;
}

} // namespace exhibit
