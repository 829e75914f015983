// select, pselect6: as poll, with sets of descriptors as bit maps.
#include "kernel/file/file_table.hpp"
#include "kernel/file/poll.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/wait_arguments.hpp"
#include "mm/kernel_heap.hpp"

#include <algorithm>
#include <bit>

namespace kernel::syscalls {

namespace {

// What makes a descriptor ready for each of the three sets (select(2), "Correspondence between select() and
// poll() notifications").
constexpr uint32_t ReadyEvents[3] = {
    poll_event::Readable | poll_event::ReadBand | poll_event::HangUp | poll_event::Error,
    poll_event::Writable | poll_event::WriteBand | poll_event::Error,
    poll_event::Priority,
};

constexpr unsigned WordBits = 64;

// The three sets asked for, and the three found: six bit maps in one piece of memory.
class Sets {
public:
    Sets() = default;
    ~Sets() { mm::heap_free(large_); }
    Sets(const Sets &) = delete;
    Sets &operator=(const Sets &) = delete;

    // Null for a set that is not asked for. NoMemory, BadAddress.
    Result<void> copy(const VirtAddr (&from)[3], unsigned count)
    {
        count_ = count;
        words_ = (count + WordBits - 1) / WordBits;
        if (words_ == 0) return {}; // nothing of the sets is touched
        if (6 * words_ > std::size(few_)) {
            large_ = static_cast<uint64_t *>(mm::heap_allocate(6 * words_ * sizeof(uint64_t)));
            if (!large_) return Errno::NoMemory;
        }
        std::fill_n(asked(0), 6 * words_, 0);
        for (unsigned set = 0; set < 3; set++) {
            if (from[set] != VirtAddr{})
                TRY_VOID(copy_from_user(asked(set), from[set], words_ * sizeof(uint64_t)));
        }
        return {};
    }
    Result<void> give_back(const VirtAddr (&to)[3])
    {
        if (words_ == 0) return {};
        for (unsigned set = 0; set < 3; set++) {
            if (to[set] != VirtAddr{}) TRY_VOID(copy_to_user(to[set], found(set), words_ * sizeof(uint64_t)));
        }
        return {};
    }
    // BadDescriptor: one that is asked for is not open.
    Result<int> look(PollWatch &watch);

private:
    uint64_t *asked(unsigned set) { return (large_ ? large_ : few_) + set * words_; }
    uint64_t *found(unsigned set) { return asked(3 + set); }
    Result<int> look_at(PollWatch &watch, unsigned descriptor);

    uint64_t few_[48]; // 512 descriptors
    uint64_t *large_ = nullptr;
    size_t words_ = 0;
    unsigned count_ = 0;
};

Result<int> Sets::look_at(PollWatch &watch, unsigned descriptor)
{
    TRY_LET(file, current_process().files().find(static_cast<int>(descriptor)));
    unsigned word = descriptor / WordBits;
    uint64_t bit = uint64_t{1} << descriptor % WordBits;
    uint32_t wanted = 0;
    for (unsigned set = 0; set < 3; set++) {
        if (asked(set)[word] & bit) wanted |= ReadyEvents[set];
    }
    uint32_t events = watch.look(file, wanted);
    int count = 0;
    for (unsigned set = 0; set < 3; set++) {
        if (!(asked(set)[word] & bit) || !(events & ReadyEvents[set])) continue;
        found(set)[word] |= bit;
        count++;
    }
    if (count != 0) watch.stop_joining(); // there will be no sleep
    return count;
}

Result<int> Sets::look(PollWatch &watch)
{
    int count = 0;
    for (unsigned word = 0; word < words_; word++) {
        uint64_t wanted = asked(0)[word] | asked(1)[word] | asked(2)[word];
        for (; wanted != 0; wanted &= wanted - 1) {
            unsigned descriptor = word * WordBits + static_cast<unsigned>(std::countr_zero(wanted));
            if (descriptor < count_) count += TRY(look_at(watch, descriptor));
        }
    }
    return count;
}

// The sets stay what they are when it fails.
Result<int> select_until(int count, const VirtAddr (&pointers)[3], uint64_t deadline)
{
    if (count < 0) return Errno::Invalid;
    // No descriptor is above the table's end, whatever the program says.
    unsigned descriptors = std::min(static_cast<unsigned>(count), current_process().files().capacity());
    Sets sets;
    TRY_VOID(sets.copy(pointers, descriptors));
    int found = TRY(wait_for_any(deadline, [&](PollWatch &watch) { return sets.look(watch); }));
    TRY_VOID(sets.give_back(pointers));
    return found;
}

// pselect6's last argument: a mask and its size.
struct MaskArgument {
    VirtAddr mask;
    uint64_t size = 0;
};

} // namespace

Result<int> select(int count, VirtAddr read, VirtAddr write, VirtAddr except, VirtAddr timeout)
{
    uint64_t deadline = TRY(read_timeout<UserTimeval>(timeout));
    Result<int> result = select_until(count, {read, write, except}, deadline);
    return with_time_left<UserTimeval>(result, timeout, deadline);
}

Result<int> pselect6(int count, VirtAddr read, VirtAddr write, VirtAddr except, VirtAddr timeout,
                     VirtAddr mask)
{
    MaskArgument argument;
    if (mask != VirtAddr{}) argument = TRY(read_user<MaskArgument>(mask));
    uint64_t deadline = TRY(read_timeout<UserTimespec>(timeout));
    TemporaryMask temporary;
    if (argument.mask != VirtAddr{}) TRY_VOID(temporary.set(argument.mask, argument.size));
    Result<int> result = select_until(count, {read, write, except}, deadline);
    if (result.error() == Errno::RestartNoHandler) temporary.leave_to_handler();
    return with_time_left<UserTimespec>(result, timeout, deadline);
}

} // namespace kernel::syscalls
