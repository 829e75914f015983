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

// Takes what is used of the page from the input, and leaves out the rest, so that the fuzzer soon gets to the
// numbers.
class Input {
public:
    Input(const uint8_t *data, size_t size) : data_(data), size_(size) {}

    // The next `most` bytes, or what is left.
    void copy(void *to, size_t most)
    {
        size_t count = std::min(most, size_);
        if (count != 0) std::memcpy(to, data_, count);
        data_ += count;
        size_ -= count;
    }
    template <typename T> T next()
    {
        T value{};
        copy(&value, sizeof value);
        return value;
    }

private:
    const uint8_t *data_;
    size_t size_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool machine_is_set_up = (host::machine().reset(), true);
    (void)machine_is_set_up;

    Input input(data, size);
    auto choice = input.next<uint8_t>();
    auto device_pages = input.next<uint64_t>();
    // Of exactly this size, so that the sanitizer sees a read beyond it.
    size_t bytes = choice == 1 ? input.next<uint16_t>() % mm::PageSize : mm::PageSize;
    auto page = std::make_unique<std::byte[]>(mm::PageSize);
    input.copy(page.get() + 1024, 44);
    if (choice == 2)
        input.copy(page.get() + mm::PageSize - 10, 10);
    else
        std::memcpy(page.get() + mm::PageSize - 10, "SWAPSPACE2", 10);
    input.copy(page.get() + 1536, mm::PageSize - 10 - 1536);
    auto exact = std::make_unique<std::byte[]>(bytes);
    std::memcpy(exact.get(), page.get(), bytes);

    std::string_view why;
    mm::SwapHeader header;
    auto read = mm::read_swap_header({exact.get(), bytes}, device_pages, header, why);
    require(read.ok() == why.empty());
    if (!read.ok()) return 0;
    require(bytes == mm::PageSize);
    check_header(header, {page.get(), bytes}, device_pages);
    if (header.last_page < 20000) check_area(header);
    return 0;
}
