// The cpio reader: what it reads, and that a malformed archive is refused with a reason and without a step
// outside.
#include "lib/cpio.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace {

struct Made {
    std::string name;
    std::string contents;
    uint32_t mode = 0100644;
    uint32_t inode = 1;
    uint32_t links = 1;
    std::string magic = "070701";
    uint32_t checksum = 0;
};

void pad(std::string &text)
{
    text.append((4 - text.size() % 4) % 4, '\0');
}

// As `cpio -o -H newc` writes it.
std::string entry(const Made &made)
{
    const uint32_t fields[13] = {made.inode,
                                 made.mode,
                                 10,
                                 20,
                                 made.links,
                                 1700000000,
                                 static_cast<uint32_t>(made.contents.size()),
                                 8,
                                 1,
                                 4,
                                 64,
                                 static_cast<uint32_t>(made.name.size() + 1),
                                 made.checksum};
    std::string text = made.magic;
    for (uint32_t field : fields) {
        char digits[9];
        std::snprintf(digits, sizeof digits, "%08x", field);
        text += digits;
    }
    text += made.name;
    text += '\0';
    pad(text);
    text += made.contents;
    pad(text);
    return text;
}

std::string trailer()
{
    return entry({.name = "TRAILER!!!", .contents = ""});
}

// A copy that ends where its memory ends, so that the sanitizer sees a byte read too much.
class Archive {
public:
    explicit Archive(const std::string &text) : bytes_(new std::byte[text.size()]), size_(text.size())
    {
        std::copy_n(reinterpret_cast<const std::byte *>(text.data()), text.size(), bytes_.get());
    }
    std::span<const std::byte> span() const { return {bytes_.get(), size_}; }

private:
    std::unique_ptr<std::byte[]> bytes_;
    size_t size_;
};

std::string text_of(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

struct Outcome {
    std::vector<std::string> names;
    std::string problem;
    size_t offset;
};

Outcome read_all(const std::string &text)
{
    Archive archive(text);
    lib::CpioReader reader(archive.span());
    Outcome outcome;
    while (const lib::CpioEntry *found = reader.next()) outcome.names.emplace_back(found->name);
    outcome.problem = reader.problem() ? reader.problem() : "";
    outcome.offset = reader.offset();
    return outcome;
}

TEST(Cpio, GivesEachEntryWithNameModeAndContents)
{
    Archive archive(entry({.name = "bin", .contents = "", .mode = 040755, .inode = 2}) +
                    entry({.name = "bin/a", .contents = "hello", .mode = 0100755, .inode = 3, .links = 2}) +
                    trailer());
    lib::CpioReader reader(archive.span());

    const lib::CpioEntry *directory = reader.next();
    ASSERT_NE(directory, nullptr);
    EXPECT_EQ(directory->name, "bin");
    EXPECT_EQ(directory->mode, 040755u);
    EXPECT_TRUE(directory->contents.empty());

    const lib::CpioEntry *file = reader.next();
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(file->name, "bin/a");
    EXPECT_EQ(text_of(file->contents), "hello");
    EXPECT_EQ(file->inode, 3u);
    EXPECT_EQ(file->links, 2u);
    EXPECT_EQ(file->user, 10u);
    EXPECT_EQ(file->group, 20u);
    EXPECT_EQ(file->modified, 1700000000u);
    EXPECT_EQ(file->device_major, 8u);
    EXPECT_EQ(file->device_minor, 1u);
    EXPECT_EQ(file->special_major, 4u);
    EXPECT_EQ(file->special_minor, 64u);

    EXPECT_EQ(reader.next(), nullptr);
    EXPECT_EQ(reader.problem(), nullptr);
    EXPECT_EQ(reader.next(), nullptr) << "the end stays the end";
}

TEST(Cpio, EveryLengthOfNameAndContentsIsPaddedToFour)
{
    for (size_t name = 1; name <= 9; name++) {
        for (size_t size = 0; size <= 9; size++) {
            std::string contents(size, 'x');
            Archive archive(entry({.name = std::string(name, 'n'), .contents = contents}) +
                            entry({.name = "next", .contents = "y"}) + trailer());
            lib::CpioReader reader(archive.span());
            const lib::CpioEntry *first = reader.next();
            ASSERT_NE(first, nullptr);
            EXPECT_EQ(text_of(first->contents), contents);
            const lib::CpioEntry *second = reader.next();
            ASSERT_NE(second, nullptr) << name << " " << size;
            EXPECT_EQ(second->name, "next");
        }
    }
}

TEST(Cpio, NothingAtAllIsAnEmptyArchive)
{
    Outcome outcome = read_all("");
    EXPECT_TRUE(outcome.names.empty());
    EXPECT_EQ(outcome.problem, "");
}

TEST(Cpio, SeveralArchivesFollowEachOtherPaddedWithZeros)
{
    std::string first = entry({.name = "a", .contents = "1"}) + trailer() + std::string(512, '\0');
    Archive archive(first + entry({.name = "b", .contents = "2"}) + trailer() + std::string(8, '\0'));
    lib::CpioReader reader(archive.span());
    const lib::CpioEntry *found = reader.next();
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->archive, 0u);
    found = reader.next();
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->name, "b");
    EXPECT_EQ(found->archive, 1u) << "inode numbers of the two archives are not related";
    EXPECT_EQ(reader.next(), nullptr);
    EXPECT_EQ(reader.problem(), nullptr);
}

