// From what a loader left in memory to BootInfo. Loaders are outside: nothing they say may lead out of
// bounds.
#include "boot/loader_memory.hpp"
#include "tests/host/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace {

// Physical memory of the test: an array; ASan watches its end.
std::vector<std::byte> memory;

const std::byte *window(uint64_t physical, uint64_t bytes)
{
    if (physical >= memory.size() || bytes > memory.size() - physical) return nullptr;
    return memory.data() + physical;
}

// Writes little-endian words at growing addresses.
class Writer {
public:
    explicit Writer(uint64_t at) : at_(at) {}
    Writer &u32(uint32_t value) { return bytes(&value, 4); }
    Writer &u64(uint64_t value) { return bytes(&value, 8); }
    Writer &text(const std::string &text) { return bytes(text.c_str(), text.size() + 1); }
    Writer &align(uint64_t alignment)
    {
        at_ = (at_ + alignment - 1) & ~(alignment - 1);
        return *this;
    }
    uint64_t at() const { return at_; }

private:
    Writer &bytes(const void *data, size_t count)
    {
        if (memory.size() < at_ + count) memory.resize(at_ + count);
        std::memcpy(memory.data() + at_, data, count);
        at_ += count;
        return *this;
    }
    uint64_t at_;
};

std::unique_ptr<boot::BootInfo> parsed(void (*parse)(boot::PhysicalWindow, uint64_t, boot::BootInfo &),
                                       uint64_t at)
{
    auto info = std::make_unique<boot::BootInfo>();
    parse(window, at, *info);
    return info;
}

std::string regions(const boot::BootInfo &info)
{
    std::string text;
    for (const boot::MemoryRegion &region : info.regions()) {
        text += std::to_string(region.begin.value()) + "-" + std::to_string(region.end.value()) + ":" +
                std::to_string(static_cast<int>(region.type)) + " ";
    }
    return text;
}

std::string built(std::initializer_list<std::array<uint64_t, 3>> entries)
{
    boot::MemoryMapBuilder builder;
    for (const auto &[begin, size, type] : entries) builder.add(begin, size, static_cast<uint32_t>(type));
    auto info = std::make_unique<boot::BootInfo>();
    builder.finish(*info);
    return info->problem != nullptr ? info->problem : regions(*info);
}

TEST(MemoryMap, IsSortedAndNeighboursAreMerged)
{
    EXPECT_EQ(built({{200, 100, 1}, {0, 100, 1}, {100, 100, 1}, {400, 50, 2}}), "0-300:1 400-450:2 ");
}

TEST(MemoryMap, WhereEntriesOverlapTheOneThatIsNotUsableWins)
{
    EXPECT_EQ(built({{0, 1000, 1}, {300, 100, 2}}), "0-300:1 300-400:2 400-1000:1 ");
    EXPECT_EQ(built({{300, 100, 2}, {0, 350, 1}, {350, 1000, 1}}), "0-300:1 300-400:2 400-1350:1 ");
}

TEST(MemoryMap, UnknownTypesAreReservedAndEmptyEntriesNothing)
{
    EXPECT_EQ(built({{0, 100, 1}, {100, 100, 77}, {200, 0, 1}}), "0-100:1 100-200:2 ");
}

TEST(MemoryMap, AnEntryBeyondTheLastAddressEndsThere)
{
    EXPECT_EQ(built({{UINT64_MAX - 9, 100, 2}}),
              std::to_string(UINT64_MAX - 9) + "-" + std::to_string(UINT64_MAX) + ":2 ");
}

TEST(MemoryMap, NoneOrTooManyEntriesAreAProblem)
{
    EXPECT_EQ(built({}), "the loader gave no memory map");
    boot::MemoryMapBuilder builder;
    for (uint64_t i = 0; i <= boot::MaxMemoryRegions; i++) builder.add(i * 100, 50, 1);
    auto info = std::make_unique<boot::BootInfo>();
    builder.finish(*info);
    EXPECT_NE(info->problem, nullptr);
}

constexpr uint32_t PvhMagic = 0x336ec578;

void write_pvh(const std::string &command_line, uint32_t version = 1)
{
    memory.assign(4096, std::byte{0});
    Writer(1000).text(command_line);
    Writer(512).u64(0).u64(0x9fc00).u32(1).u32(0).u64(0x100000).u64(0x700000).u32(1).u32(0); // memory map
    Writer(768).u64(0x400000).u64(12345).u64(0).u64(0);                                      // modules
    Writer(256).u32(PvhMagic).u32(version).u32(0).u32(1).u64(768).u64(1000).u64(0).u64(512).u32(2).u32(0);
}

