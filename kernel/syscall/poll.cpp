// poll, ppoll: waiting until one of several files can be read or written.
#include "kernel/file/poll.hpp"

#include "kernel/file/file_table.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/wait_arguments.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel::syscalls {

namespace {

// struct pollfd.
struct Entry {
    int32_t descriptor;
    uint16_t events;
    uint16_t found;
};
static_assert(sizeof(Entry) == 8);
constexpr uint32_t AlwaysTold = poll_event::Error | poll_event::HangUp; // asked for or not

// The entries, copied: few on the stack, many on the heap.
class Entries {
public:
    Entries() = default;
    ~Entries() { mm::heap_free(large_); }
    Entries(const Entries &) = delete;
    Entries &operator=(const Entries &) = delete;

    // NoMemory, BadAddress.
    Result<void> copy(VirtAddr from, uint32_t count)
    {
        Entry *entries = few_;
        if (count > std::size(few_)) {
            large_ = mm::heap_allocate(count * sizeof(Entry));
            if (!large_) return Errno::NoMemory;
            entries = static_cast<Entry *>(large_);
        }
        all_ = {entries, count};
        return copy_from_user(entries, from, count * sizeof(Entry));
    }
    std::span<Entry> all() const { return all_; }

private:
    Entry few_[16];
    void *large_ = nullptr;
    std::span<Entry> all_;
};

uint16_t look(PollWatch &watch, const Entry &entry)
{
    if (entry.descriptor < 0) return 0;
    Result<Ref<File>> file = current_process().files().find(entry.descriptor);
    if (!file.ok()) return poll_event::Invalid;
    uint32_t wanted = entry.events | AlwaysTold;
    return static_cast<uint16_t>(watch.look(*file, wanted) & wanted);
}

// How many have something to tell now.
Result<int> look_at_all(PollWatch &watch, std::span<Entry> entries)
{
    int count = 0;
    for (Entry &entry : entries) {
        entry.found = look(watch, entry);
        if (entry.found == 0) continue;
        count++;
        watch.stop_joining(); // there will be no sleep
    }
    return count;
}

// What was found is told even when a signal came first: then it is nothing.
Result<int> poll_until(VirtAddr entries, uint32_t count, uint64_t deadline)
{
    if (count > current_process().limits().soft(Resource::OpenFiles)) return Errno::Invalid;
    Entries copied;
    TRY_VOID(copied.copy(entries, count));
    Result<int> result =
        wait_for_any(deadline, [&](PollWatch &watch) { return look_at_all(watch, copied.all()); });
    for (size_t i = 0; i < count; i++)
        TRY_VOID(write_user(entries + i * sizeof(Entry) + offsetof(Entry, found), copied.all()[i].found));
    return result;
}

// poll(2) has nothing to tell how much time was left: what goes on after a signal knows when it ends.
Result<int64_t> poll_on(const CallRestart &call)
{
    Result<int> result = poll_until(call.address, call.value, call.deadline);
    if (result.error() != Errno::RestartNoHandler)
        return result.ok() ? Result<int64_t>{*result} : result.error();
    current_thread().restart = {
        .again = poll_on, .deadline = call.deadline, .address = call.address, .value = call.value};
    return Errno::RestartBlock;
}

} // namespace

Result<int64_t> poll(VirtAddr entries, uint32_t count, int timeout)
{
    constexpr uint64_t Millisecond = 1'000'000;
    uint64_t deadline = NoDeadline;
    if (timeout >= 0) deadline = deadline_after(static_cast<uint64_t>(timeout) * Millisecond);
    return poll_on({.deadline = deadline, .address = entries, .value = count});
}

Result<int> ppoll(VirtAddr entries, uint32_t count, VirtAddr timeout, VirtAddr mask, uint64_t mask_size)
{
    uint64_t deadline = TRY(read_timeout<UserTimespec>(timeout));
    TemporaryMask temporary;
    if (mask != VirtAddr{}) TRY_VOID(temporary.set(mask, mask_size));
    Result<int> result = poll_until(entries, count, deadline);
    if (result.error() == Errno::RestartNoHandler) temporary.leave_to_handler();
    return with_time_left<UserTimespec>(result, timeout, deadline);
}

} // namespace kernel::syscalls
