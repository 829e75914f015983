// Any bytes as an archive: the reader stays inside them and ends, and what it returns lies within.
#include "lib/cpio.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

void require(bool holds)
{
    if (!holds) std::abort();
}

bool lies_within(const void *begin, size_t size, std::span<const std::byte> whole)
{
    auto *first = static_cast<const std::byte *>(begin);
    return first >= whole.data() && size <= whole.size() &&
           static_cast<size_t>(first - whole.data()) <= whole.size() - size;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    std::span<const std::byte> bytes(reinterpret_cast<const std::byte *>(data), size);
    lib::CpioReader reader(bytes);
    size_t entries = 0;
    volatile unsigned char sum = 0;
    while (const lib::CpioEntry *entry = reader.next()) {
        require(!entry->name.empty());
        require(entry->name.find('\0') == std::string_view::npos);
        require(lies_within(entry->name.data(), entry->name.size(), bytes));
        require(lies_within(entry->contents.data(), entry->contents.size(), bytes));
        for (std::byte byte : entry->contents) sum = sum + static_cast<unsigned char>(byte);
        require(++entries <= size / 110);
    }
    require(reader.offset() <= size);
    require(reader.next() == nullptr);
    return 0;
}
