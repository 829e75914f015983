// madvise, mincore, msync, mlock, mlock2, munlock, mlockall, munlockall.
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/trap/user_copy.hpp"

#include <array>

namespace kernel::syscalls {

namespace {

mm::AddressSpace &space()
{
    return *current_thread().space;
}

// MADV_… (include/uapi/asm-generic/mman-common.h). Invalid: unknown, or something Vitrine cannot do.
Result<mm::Advice> advice_of(int number)
{
    switch (number) {
    case 3:
        return mm::Advice::WillNeed;
    case 4:
        return mm::Advice::DontNeed;
    case 8:
        return mm::Advice::Free;
    case 10:
        return mm::Advice::DontFork;
    case 11:
        return mm::Advice::DoFork;
    case 18:
        return mm::Advice::WipeOnFork;
    case 19:
        return mm::Advice::KeepOnFork;
    case 20: // MADV_COLD
        return mm::Advice::Cold;
    case 21:
        return mm::Advice::PageOut;
    case 22:
        return mm::Advice::PopulateRead;
    case 23:
        return mm::Advice::PopulateWrite;
    case 24:
        return mm::Advice::DontNeedLocked;
    case 0:  // MADV_NORMAL
    case 1:  // MADV_RANDOM
    case 2:  // MADV_SEQUENTIAL
    case 12: // MADV_MERGEABLE
    case 13: // MADV_UNMERGEABLE
    case 14: // MADV_HUGEPAGE
    case 15: // MADV_NOHUGEPAGE
    case 16: // MADV_DONTDUMP
    case 17: // MADV_DODUMP
        return mm::Advice::Ignored;
    default:
        return Errno::Invalid;
    }
}

namespace sync {
constexpr uint32_t Asynchronous = 1, Invalidate = 2, Synchronous = 4; // MS_…
}
constexpr uint32_t LockOnFault = 1;                      // MLOCK_ONFAULT
constexpr uint32_t Current = 1, Future = 2, OnFault = 4; // MCL_…

} // namespace

Result<void> madvise(VirtAddr address, uint64_t length, int advice)
{
    return space().advise(address, length, TRY(advice_of(advice)));
}

Result<void> mincore(VirtAddr address, uint64_t length, VirtAddr vector)
{
    uint64_t pages = (length >> mm::PageShift) + (length % mm::PageSize != 0);
    // After what is wrong with the address, before what is (not) mapped there.
    if (address.is_page_aligned() && is_user_range(address, length) && !is_user_range(vector, pages))
        return Errno::BadAddress;
    std::array<uint8_t, 64> answers;
    size_t waiting = 0;
    uint64_t written = 0;
    auto flush = [&]() -> Result<void> {
        TRY_VOID(copy_to_user(vector + written, answers.data(), waiting));
        written += waiting;
        waiting = 0;
        return {};
    };
    auto asked = space().residency(address, length, [&](uint64_t, bool resident) -> Result<void> {
        answers[waiting++] = resident;
        return waiting == answers.size() ? flush() : Result<void>{};
    });
    // What is known about the pages before a hole is told all the same.
    if (waiting > 0) TRY_VOID(flush());
    return asked;
}

Result<void> msync(VirtAddr address, uint64_t length, uint32_t flags)
{
    if (flags & ~(sync::Asynchronous | sync::Invalidate | sync::Synchronous)) return Errno::Invalid;
    if ((flags & sync::Asynchronous) && (flags & sync::Synchronous)) return Errno::Invalid;
    return space().synchronise(address, length, (flags & sync::Asynchronous) != 0,
                               (flags & sync::Invalidate) != 0);
}

Result<void> mlock(VirtAddr address, uint64_t length)
{
    return space().lock(address, length, false);
}

Result<void> mlock2(VirtAddr address, uint64_t length, uint32_t flags)
{
    if (flags & ~LockOnFault) return Errno::Invalid;
    return space().lock(address, length, (flags & LockOnFault) != 0);
}

Result<void> munlock(VirtAddr address, uint64_t length)
{
    return space().unlock(address, length);
}

Result<void> mlockall(uint32_t flags)
{
    if (flags == 0 || flags == OnFault || (flags & ~(Current | Future | OnFault))) return Errno::Invalid;
    return space().lock_all((flags & Current) != 0, (flags & Future) != 0, (flags & OnFault) != 0);
}

Result<void> munlockall()
{
    return space().unlock_all();
}

} // namespace kernel::syscalls
