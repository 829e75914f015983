// The header of a swap area: what the real mkswap writes, and pages made by hand that must be refused.
#include "mm/swap_header.hpp"

#include "mm/address.hpp"
#include "mm/swap_slot.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>
#include <vector>

using namespace mm;
using lib::Errno;

namespace {

// A page with a header, field by field, at the places that struct swap_header_v1_2 of util-linux has.
struct Page {
    std::vector<std::byte> bytes = std::vector<std::byte>(PageSize);

    Page(uint32_t last_page, const std::vector<uint32_t> &bad = {})
    {
        number(1024, 1);
        number(1028, last_page);
        number(1032, static_cast<uint32_t>(bad.size()));
        for (size_t i = 0; i < bad.size(); i++) number(1536 + 4 * i, bad[i]);
        signature("SWAPSPACE2");
    }
    Page &number(size_t at, uint32_t value)
    {
        for (unsigned i = 0; i < 4; i++) bytes[at + i] = static_cast<std::byte>(value >> 8 * i);
        return *this;
    }
    Page &text(size_t at, std::string_view value)
    {
        memcpy(bytes.data() + at, value.data(), value.size());
        return *this;
    }
    Page &signature(std::string_view value) { return text(PageSize - 10, value); }
};

// The header; the test has failed when there is none.
SwapHeader accepted(const std::vector<std::byte> &bytes, uint64_t device_pages)
{
    std::string_view why = "never set";
    SwapHeader header;
    EXPECT_TRUE(read_swap_header(bytes, device_pages, header, why).ok()) << why;
    EXPECT_EQ(why, "");
    return header;
}
SwapHeader accepted(const Page &page, uint64_t device_pages)
{
    return accepted(page.bytes, device_pages);
}

// Why the page is refused; empty when it is not.
std::string refusal(const Page &page, uint64_t device_pages)
{
    std::string_view why;
    SwapHeader header;
    auto read = read_swap_header(page.bytes, device_pages, header, why);
    EXPECT_EQ(read.ok(), why.empty());
    EXPECT_EQ(read.error(), read.ok() ? Errno{} : Errno::Invalid);
    return std::string(why);
}

std::vector<uint32_t> bad_pages(const SwapHeader &header)
{
    return {header.bad.begin(), header.bad.begin() + header.bad_count};
}

bool has(const std::string &text, const char *part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST(SwapHeaderTest, what_mkswap_writes_is_read)
{
    const char *mkswap = nullptr;
    for (const char *place : {"/usr/sbin/mkswap", "/sbin/mkswap"}) {
        if (access(place, X_OK) == 0) mkswap = place;
    }
    if (mkswap == nullptr) GTEST_SKIP() << "there is no mkswap (package util-linux)";

    char name[] = "/tmp/vitrine-swap-XXXXXX";
    int file = mkstemp(name);
    ASSERT_GE(file, 0);
    ASSERT_EQ(ftruncate(file, 100 * PageSize), 0);
    std::string command = std::string(mkswap) +
                          " --pagesize 4096 -L fifteen.letters -U 01234567-89ab-cdef-1234-56789abcdef0 " +
                          name + " >/dev/null 2>&1";
    int status = system(command.c_str());
    std::vector<std::byte> page(PageSize);
    ssize_t got = pread(file, page.data(), page.size(), 0);
    close(file);
    unlink(name);
    ASSERT_EQ(status, 0) << command;
    ASSERT_EQ(got, static_cast<ssize_t>(PageSize));

    SwapHeader header = accepted(page, 100);
    EXPECT_EQ(header.last_page, 99u);
    EXPECT_EQ(header.bad_count, 0u);
    EXPECT_STREQ(header.label.data(), "fifteen.letters");
    std::array<uint8_t, 16> uuid{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                                 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0};
    EXPECT_EQ(header.uuid, uuid);
}

TEST(SwapHeaderTest, the_label_and_the_uuid_are_read_whole)
{
    Page page(10);
    page.text(1036, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10");
    page.text(1052, "sixteen letters!").number(1068, 0x21212121); // and the padding is none of it
    SwapHeader header = accepted(page, 11);
    EXPECT_STREQ(header.label.data(), "sixteen letters!");
    for (uint8_t i = 0; i < 16; i++) EXPECT_EQ(header.uuid[i], i + 1);
}

TEST(SwapHeaderTest, what_lies_before_and_between_the_fields_does_not_matter)
{
    Page page(10, {4});
    for (size_t i = 0; i < 1024; i++) page.bytes[i] = std::byte{0xff};
    for (size_t i = 1068; i < 1536; i++) page.bytes[i] = std::byte{0xff};
    for (size_t i = 1540; i < PageSize - 10; i++) page.bytes[i] = std::byte{0xff};
    EXPECT_EQ(bad_pages(accepted(page, 11)), std::vector<uint32_t>{4});
}

TEST(SwapHeaderTest, bad_pages_come_ascending_and_each_once)
{
    EXPECT_EQ(bad_pages(accepted(Page(99, {7, 99, 1, 7, 50, 1}), 100)),
              (std::vector<uint32_t>{1, 7, 50, 99}));
}

TEST(SwapHeaderTest, there_may_be_637_bad_pages_and_no_more)
{
    std::vector<uint32_t> bad;
    for (uint32_t i = 0; i < SwapHeader::MaxBad; i++) bad.push_back(1000 - i);
    Page page(1000, bad);
    EXPECT_EQ(accepted(page, 1001).bad_count, SwapHeader::MaxBad);
    page.number(1032, SwapHeader::MaxBad + 1);
    EXPECT_TRUE(has(refusal(page, 1001), "more bad pages"));
    page.number(1032, UINT32_MAX);
    EXPECT_TRUE(has(refusal(page, 1001), "more bad pages"));
}

TEST(SwapHeaderTest, a_bad_page_outside_of_the_area_is_refused)
{
    EXPECT_EQ(refusal(Page(99, {99}), 200), "");
    EXPECT_TRUE(has(refusal(Page(99, {5, 0}), 200), "bad page that it does not have"));
    EXPECT_TRUE(has(refusal(Page(99, {100, 5}), 200), "bad page that it does not have"));
    EXPECT_TRUE(has(refusal(Page(99, {UINT32_MAX}), 200), "bad page that it does not have"));
}

TEST(SwapHeaderTest, an_area_without_a_good_page_is_refused)
{
    EXPECT_TRUE(has(refusal(Page(0), 100), "no page beyond the header"));
    EXPECT_TRUE(has(refusal(Page(3, {1, 2, 3}), 100), "all of its pages are bad"));
    EXPECT_TRUE(has(refusal(Page(1, {1, 1}), 100), "all of its pages are bad"));
    EXPECT_EQ(refusal(Page(3, {1, 1, 2}), 100), "") << "one is good, though three are listed";
}

TEST(SwapHeaderTest, the_device_must_have_all_of_the_pages)
{
    EXPECT_EQ(refusal(Page(99), 100), "");
    EXPECT_EQ(refusal(Page(99), 1000), "");
    EXPECT_TRUE(has(refusal(Page(99), 99), "smaller"));
    EXPECT_TRUE(has(refusal(Page(99), 0), "smaller"));
    EXPECT_TRUE(has(refusal(Page(UINT32_MAX), UINT32_MAX), "smaller"));
}

TEST(SwapHeaderTest, of_a_huge_area_only_so_much_is_used_as_a_slot_can_name)
{
    constexpr uint32_t Slots = uint32_t{1} << SwapSlot::OffsetBits;
    EXPECT_EQ(accepted(Page(Slots - 1, {Slots - 1}), Slots).last_page, Slots - 1);
    for (uint32_t last : {Slots, UINT32_MAX}) {
        SwapHeader header = accepted(Page(last, {last, 3, Slots - 1}), uint64_t{1} << 33);
        EXPECT_EQ(header.last_page, Slots - 1);
        EXPECT_EQ(bad_pages(header), (std::vector<uint32_t>{3, Slots - 1})) << "the last one lies beyond";
    }
}

TEST(SwapHeaderTest, another_signature_is_refused_with_its_own_words)
{
    EXPECT_TRUE(
        has(refusal(Page(99).signature(std::string_view("\0\0\0\0\0\0\0\0\0\0", 10)), 100), "mkswap"));
    EXPECT_TRUE(has(refusal(Page(99).signature("SWAPSPACE3"), 100), "no swap signature"));
    EXPECT_TRUE(has(refusal(Page(99).signature("swapspace2"), 100), "no swap signature"));
    EXPECT_TRUE(has(refusal(Page(99).signature("SWAP-SPACE"), 100), "old"));
    for (const char *image : {"S1SUSPEND", "S2SUSPEND", "ULSUSPEND", "LINHIB0001"})
        EXPECT_TRUE(has(refusal(Page(99).signature(image), 100), "suspended system")) << image;
}

TEST(SwapHeaderTest, the_signature_counts_only_at_the_end_of_the_page)
{
    Page page(99);
    page.signature(std::string_view("\0\0\0\0\0\0\0\0\0\0", 10)).text(PageSize - 11, "SWAPSPACE2");
    EXPECT_TRUE(has(refusal(page, 100), "no swap signature"));
}

TEST(SwapHeaderTest, another_version_or_byte_order_is_refused_with_its_own_words)
{
    EXPECT_TRUE(has(refusal(Page(99).number(1024, 0), 100), "version"));
    EXPECT_TRUE(has(refusal(Page(99).number(1024, 2), 100), "version"));
    EXPECT_TRUE(has(refusal(Page(99).number(1024, 0x01000000), 100), "byte order"));
}

TEST(SwapHeaderTest, less_than_a_page_is_refused)
{
    Page page(99);
    page.bytes.pop_back();
    EXPECT_TRUE(has(refusal(page, 100), "shorter"));
    page.bytes.clear();
    EXPECT_TRUE(has(refusal(page, 100), "shorter"));
}

TEST(SwapHeaderTest, the_page_may_lie_at_any_address)
{
    Page page(99, {5, 6});
    for (size_t shift = 1; shift < 8; shift++) {
        std::vector<std::byte> moved(PageSize + shift);
        memcpy(moved.data() + shift, page.bytes.data(), PageSize);
        std::string_view why;
        SwapHeader header;
        ASSERT_TRUE(read_swap_header(std::span(moved).subspan(shift), 100, header, why).ok());
        EXPECT_EQ(bad_pages(header), (std::vector<uint32_t>{5, 6}));
    }
}