TEST(Pvh, EverythingArrives)
{
    write_pvh("run=/bin/hello,a env=X=1");
    auto info = parsed(boot::parse_pvh, 256);
    EXPECT_EQ(info->problem, nullptr);
    EXPECT_EQ(info->entry, boot::EntryKind::Pvh);
    EXPECT_EQ(info->command_line(), "run=/bin/hello,a env=X=1");
    EXPECT_EQ(regions(*info), "0-654336:1 1048576-8388608:1 ");
    EXPECT_EQ(info->archive.begin, mm::PhysAddr{0x400000});
    EXPECT_EQ(info->archive.size(), 12345u);
    EXPECT_EQ(info->loader_name(), "PVH");
}

TEST(Pvh, WhatIsWrongIsNamed)
{
    write_pvh("x", 0);
    EXPECT_NE(parsed(boot::parse_pvh, 256)->problem, nullptr);
    EXPECT_NE(parsed(boot::parse_pvh, 300)->problem, nullptr);
    EXPECT_NE(parsed(boot::parse_pvh, 1 << 30)->problem, nullptr);
    write_pvh(std::string(boot::MaxCommandLine + 1, 'x'));
    EXPECT_STREQ(parsed(boot::parse_pvh, 256)->problem, "the kernel command line is too long");
}

void write_multiboot2()
{
    memory.assign(4096, std::byte{0});
    Writer w(16);
    w.align(8).u32(1).u32(8 + 6).text("a=b c"); // command line
    w.align(8).u32(2).u32(8 + 5).text("GRUB");  // loader
    w.align(8).u32(3).u32(16 + 8).u32(0x200000).u32(0x201234).text("archive");
    w.align(8).u32(99).u32(12).u32(0); // something else
    w.align(8).u32(6).u32(16 + 2 * 24).u32(24).u32(0);
    w.u64(0).u64(0x9f000).u32(1).u32(0).u64(0x100000).u64(0x100000).u32(1).u32(0);
    w.align(8).u32(0).u32(8);
    Writer(8).u32(static_cast<uint32_t>(w.at() - 8)).u32(0);
}

TEST(Multiboot2, EverythingArrives)
{
    write_multiboot2();
    auto info = parsed(boot::parse_multiboot2, 8);
    EXPECT_EQ(info->problem, nullptr) << info->problem;
    EXPECT_EQ(info->entry, boot::EntryKind::Multiboot2);
    EXPECT_EQ(info->command_line(), "a=b c");
    EXPECT_EQ(info->loader_name(), "GRUB");
    EXPECT_EQ(info->archive.begin, mm::PhysAddr{0x200000});
    EXPECT_EQ(info->archive.size(), 0x1234u);
    EXPECT_EQ(regions(*info), "0-651264:1 1048576-2097152:1 ");
}

TEST(Multiboot2, TagsThatDoNotEndAreAProblem)
{
    write_multiboot2();
    Writer(8).u32(40);
    EXPECT_NE(parsed(boot::parse_multiboot2, 8)->problem, nullptr);
    Writer(8).u32(4);
    EXPECT_NE(parsed(boot::parse_multiboot2, 8)->problem, nullptr);
    Writer(8).u32(UINT32_MAX);
    EXPECT_NE(parsed(boot::parse_multiboot2, 8)->problem, nullptr);
}

// Whatever bytes change, parsing ends, stays in bounds (ASan) and keeps the promises about the regions.
TEST(Loaders, AnyBytesAreSurvived)
{
    host::Random random;
    for (int round = 0; round < 20000; round++) {
        bool pvh = round % 2 == 0;
        if (pvh)
            write_pvh("run=/x");
        else
            write_multiboot2();
        for (uint64_t changes = random.below(8); changes > 0; changes--) {
            memory[random.below(memory.size())] = static_cast<std::byte>(random.below(256));
        }
        if (random.below(4) == 0) memory.resize(random.below(memory.size()));
        auto info = pvh ? parsed(boot::parse_pvh, 256) : parsed(boot::parse_multiboot2, 8);
        ASSERT_LE(info->command_line_length, boot::MaxCommandLine);
        ASSERT_LE(info->archive.begin, info->archive.end);
        for (size_t i = 1; i < info->region_count; i++) {
            ASSERT_LE(info->region_storage[i - 1].end, info->region_storage[i].begin);
        }
    }
}

} // namespace
