// PipeRing: pages taken and given back, what joins a page, and all bytes in order, against a plain queue.
#include "kernel/file/pipe_ring.hpp"
#include "mm/kernel_heap.hpp"
#include "tests/host/machine.hpp"
#include "tests/host/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <string>

namespace kernel {

namespace {

class PipeRingTest : public testing::Test {
protected:
    PipeRingTest() { host::machine().reset(); }

    static uint64_t pages() { return mm::frames().count(mm::FrameKind::Pipe); }

    // As Pipe::write does with what lies in kernel memory; how many fitted.
    size_t write(PipeRing &ring, std::string_view text, bool is_packet = false)
    {
        size_t done = 0, odd = text.size() % mm::PageSize;
        if (std::byte *room = odd != 0 ? ring.room_in_last_page(odd) : nullptr) {
            std::memcpy(room, text.data(), odd);
            ring.extend(odd);
            done = odd;
        }
        while (done < text.size() && !ring.is_full()) {
            size_t count = std::min(text.size() - done, mm::PageSize);
            std::memcpy(*ring.fresh_page(), text.data() + done, count);
            ring.append(count, is_packet);
            done += count;
        }
        return done;
    }
    std::string read(PipeRing &ring, size_t wanted)
    {
        std::string text;
        while (text.size() < wanted && !ring.is_empty()) {
            PipeRing::Stretch &first = ring.front();
            size_t count = std::min<size_t>(first.length, wanted - text.size());
            text.append(reinterpret_cast<const char *>(first.bytes()), count);
            ring.consume(first, count);
        }
        return text;
    }
};

TEST_F(PipeRingTest, PagesComeWithBytesAndGoWithThem)
{
    PipeRing ring;
    ASSERT_TRUE(ring.resize(16).ok());
    EXPECT_EQ(pages(), 0u);
    EXPECT_EQ(write(ring, std::string(65536, 'x')), 65536u);
    EXPECT_TRUE(ring.is_full());
    EXPECT_EQ(pages(), 16u);
    EXPECT_EQ(read(ring, 65536).size(), 65536u);
    EXPECT_EQ(pages(), 1u); // the one that is kept
    ring.clear();
    EXPECT_EQ(pages(), 0u);
}

TEST_F(PipeRingTest, TheOddPartJoinsTheLastPageOnlyAsAWhole)
{
    PipeRing ring;
    ASSERT_TRUE(ring.resize(2).ok());
    EXPECT_EQ(write(ring, std::string(3000, 'a')), 3000u);
    EXPECT_EQ(write(ring, std::string(1096, 'b')), 1096u);
    EXPECT_EQ(pages(), 1u);
    EXPECT_EQ(ring.room_in_last_page(1), nullptr);
    EXPECT_EQ(write(ring, "c"), 1u);
    EXPECT_TRUE(ring.is_full());
    EXPECT_NE(ring.room_in_last_page(4095), nullptr);
    EXPECT_EQ(ring.room_in_last_page(4096), nullptr);
    EXPECT_EQ(ring.bytes(), 4097u);
}

TEST_F(PipeRingTest, APacketIsNotJoined)
{
    PipeRing ring;
    ASSERT_TRUE(ring.resize(4).ok());
    write(ring, "packet", true);
    EXPECT_EQ(ring.room_in_last_page(1), nullptr);
    EXPECT_TRUE(ring.front().is_packet);
}

TEST_F(PipeRingTest, AnotherSizeKeepsWhatIsInIt)
{
    PipeRing ring;
    ASSERT_TRUE(ring.resize(4).ok());
    write(ring, std::string(4096, 'a'));
    write(ring, std::string(4096, 'b'));
    EXPECT_EQ(read(ring, 4096), std::string(4096, 'a'));
    write(ring, std::string(4096, 'c') + std::string(4096, 'd') + std::string(4096, 'e'));
    EXPECT_TRUE(ring.is_full());
    EXPECT_EQ(ring.resize(2).error(), lib::Errno::Busy);
    ASSERT_TRUE(ring.resize(8).ok());
    EXPECT_EQ(ring.slots(), 8u);
    EXPECT_FALSE(ring.is_full());
    EXPECT_EQ(read(ring, 1 << 20), std::string(4096, 'b') + std::string(4096, 'c') + std::string(4096, 'd') +
                                       std::string(4096, 'e'));
}

TEST_F(PipeRingTest, WithoutMemoryNothingIsLost)
{
    PipeRing ring;
    ASSERT_TRUE(ring.resize(16).ok());
    write(ring, "first");
    mm::frames().fail_allocations(0);
    EXPECT_EQ(ring.fresh_page().error(), lib::Errno::NoMemory);
    mm::frames().fail_allocations(0);
    EXPECT_EQ(ring.resize(32).error(), lib::Errno::NoMemory);
    EXPECT_EQ(read(ring, 100), "first");
}

TEST_F(PipeRingTest, CarriesWhatAQueueCarries)
{
    host::Random random;
    PipeRing ring;
    ASSERT_TRUE(ring.resize(16).ok());
    std::string expected;
    uint8_t next = 0;
    for (int step = 0; step < 4000; step++) {
        if (random.one_in(2)) {
            std::string text(random.one_in(2) ? random.below(20000) : random.below(50), '\0');
            for (char &c : text) c = static_cast<char>(next++);
            size_t done = write(ring, text);
            // What did not fit was never sent.
            next = static_cast<uint8_t>(next - (text.size() - done));
            expected += text.substr(0, done);
        } else {
            size_t wanted = random.below(30000);
            std::string text = read(ring, wanted);
            ASSERT_EQ(text, expected.substr(0, wanted)) << step;
            expected.erase(0, text.size());
        }
        ASSERT_EQ(ring.bytes(), expected.size()) << step;
        ASSERT_LE(pages(), ring.slots() + 1);
        if (random.one_in(50)) {
            unsigned slots = 1u << random.below(6);
            (void)ring.resize(slots);
        }
    }
}

} // namespace

} // namespace kernel
