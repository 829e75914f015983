// Reads a cpio archive of the "newc" kind (Linux Documentation/driver-api/early-userspace/buffer-format.rst):
// each entry is a header of 110 ASCII bytes, a name, and the contents, the last two padded to 4 bytes.
//
//     lib::CpioReader reader(bytes);
//     while (const lib::CpioEntry *entry = reader.next()) use(*entry);
//     if (reader.problem()) complain(reader.problem(), reader.offset());
//
// The bytes may be anything: nothing outside the span is ever read, and what is wrong is said in a sentence.
// Names and contents are views into the span. Like Linux, it takes several archives one after the other,
// padded with zeros.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace lib {

struct CpioEntry {
    std::string_view name; // without the final zero; not empty, may hold any other byte
    std::span<const std::byte> contents;
    uint32_t inode = 0; // entries with the same inode and device numbers and links > 1 are one file
    uint32_t mode = 0;  // st_mode: type and permissions
    uint32_t user = 0;
    uint32_t group = 0;
    uint32_t links = 0;
    uint32_t modified = 0; // seconds since 1970
    uint32_t device_major = 0;
    uint32_t device_minor = 0;
    uint32_t special_major = 0; // of device files
    uint32_t special_minor = 0;
    uint32_t archive =
        0; // which of several archives, counted from 0: inode numbers mean something within one
};

class CpioReader {
public:
    explicit CpioReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

    // The next entry, valid until the following call; nullptr at the end and when the rest cannot be read.
    const CpioEntry *next();

    // Why the reader stopped early; nullptr when all is well.
    const char *problem() const { return problem_; }
    // Where: in bytes from the beginning, of the entry in question.
    size_t offset() const { return entry_begin_; }

private:
    const CpioEntry *stop(const char *problem);
    bool skip_zeros();
    bool read_header(uint32_t (&fields)[13], bool &has_checksum) const;

    std::span<const std::byte> bytes_;
    size_t position_ = 0;
    size_t entry_begin_ = 0;
    CpioEntry entry_;
    bool trailer_missing_ = false; // entries were read, the archive's end was not seen
    const char *problem_ = nullptr;
};

} // namespace lib
