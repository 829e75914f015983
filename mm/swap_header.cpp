// Reading what mkswap(8) wrote. The layout is struct swap_header_v1_2 of util-linux (include/swapheader.h),
// the checks are those of Linux (read_swap_header and setup_swap_map in mm/swapfile.c).
#include "mm/swap_header.hpp"

#include "mm/address.hpp"
#include "mm/swap_slot.hpp"

#include <algorithm>

namespace mm {

namespace {

using lib::Errno;

// Behind 1024 bytes for a boot loader or a disk label.
struct OnDisk {
    uint32_t version;
    uint32_t last_page;
    uint32_t bad_count;
    uint8_t uuid[16];
    char label[16]; // no zero at its end when it fills the field
};
constexpr size_t HeaderAt = 1024;
constexpr size_t BadPagesAt = 1536;
// The last bytes of the page, whatever the version.
constexpr size_t SignatureSize = 10, SignatureAt = PageSize - SignatureSize;
static_assert((SignatureAt - BadPagesAt) / sizeof(uint32_t) == SwapHeader::MaxBad);

// What a system that was suspended to disk writes over the signature until it is resumed (libblkid has the
// list).
constexpr std::string_view SuspendedSystem[] = {"S1SUSPEND", "S2SUSPEND", "ULSUSPEND", "LINHIB0001"};

// The last slot that a SwapSlot can name.
constexpr uint32_t LargestPage = (uint32_t{1} << SwapSlot::OffsetBits) - 1;

bool has_signature(std::span<const std::byte> page, std::string_view signature)
{
    return __builtin_memcmp(page.data() + SignatureAt, signature.data(), signature.size()) == 0;
}

// What kind of page this is instead of a header that can be read on; empty when it is one.
std::string_view wrong_format(std::span<const std::byte> page, const OnDisk &disk)
{
    if (has_signature(page, "SWAP-SPACE"))
        return "its swap format is the old one (version 0): mkswap makes a new one";
    for (std::string_view image : SuspendedSystem) {
        if (has_signature(page, image)) return "it holds a suspended system, which is still to be resumed";
    }
    if (!has_signature(page, "SWAPSPACE2")) return "it has no swap signature: mkswap makes one";
    // Linux reads such a header, too, and turns its numbers round.
    if (disk.version == __builtin_bswap32(1))
        return "its swap header is in the other byte order: mkswap makes a new one";
    if (disk.version != 1) return "its swap header has a version other than 1";
    return {};
}

std::string_view wrong_size(const OnDisk &disk, uint64_t device_pages)
{
    if (disk.last_page == 0) return "it has no page beyond the header";
    if (disk.last_page >= device_pages) return "the device is smaller than its swap header says";
    if (disk.bad_count > SwapHeader::MaxBad) return "it has more bad pages than its swap header has room for";
    return {};
}

// Copies the list of bad pages to `header`.
std::string_view read_bad_pages(std::span<const std::byte> page, const OnDisk &disk, SwapHeader &header)
{
    uint32_t *first = header.bad.data(), *end = first + disk.bad_count;
    __builtin_memcpy(first, page.data() + BadPagesAt, disk.bad_count * sizeof(uint32_t));
    std::sort(first, end);
    if (first != end && (*first == 0 || end[-1] > disk.last_page))
        return "it lists a bad page that it does not have";

    // Each once, and those beyond what is used of the area left out.
    end = std::lower_bound(first, std::unique(first, end), header.last_page + 1);
    header.bad_count = static_cast<uint32_t>(end - first);
    if (header.bad_count == header.last_page) return "all of its pages are bad";
    return {};
}

} // namespace

lib::Result<void> read_swap_header(std::span<const std::byte> page, uint64_t device_pages, SwapHeader &header,
                                   std::string_view &why)
{
    if (page.size() < PageSize) {
        why = "it is shorter than a page";
        return Errno::Invalid;
    }
    OnDisk disk;
    __builtin_memcpy(&disk, page.data() + HeaderAt, sizeof disk);
    why = wrong_format(page, disk);
    if (why.empty()) why = wrong_size(disk, device_pages);
    if (!why.empty()) return Errno::Invalid;

    header = {};
    header.last_page = std::min(disk.last_page, LargestPage);
    std::copy_n(disk.uuid, sizeof disk.uuid, header.uuid.begin());
    std::copy_n(disk.label, sizeof disk.label, header.label.begin());
    why = read_bad_pages(page, disk, header);
    if (!why.empty()) return Errno::Invalid;
    return {};
}

} // namespace mm
