// The signal frame: where it goes, and what of a forged one reaches the processor.
#include "kernel/cpu/segments.hpp"
#include "kernel/cpu/vector_format.hpp"
#include "kernel/signal/signal_frame.hpp"
#include "tests/host/random.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <signal.h>
#include <ucontext.h>

using namespace kernel;

namespace {

// --- The layout is the C library's, which is Linux's.

static_assert(offsetof(UserContext, registers) == offsetof(ucontext_t, uc_mcontext));
static_assert(offsetof(UserContext, mask) == offsetof(ucontext_t, uc_sigmask));
static_assert(sizeof(UserSignalInfo) == sizeof(siginfo_t));
static_assert(offsetof(UserSignalInfo, details) == offsetof(siginfo_t, si_pid));

TEST(SignalFrameLayoutTest, TheRegistersAreWhereLibcLooksForThem)
{
    TrapFrame frame{};
    frame.r8 = 8, frame.rdi = 1, frame.rax = 2, frame.rsp = 3, frame.rip = 4, frame.rflags = 5;
    frame.cs = UserCodeSelector, frame.ss = UserDataSelector;
    SignalContext saved =
        save_registers(frame, {.number = 14, .error_code = 6, .fault_address = 7}, SignalSet{0x10});
    greg_t registers[NGREG];
    static_assert(sizeof registers <= sizeof saved);
    std::memcpy(registers, &saved, sizeof registers);
    EXPECT_EQ(registers[REG_R8], 8);
    EXPECT_EQ(registers[REG_RDI], 1);
    EXPECT_EQ(registers[REG_RAX], 2);
    EXPECT_EQ(registers[REG_RSP], 3);
    EXPECT_EQ(registers[REG_RIP], 4);
    EXPECT_EQ(registers[REG_EFL], 5);
    EXPECT_EQ(registers[REG_CSGSFS], 0x002b000000000033);
    EXPECT_EQ(registers[REG_TRAPNO], 14);
    EXPECT_EQ(registers[REG_ERR], 6);
    EXPECT_EQ(registers[REG_CR2], 7);
    EXPECT_EQ(registers[REG_OLDMASK], 0x10);
}

// --- Where it goes

constexpr size_t VectorBytes = 836;

TEST(SignalFramePlaceTest, BelowTheRedZoneAligned)
{
    for (uint64_t stack = 0x7fff0000; stack < 0x7fff0100; stack++) {
        auto place = place_signal_frame(stack, {}, true, VectorBytes);
        ASSERT_TRUE(place.has_value());
        ASSERT_EQ(place->vector_state % 64, 0u);
        ASSERT_LE(place->vector_state + VectorBytes, stack - 128);
        ASSERT_EQ(place->frame % 16, 8u) << "as after a call";
        ASSERT_LE(place->frame + sizeof(SignalFrame), place->vector_state);
        ASSERT_GT(place->frame + sizeof(SignalFrame) + 32, place->vector_state - 64);
    }
}

AlternateStack stack_at(uint64_t begin, uint64_t size, uint32_t flags = 0)
{
    AlternateStack stack;
    EXPECT_TRUE(stack.set({begin, static_cast<int32_t>(flags), 0, size}, 0).ok());
    return stack;
}

TEST(SignalFramePlaceTest, OnTheAlternateStackWhenAskedFor)
{
    AlternateStack alternate = stack_at(0x100000, 8192);
    auto place = place_signal_frame(0x7fff0000, alternate, true, VectorBytes);
    ASSERT_TRUE(place.has_value());
    EXPECT_TRUE(alternate.contains(place->frame));
    EXPECT_LE(place->vector_state + VectorBytes, alternate.top());
    place = place_signal_frame(0x7fff0000, alternate, false, VectorBytes);
    EXPECT_FALSE(alternate.contains(place->frame));
}

TEST(SignalFramePlaceTest, OnTheAlternateStackTheNextOneGoesBelow)
{
    AlternateStack alternate = stack_at(0x100000, 8192);
    auto place = place_signal_frame(0x101800, alternate, true, VectorBytes);
    ASSERT_TRUE(place.has_value());
    EXPECT_LT(place->vector_state, 0x101800u - 128);
}

TEST(SignalFramePlaceTest, AnAlternateStackIsNotOverrun)
{
    AlternateStack alternate = stack_at(0x100000, 2048);
    EXPECT_TRUE(place_signal_frame(0x7fff0000, alternate, true, VectorBytes).has_value());
    EXPECT_FALSE(place_signal_frame(0x7fff0000, alternate, true, 4096).has_value());
    EXPECT_FALSE(place_signal_frame(0x100400, alternate, true, VectorBytes).has_value());
    EXPECT_FALSE(place_signal_frame(0x100400, alternate, false, VectorBytes).has_value());
}

TEST(AlternateStackTest, WhatIsRefused)
{
    AlternateStack stack = stack_at(0x100000, 8192);
    EXPECT_EQ(stack.set({0x200000, 0, 0, 2047}, 0).error(), lib::Errno::NoMemory);
    EXPECT_EQ(stack.set({0x200000, 4, 0, 8192}, 0).error(), lib::Errno::Invalid);
    EXPECT_EQ(stack.set({0x200000, 0, 0, 8192}, 0x101000).error(), lib::Errno::NotPermitted);
    EXPECT_EQ(stack.told_at(0x101000).flags, 1);
    EXPECT_EQ(stack.told_at(0).flags, 0);
    EXPECT_TRUE(stack.set({1, 2, 0, 3}, 0).ok());
    EXPECT_EQ(stack.told_at(0).flags, 2);
    AlternateStack disarming = stack_at(0x100000, 8192, 1u << 31);
    EXPECT_FALSE(disarming.is_in_use(0x101000));
}

// --- What comes back

TrapFrame user_frame()
{
    TrapFrame frame{};
    frame.cs = UserCodeSelector, frame.ss = UserDataSelector, frame.rflags = 0x202;
    return frame;
}

TEST(RestoreRegistersTest, NoBytesGiveAPrivilege)
{
    constexpr uint64_t Untouchable = 0x200 | 0x3000 | 0x4000 | 0x20000 | 0x80000 | 0x100000 | 0x200000;
    host::Random random(7);
    unsigned accepted = 0;
    for (int n = 0; n < 20000; n++) {
        SignalContext saved;
        auto *words = reinterpret_cast<uint64_t *>(&saved);
        for (size_t i = 0; i < sizeof saved / 8; i++) words[i] = random.below(UINT64_MAX);
        if (random.below(2)) saved.cs = UserCodeSelector & ~(random.below(4)), saved.ss = UserDataSelector;
        TrapFrame frame = user_frame();
        if (!restore_registers(frame, saved, random.below(2) ? UserContext::StrictSegment : 0)) continue;
        accepted++;
        ASSERT_EQ(frame.cs, UserCodeSelector);
        ASSERT_EQ(frame.ss, UserDataSelector);
        ASSERT_EQ(frame.rflags & Untouchable, 0x200u) << "interrupts on, nothing else";
        ASSERT_EQ(frame.rip, saved.rip);
        ASSERT_EQ(frame.rsp, saved.rsp);
    }
    EXPECT_GT(accepted, 1000u);
}

TEST(RestoreRegistersTest, OnlyTheProgramsOwnSegments)
{
    SignalContext saved{};
    for (unsigned selector = 0; selector < 0x10000; selector++) {
        TrapFrame frame = user_frame();
        saved.cs = static_cast<uint16_t>(selector), saved.ss = UserDataSelector;
        ASSERT_EQ(restore_registers(frame, saved, UserContext::StrictSegment),
                  (selector | 3) == UserCodeSelector);
        saved.cs = UserCodeSelector, saved.ss = static_cast<uint16_t>(selector);
        ASSERT_EQ(restore_registers(frame, saved, UserContext::StrictSegment),
                  (selector | 3) == UserDataSelector);
        ASSERT_TRUE(restore_registers(frame, saved, 0));
    }
}

// --- Vector state

constexpr VectorFormat WithAvx{.components = 7, .size = 832, .mxcsr_mask = 0xffff};

struct Image {
    std::byte bytes[832]{};
    template <typename T> void set(size_t at, T value) { std::memcpy(bytes + at, &value, sizeof value); }
    template <typename T> T get(size_t at) const
    {
        T value;
        std::memcpy(&value, bytes + at, sizeof value);
        return value;
    }
};

TEST(VectorImageTest, AFreshOneIsLoadable)
{
    Image image;
    reset_vector_image(image.bytes, WithAvx);
    EXPECT_EQ(image.get<uint32_t>(VectorFormat::Mxcsr), 0x1f80u);
    EXPECT_EQ(image.get<uint16_t>(VectorFormat::ControlWord), 0x37fu);
    EXPECT_TRUE(prepare_vector_image(image.bytes, WithAvx, 7, false));
    EXPECT_EQ(image.get<uint64_t>(VectorFormat::PresentComponents), 3u);
}

TEST(VectorImageTest, WhatWouldFaultIsRefused)
{
    auto is_accepted = [](size_t at, uint64_t value, uint64_t wanted = 7, bool legacy = false) {
        Image image;
        reset_vector_image(image.bytes, WithAvx);
        image.set(at, value);
        return prepare_vector_image(image.bytes, WithAvx, wanted, legacy);
    };
    EXPECT_FALSE(is_accepted(VectorFormat::Mxcsr, 0x10000));
    EXPECT_FALSE(is_accepted(VectorFormat::PresentComponents, 8));
    EXPECT_FALSE(is_accepted(VectorFormat::PresentComponents, uint64_t{1} << 63));
    EXPECT_FALSE(is_accepted(VectorFormat::PresentComponents + 8, uint64_t{1} << 63)) << "compacted";
    EXPECT_FALSE(is_accepted(VectorFormat::PresentComponents + 56, 1)) << "reserved";
    // Without the header's word on it, only the first 512 bytes count.
    EXPECT_TRUE(is_accepted(VectorFormat::PresentComponents, ~uint64_t{0}, 7, true));
    EXPECT_FALSE(is_accepted(VectorFormat::Mxcsr, 0x10000, 7, true));
}

TEST(VectorImageTest, WhatIsNotWantedIsAsInANewProgram)
{
    Image image;
    reset_vector_image(image.bytes, WithAvx);
    image.set(VectorFormat::PresentComponents, uint64_t{7});
    ASSERT_TRUE(prepare_vector_image(image.bytes, WithAvx, 2, false));
    EXPECT_EQ(image.get<uint64_t>(VectorFormat::PresentComponents), 2u);
    // MXCSR that nobody asked for is not even looked at.
    image.set(VectorFormat::Mxcsr, ~uint32_t{0});
    ASSERT_TRUE(prepare_vector_image(image.bytes, WithAvx, 1, false));
    EXPECT_EQ(image.get<uint32_t>(VectorFormat::Mxcsr), 0x1f80u);
}

// XRSTOR's conditions (SDM vol. 2B), for random bytes: what is accepted meets them all.
TEST(VectorImageTest, WhatIsAcceptedCanBeLoaded)
{
    host::Random random(11);
    unsigned accepted = 0;
    for (int n = 0; n < 20000; n++) {
        Image image;
        reset_vector_image(image.bytes, WithAvx);
        for (uint64_t change = random.below(3); change > 0; change--)
            image.set(random.below(2) ? 512 + 8 * random.below(8) : 8 * random.below(64),
                      random.below(2) ? random.below(UINT64_MAX) : random.below(16));
        if (!prepare_vector_image(image.bytes, WithAvx, random.below(16), random.below(2))) continue;
        accepted++;
        ASSERT_EQ(image.get<uint64_t>(VectorFormat::PresentComponents) & ~WithAvx.components, 0u);
        for (size_t at = 520; at < 576; at += 8) ASSERT_EQ(image.get<uint64_t>(at), 0u);
        ASSERT_EQ(image.get<uint32_t>(VectorFormat::Mxcsr) & ~WithAvx.mxcsr_mask, 0u);
    }
    EXPECT_GT(accepted, 5000u);
}

TEST(VectorImageTest, WithoutXsaveMxcsrAloneCounts)
{
    VectorFormat legacy{.components = 0, .size = 512, .mxcsr_mask = 0xffbf};
    Image image;
    reset_vector_image(image.bytes, legacy);
    EXPECT_TRUE(prepare_vector_image({image.bytes, 512}, legacy, 0, true));
    image.set(VectorFormat::Mxcsr, uint32_t{0x40});
    EXPECT_FALSE(prepare_vector_image({image.bytes, 512}, legacy, 0, true));
}

} // namespace
