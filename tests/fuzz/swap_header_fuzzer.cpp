// Any bytes as the first page of a swap area: what is accepted is what the bytes say, and the area made from
// it hands out exactly its good pages.
#include "mm/swap_area.hpp"
#include "tests/host/machine.hpp"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>

namespace {

void require(bool holds)
{
    if (!holds) std::abort();
}

uint32_t number(std::span<const std::byte> page, size_t at)
{
    uint32_t value;
    std::memcpy(&value, page.data() + at, sizeof value);
    return value;
}

void check_header(const mm::SwapHeader &header, std::span<const std::byte> page, uint64_t device_pages)
{
    require(std::memcmp(page.data() + mm::PageSize - 10, "SWAPSPACE2", 10) == 0);
    require(number(page, 1024) == 1);
    uint32_t last = number(page, 1028), listed = number(page, 1032);
    require(header.last_page >= 1 && header.last_page <= last && last < device_pages);
    require(header.last_page == last || header.last_page == (1u << 28) - 1);

    require(listed <= header.MaxBad);
    std::set<uint32_t> bad;
    for (uint32_t i = 0; i < listed; i++) {
        uint32_t page_number = number(page, 1536 + 4 * i);
        require(page_number >= 1 && page_number <= last);
        if (page_number <= header.last_page) bad.insert(page_number);
    }
    require(std::equal(bad.begin(), bad.end(), header.bad.begin(), header.bad.begin() + header.bad_count));
    require(header.bad_count < header.last_page);
    require(header.label.back() == '\0');
}

void check_area(const mm::SwapHeader &header)
{
    auto made = mm::SwapArea::create(header);
    require(made.ok());
    mm::SwapArea &area = **made;
    require(area.size() == header.last_page - header.bad_count && area.end() == header.last_page + 1);
    std::vector<bool> taken(area.end());
    while (area.in_use() != area.size()) {
        auto run = area.allocate(64);
        require(run.count > 0 && run.count <= 64 && run.first >= 1 && run.count <= area.end() - run.first);
        for (uint32_t offset = run.first; offset < run.first + run.count; offset++) {
            require(!taken[offset]);
            taken[offset] = true;
        }
    }
    for (uint32_t i = 0; i < header.bad_count; i++) require(!taken[header.bad[i]]);
    area.audit();
    for (uint32_t offset = area.next_in_use(0); offset < area.end(); offset = area.next_in_use(offset + 1))
        require(area.drop(offset) == 0);
    area.audit();
    area.destroy();
}

} // namespace

// The first byte says whether the signature is put in its place, and the page's first KiB, which does not
// matter, is left out: the fuzzer is to get to the numbers. Then come eight bytes for the size of the device.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool machine_is_set_up = (host::machine().reset(), true);
    (void)machine_is_set_up;
    if (size < 9) return 0;
    uint64_t device_pages;
    std::memcpy(&device_pages, data + 1, sizeof device_pages);
    bool is_signed = data[0] & 1, is_short = data[0] & 2;
    data += 9;
    size -= 9;

    // A copy of exactly this size, so that the sanitizer sees a read beyond it.
    size_t bytes = is_short ? std::min<size_t>(size, mm::PageSize) : mm::PageSize;
    auto copy = std::make_unique<std::byte[]>(bytes);
    if (bytes > 1024) std::memcpy(copy.get() + 1024, data, std::min(size, bytes - 1024));
    if (is_signed && bytes == mm::PageSize) std::memcpy(copy.get() + mm::PageSize - 10, "SWAPSPACE2", 10);

    std::span<const std::byte> page(copy.get(), bytes);
    std::string_view why;
    auto header = mm::read_swap_header(page, device_pages, why);
    require(header.ok() == why.empty());
    if (!header.ok()) return 0;
    require(bytes == mm::PageSize);
    check_header(*header, page, device_pages);
    if (header->last_page < 20000) check_area(*header);
    return 0;
}
