// pipe, pipe2.
#include "kernel/file/pipe.hpp"
#include "kernel/file/file_table.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"

namespace kernel::syscalls {

Result<void> pipe2(VirtAddr descriptors, uint32_t flags)
{
    constexpr uint32_t Description = open_flags::NonBlocking | open_flags::Direct;
    if (flags & ~(Description | open_flags::CloseOnExec)) return Errno::Invalid;
    Process &process = current_process();
    FileTable &files = process.files();
    uint64_t limit = process.limits().soft(Resource::OpenFiles);
    bool close_on_exec = flags & open_flags::CloseOnExec;

    TRY_LET(ends, make_pipe(flags & Description));
    int numbers[2];
    numbers[0] = TRY(files.add(std::move(ends.reader), close_on_exec, limit));
    Result<int> second = files.add(std::move(ends.writer), close_on_exec, limit);
    Result<void> result = second.ok() ? Result<void>{} : second.error();
    if (second.ok()) {
        numbers[1] = *second;
        result = copy_to_user(descriptors, numbers, sizeof numbers);
        if (!result.ok()) (void)files.close(numbers[1]);
    }
    if (!result.ok()) (void)files.close(numbers[0]);
    return result;
}

Result<void> pipe(VirtAddr descriptors)
{
    return pipe2(descriptors, 0);
}

} // namespace kernel::syscalls
