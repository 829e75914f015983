// Random numbers. See random.hpp.
#include "kernel/random.hpp"

#include "kernel/cpu/clock.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/process/scheduler.hpp"
#include "lib/spinlock.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace kernel {

namespace {

using Block = std::array<uint32_t, 16>;

constexpr uint32_t CpuidRdrand = 1 << 30; // leaf 1, ECX (SDM vol. 2A, CPUID)

void quarter_round(uint32_t &a, uint32_t &b, uint32_t &c, uint32_t &d)
{
    a += b, d = std::rotl(d ^ a, 16);
    c += d, b = std::rotl(b ^ c, 12);
    a += b, d = std::rotl(d ^ a, 8);
    c += d, b = std::rotl(b ^ c, 7);
}

// The generator: one key, and how many blocks of its stream were used.
class KeyStream {
public:
    // The next 64 bytes (RFC 8439, 2.3).
    Block next()
    {
        Block start = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}; // "expand 32-byte k"
        std::copy(key_.begin(), key_.end(), start.begin() + 4);
        start[12] = static_cast<uint32_t>(counter_);
        start[13] = static_cast<uint32_t>(counter_ >> 32);
        counter_++;
        Block x = start;
        for (int round = 0; round < 10; round++) {
            for (unsigned i = 0; i < 4; i++) quarter_round(x[i], x[i + 4], x[i + 8], x[i + 12]);
            for (unsigned i = 0; i < 4; i++)
                quarter_round(x[i], x[4 + (i + 1) % 4], x[8 + (i + 2) % 4], x[12 + (i + 3) % 4]);
        }
        for (unsigned i = 0; i < 16; i++) x[i] += start[i];
        return x;
    }
    void replace_key()
    {
        Block block = next();
        std::copy_n(block.begin(), key_.size(), key_.begin());
        counter_ = 0;
    }
    void stir(uint64_t value)
    {
        key_[0] ^= static_cast<uint32_t>(value);
        key_[1] ^= static_cast<uint32_t>(value >> 32);
        replace_key();
    }

private:
    std::array<uint32_t, 8> key_{};
    uint64_t counter_ = 0;
};

constinit lib::Guarded<KeyStream> stream;

[[gnu::target("rdrnd")]] bool rdrand(unsigned long long &value)
{
    // The hardware may be out of numbers for a moment (SDM vol. 1, 7.3.17.1).
    for (int tries = 0; tries < 10; tries++) {
        if (__builtin_ia32_rdrand64_step(&value)) return true;
    }
    return false;
}

} // namespace

void init_random()
{
    auto held = stream.lock();
    held->stir(read_time_stamp());
    held->stir(wall_clock_nanoseconds());
    if (!(cpuid(1).ecx & CpuidRdrand)) return;
    for (int i = 0; i < 4; i++) {
        unsigned long long value = 0;
        if (rdrand(value)) held->stir(value);
    }
}

void fill_random(std::span<std::byte> to)
{
    auto held = stream.lock();
    while (!to.empty()) {
        Block block = held->next();
        size_t count = std::min(to.size(), sizeof block);
        std::memcpy(to.data(), block.data(), count);
        to = to.subspan(count);
    }
    held->replace_key();
}

lib::Result<size_t> random_to_user(UserBuffer &to)
{
    std::byte piece[256];
    size_t done = 0;
    while (!to.empty()) {
        size_t wanted = std::min(to.size(), sizeof piece);
        fill_random({piece, wanted});
        size_t stored = to.store(piece, wanted);
        done += stored;
        if (stored < wanted) return done_or_fault(done, true);
        if (!continue_long_work()) break;
    }
    return done;
}

void stir_random(std::span<const std::byte> bytes)
{
    auto held = stream.lock();
    held->stir(clock_nanoseconds());
    while (!bytes.empty()) {
        uint64_t value = 0;
        size_t count = std::min(bytes.size(), sizeof value);
        std::memcpy(&value, bytes.data(), count);
        held->stir(value);
        bytes = bytes.subspan(count);
    }
}

} // namespace kernel