TEST(Cpio, TheChecksumOfTheCrcKindIsVerified)
{
    Made made{.name = "a", .contents = "ab", .magic = "070702", .checksum = 'a' + 'b'};
    EXPECT_EQ(read_all(entry(made) + trailer()).problem, "");
    made.checksum++;
    EXPECT_EQ(read_all(entry(made) + trailer()).problem, "an entry's checksum does not match");
}

TEST(Cpio, CutShortAnywhereItIsRefusedWithAReason)
{
    std::string whole = entry({.name = "a/longer/name", .contents = "some contents"}) + trailer();
    for (size_t length = 1; length + 3 < whole.size(); length++) {
        Outcome outcome = read_all(whole.substr(0, length));
        EXPECT_NE(outcome.problem, "") << "cut at " << length;
        EXPECT_LE(outcome.offset, length);
    }
}

TEST(Cpio, SaysWhichEntryIsWrong)
{
    std::string first = entry({.name = "good", .contents = "x"});
    Outcome outcome =
        read_all(first + entry({.name = "bad", .contents = "x", .magic = "070707"}) + trailer());
    EXPECT_EQ(outcome.names, std::vector<std::string>{"good"});
    EXPECT_EQ(outcome.problem, "this is not a cpio \"newc\" header");
    EXPECT_EQ(outcome.offset, first.size());
}

TEST(Cpio, SizesThatOverflowAreRefused)
{
    std::string text = entry({.name = "a", .contents = "x"}) + trailer();
    std::string huge_contents = text;
    huge_contents.replace(6 + 6 * 8, 8, "ffffffff");
    EXPECT_EQ(read_all(huge_contents).problem, "the archive ends within an entry's contents");
    for (const char *size : {"ffffffff", "00000000", "00000001", "00001001"}) {
        std::string text_with_name_size = text;
        text_with_name_size.replace(6 + 11 * 8, 8, size);
        EXPECT_EQ(read_all(text_with_name_size).problem, "an entry's name has an impossible length") << size;
    }
}

TEST(Cpio, NamesMustEndWhereTheySay)
{
    std::string early_zero = entry({.name = std::string("a\0b", 3), .contents = ""}) + trailer();
    EXPECT_EQ(read_all(early_zero).problem, "an entry's name does not end with its zero byte");
    std::string no_zero = entry({.name = "abc", .contents = ""}) + trailer();
    no_zero[110 + 3] = 'd';
    EXPECT_EQ(read_all(no_zero).problem, "an entry's name does not end with its zero byte");
}

TEST(Cpio, DigitsMustBeHexadecimal)
{
    std::string text = entry({.name = "a", .contents = ""}) + trailer();
    text[10] = 'g';
    EXPECT_EQ(read_all(text).problem, "this is not a cpio \"newc\" header");
    text[10] = 'F';
    EXPECT_EQ(read_all(text).problem, "");
}

} // namespace
