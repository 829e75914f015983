#include "kernel/process/start_stack.hpp"

#include "kernel/cpu/features.hpp"
#include "kernel/cpu/fpu.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/process/space_writer.hpp"
#include "kernel/random.hpp"
#include "lib/elf.hpp"

#include <algorithm>

namespace kernel {

namespace {

constexpr uint64_t MinAllStrings = 128 * 1024;      // ARG_MAX: allowed however small the stack
constexpr uint64_t MaxAllStrings = 6 * 1024 * 1024; // three quarters of the default stack
constexpr uint64_t ExtraStack = 128 * 1024;         // mapped below what is used (setup_arg_pages)
constexpr std::string_view Platform{"x86_64", 7};   // with its final zero
constexpr size_t RandomBytes = 16;

// Auxiliary vector types (include/uapi/linux/auxvec.h, arch/x86/include/uapi/asm/auxvec.h).
enum class Auxiliary : uint64_t {
    Null = 0,
    ProgramHeaders = 3,
    ProgramHeaderSize = 4,
    ProgramHeaderCount = 5,
    PageSize = 6,
    Base = 7,
    Flags = 8,
    Entry = 9,
    UserId = 11,
    EffectiveUserId = 12,
    GroupId = 13,
    EffectiveGroupId = 14,
    Platform = 15,
    HardwareCapabilities = 16,
    ClockTicks = 17,
    Secure = 23,
    Random = 25,
    HardwareCapabilities2 = 26,
    ExecutedPath = 31,
    MinimalSignalStack = 51,
};

struct AuxiliaryEntry {
    Auxiliary type;
    uint64_t value;
};

constexpr size_t AuxiliaryCount = 20;
constexpr uint64_t ClockTicksPerSecond = 100; // times(2), USER_HZ
constexpr uint64_t FsGsBaseUsable = 1 << 1;   // HWCAP2_FSGSBASE
// What Linux adds to the vector state for the rest of a signal frame (arch/x86/kernel/signal.c,
// init_sigframe_size).
constexpr uint64_t SignalFrameRest = 944;

// In the order in which Linux lists them (create_elf_tables).
void fill_auxiliary(AuxiliaryEntry (&vector)[AuxiliaryCount], const StartStack &stack,
                    const LoadedImage &image)
{
    uint64_t signal_stack = (SignalFrameRest + vector_state_size() + 15) & ~uint64_t{15};
    const AuxiliaryEntry entries[AuxiliaryCount] = {
        {Auxiliary::MinimalSignalStack, signal_stack},
        {Auxiliary::HardwareCapabilities, cpuid(1).edx},
        {Auxiliary::PageSize, mm::PageSize},
        {Auxiliary::ClockTicks, ClockTicksPerSecond},
        {Auxiliary::ProgramHeaders, image.program_headers.value()},
        {Auxiliary::ProgramHeaderSize, lib::ElfTableEntrySize},
        {Auxiliary::ProgramHeaderCount, image.program_header_count},
        {Auxiliary::Base, 0},
        {Auxiliary::Flags, 0},
        {Auxiliary::Entry, image.entry.value()},
        {Auxiliary::UserId, 0},
        {Auxiliary::EffectiveUserId, 0},
        {Auxiliary::GroupId, 0},
        {Auxiliary::EffectiveGroupId, 0},
        {Auxiliary::Secure, 0},
        {Auxiliary::Random, stack.random.value()},
        {Auxiliary::HardwareCapabilities2, cpu_features().fsgsbase ? FsGsBaseUsable : 0},
        {Auxiliary::ExecutedPath, stack.path.value()},
        {Auxiliary::Platform, stack.platform.value()},
        {Auxiliary::Null, 0},
    };
    std::copy(std::begin(entries), std::end(entries), std::begin(vector));
}

constexpr mm::VirtAddr align_down(mm::VirtAddr address)
{
    return mm::VirtAddr{address.value() & ~uint64_t{15}};
}

// Stores one thing after the other, upwards.
class Writer {
public:
    Writer(mm::AddressSpace &space, mm::VirtAddr at) : space_(space), at_(at) {}

