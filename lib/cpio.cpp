// Reading cpio archives. See cpio.hpp.
#include "lib/cpio.hpp"

namespace lib {

namespace {

constexpr size_t MagicSize = 6;
constexpr size_t FieldSize = 8;
constexpr size_t HeaderSize = MagicSize + 13 * FieldSize;
constexpr size_t MaxNameSize = 4096; // PATH_MAX, the final zero included

// The fields behind the magic number, in order.
enum Field {
    Inode,
    Mode,
    User,
    Group,
    Links,
    Modified,
    FileSize,
    DeviceMajor,
    DeviceMinor,
    SpecialMajor,
    SpecialMinor,
    NameSize,
    Checksum
};

constexpr size_t padded(size_t bytes)
{
    return (bytes + 3) & ~size_t{3};
}

std::string_view as_text(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

bool read_hexadecimal(std::string_view digits, uint32_t &value)
{
    value = 0;
    for (char digit : digits) {
        if (digit >= '0' && digit <= '9')
            value = value << 4 | static_cast<uint32_t>(digit - '0');
        else if (digit >= 'a' && digit <= 'f')
            value = value << 4 | static_cast<uint32_t>(digit - 'a' + 10);
        else if (digit >= 'A' && digit <= 'F')
            value = value << 4 | static_cast<uint32_t>(digit - 'A' + 10);
        else
            return false;
    }
    return true;
}

uint32_t sum_of(std::span<const std::byte> contents)
{
    uint32_t sum = 0;
    for (std::byte byte : contents) sum += static_cast<uint8_t>(byte);
    return sum;
}

} // namespace

const CpioEntry *CpioReader::stop(const char *problem)
{
    problem_ = problem;
    position_ = bytes_.size();
    return nullptr;
}

// False at the end of the bytes.
bool CpioReader::skip_zeros()
{
    while (position_ < bytes_.size() && bytes_[position_] == std::byte{0}) position_++;
    return position_ < bytes_.size();
}

bool CpioReader::read_header(uint32_t (&fields)[13], bool &has_checksum) const
{
    std::string_view header = as_text(bytes_.subspan(position_, HeaderSize));
    std::string_view magic = header.substr(0, MagicSize);
    if (magic != "070701" && magic != "070702") return false;
    has_checksum = magic == "070702";
    for (size_t i = 0; i < 13; i++) {
        if (!read_hexadecimal(header.substr(MagicSize + i * FieldSize, FieldSize), fields[i])) return false;
    }
    return true;
}

const CpioEntry *CpioReader::next()
{
    for (;;) {
        if (problem_) return nullptr;
        entry_begin_ = position_;
        if (position_ == bytes_.size()) {
            // Only the trailer ends an archive: without it something may have been lost.
            return trailer_missing_ ? stop("the archive has no end marker") : nullptr;
        }
        if (bytes_.size() - position_ < HeaderSize) return stop("the archive ends within an entry's header");
        uint32_t fields[13];
        bool has_checksum = false;
        if (!read_header(fields, has_checksum)) return stop("this is not a cpio \"newc\" header");

        size_t name_size = fields[NameSize];
        if (name_size < 2 || name_size > MaxNameSize) return stop("an entry's name has an impossible length");
        size_t available = bytes_.size() - position_;
        if (HeaderSize + name_size > available) return stop("the archive ends within an entry's name");
        std::string_view name = as_text(bytes_.subspan(position_ + HeaderSize, name_size));
        if (name.find('\0') != name_size - 1) return stop("an entry's name does not end with its zero byte");

        size_t contents_begin = padded(HeaderSize + name_size);
        size_t contents_size = fields[FileSize];
        if (contents_begin > available || contents_size > available - contents_begin)
            return stop("the archive ends within an entry's contents");
        std::span<const std::byte> contents = bytes_.subspan(position_ + contents_begin, contents_size);
        if (has_checksum && sum_of(contents) != fields[Checksum])
            return stop("an entry's checksum does not match");
        size_t size = padded(contents_begin + contents_size);
        position_ += size < available ? size : available; // the last padding may be missing

        if (name == std::string_view("TRAILER!!!\0", 11)) {
            trailer_missing_ = false;
            entry_.archive++;
            if (!skip_zeros()) return nullptr;
            continue;
        }
        trailer_missing_ = true;
        entry_ = {.name = name.substr(0, name_size - 1),
                  .contents = contents,
                  .inode = fields[Inode],
                  .mode = fields[Mode],
                  .user = fields[User],
                  .group = fields[Group],
                  .links = fields[Links],
                  .modified = fields[Modified],
                  .device_major = fields[DeviceMajor],
                  .device_minor = fields[DeviceMinor],
                  .special_major = fields[SpecialMajor],
                  .special_minor = fields[SpecialMinor],
                  .archive = entry_.archive};
        return &entry_;
    }
}

} // namespace lib