    Result<void> bytes(const void *from, size_t size)
    {
        TRY_VOID(write_to_space(space_, at_, from, size));
        at_ += size;
        return {};
    }
    Result<void> word(uint64_t value) { return bytes(&value, sizeof value); }
    Result<void> string(std::string_view text)
    {
        TRY_VOID(bytes(text.data(), text.size()));
        return bytes("", 1);
    }
    Result<void> strings(const StringList &list)
    {
        return list.for_each_piece([this](const char *text, size_t size) -> Result<void> {
            TRY_VOID(bytes(text, size));
            return piece_done();
        });
    }
    // Pointers to strings that stand one after the other from `first`, which moves behind them.
    Result<void> pointers(const StringList &list, mm::VirtAddr &first)
    {
        bool begins = true;
        return list.for_each_piece([&](const char *text, size_t size) -> Result<void> {
            for (size_t i = 0; i < size; i++) {
                if (begins) TRY_VOID(word((first + i).value()));
                begins = text[i] == '\0';
            }
            first += size;
            return piece_done();
        });
    }

private:
    // Strings may be megabytes. Interrupted: the thread is dying.
    Result<void> piece_done()
    {
        constexpr unsigned LongWork = 16; // pieces, before others have their turn
        if (++pieces_ % LongWork != 0 || continue_long_work()) return {};
        if (is_dying(current_thread())) return Errno::Interrupted;
        return {};
    }

    mm::AddressSpace &space_;
    mm::VirtAddr at_;
    unsigned pieces_ = 0;
};

} // namespace

uint64_t StartStack::area_size(uint64_t limit) const
{
    uint64_t used = top - stack_pointer.page_down();
    uint64_t strings = top - random.page_down();
    // Not beyond the limit, but what is there must be mapped.
    return std::max(used, std::min(strings + ExtraStack, mm::round_down_to_page(limit)));
}

uint64_t allowed_start_strings(uint64_t stack_limit)
{
    return std::clamp(stack_limit / 4, MinAllStrings, MaxAllStrings);
}

Result<StartStack> plan_start_stack(const Execution &execution, mm::VirtAddr top, uint64_t allowed)
{
    size_t arguments = execution.words.bytes() + execution.arguments.bytes();
    size_t environment = execution.environment.bytes();
    size_t argument_count = execution.words.count() + execution.arguments.count();
    size_t pointers = (argument_count + execution.environment.count()) * sizeof(uint64_t);
    if (execution.path.size() + 1 > MaxArgument) return Errno::ArgumentListTooLong;
    if (arguments + environment + pointers + execution.path.size() + 1 > allowed)
        return Errno::ArgumentListTooLong;

    StartStack stack;
    stack.top = top;
    stack.path = top - sizeof(uint64_t) - (execution.path.size() + 1);
    stack.environment_end = stack.path;
    stack.environment = stack.environment_end - environment;
    stack.arguments_end = stack.environment;
    stack.arguments = stack.arguments_end - arguments;
    stack.platform = align_down(stack.arguments) - Platform.size();
    stack.random = stack.platform - RandomBytes;

    uint64_t words = 1 + argument_count + 1 + execution.environment.count() + 1;
    mm::VirtAddr vectors = stack.random - AuxiliaryCount * sizeof(AuxiliaryEntry) - words * sizeof(uint64_t);
    stack.stack_pointer = align_down(vectors);
    stack.auxiliary = stack.stack_pointer + words * sizeof(uint64_t);
    stack.auxiliary_end = stack.auxiliary + AuxiliaryCount * sizeof(AuxiliaryEntry);
    return stack;
}

Result<void> write_start_stack(mm::AddressSpace &space, const StartStack &stack, const Execution &execution,
                               const LoadedImage &image)
{
    std::byte random[RandomBytes];
    fill_random(random);
    AuxiliaryEntry auxiliary[AuxiliaryCount];
    fill_auxiliary(auxiliary, stack, image);

    Writer strings(space, stack.arguments);
    TRY_VOID(strings.strings(execution.words));
    TRY_VOID(strings.strings(execution.arguments));
    TRY_VOID(strings.strings(execution.environment));
    TRY_VOID(strings.string(execution.path));

    Writer constants(space, stack.random);
    TRY_VOID(constants.bytes(random, sizeof random));
    TRY_VOID(constants.bytes(Platform.data(), Platform.size()));

    Writer vectors(space, stack.stack_pointer);
    TRY_VOID(vectors.word(execution.words.count() + execution.arguments.count()));
    mm::VirtAddr at = stack.arguments;
    TRY_VOID(vectors.pointers(execution.words, at));
    TRY_VOID(vectors.pointers(execution.arguments, at));
    TRY_VOID(vectors.word(0));
    at = stack.environment;
    TRY_VOID(vectors.pointers(execution.environment, at));
    TRY_VOID(vectors.word(0));
    return vectors.bytes(auxiliary, sizeof auxiliary);
}

} // namespace kernel
