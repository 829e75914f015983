// execve, execveat: another program in the same process.
#include "kernel/process/exec.hpp"

#include "kernel/file/file_table.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/process/start_stack.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/path_argument.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel::syscalls {

namespace {

// A null-terminated array of pointers; a null array is an empty one (Linux, execve(2) NOTES).
Result<void> read_strings(StringList &list, VirtAddr array, size_t allowed)
{
    constexpr uint64_t LongWork = 64 * 1024; // bytes, before others have their turn
    if (array == VirtAddr{}) return {};
    uint64_t pause_at = LongWork;
    for (uint64_t i = 0;; i++) {
        auto string = TRY(read_user<VirtAddr>(array + i * sizeof(uint64_t)));
        if (string == VirtAddr{}) return {};
        TRY_VOID(list.append_from_user(string));
        uint64_t used = list.bytes() + list.count() * sizeof(uint64_t);
        if (used > allowed) return Errno::ArgumentListTooLong;
        if (used < pause_at) continue;
        if (!continue_long_work() && is_dying(current_thread())) return Errno::Interrupted;
        pause_at = used + LongWork;
    }
}

// The name of what only a descriptor leads to: there the interpreter of a script will open it.
class DescriptorPath {
public:
    ~DescriptorPath() { mm::heap_free(buffer_); }
    DescriptorPath() = default;
    DescriptorPath(const DescriptorPath &) = delete;
    DescriptorPath &operator=(const DescriptorPath &) = delete;

    Result<std::string_view> make(int directory, std::string_view path)
    {
        constexpr size_t Size = MaxPath + 32;
        buffer_ = static_cast<char *>(mm::heap_allocate(Size));
        if (!buffer_) return Errno::NoMemory;
        lib::BufferSink sink({buffer_, Size});
        lib::format(sink, "/dev/fd/{}{}{}", directory, path.empty() ? "" : "/", path);
        return sink.text();
    }

private:
    char *buffer_ = nullptr;
};

// The registers are then the new program's, and the result is what it finds in rax.
Result<void> execute_file(Execution &execution, VirtAddr arguments, VirtAddr environment)
{
    Process &process = current_process();
    size_t allowed = allowed_start_strings(process.limits().soft(Resource::Stack));
    TRY_VOID(read_strings(execution.arguments, arguments, allowed));
    TRY_VOID(read_strings(execution.environment, environment, allowed));
    // A program that is given no name at all gets an empty one (Linux since 5.18).
    if (execution.arguments.count() == 0) TRY_VOID(execution.arguments.append(""));
    const char *problem = nullptr;
    return execute(process, execution, problem);
}

} // namespace

Result<void> execve(VirtAddr path, VirtAddr arguments, VirtAddr environment)
{
    return execveat(at::CurrentDirectory, path, arguments, environment, 0);
}

Result<void> execveat(int directory, VirtAddr path, VirtAddr arguments, VirtAddr environment, uint32_t flags)
{
    PathArgument name;
    TRY_VOID(name.copy(path));
    if (name.text().empty() && !(flags & at::EmptyPath)) return Errno::NoEntry;
    if ((flags & ~(at::EmptyPath | at::SymlinkNoFollow)) != 0) return Errno::Invalid;
    LastLink last = flags & at::SymlinkNoFollow ? LastLink::Keep : LastLink::Follow;
    TRY_LET(file, find_at(directory, name.text(), last, (flags & at::EmptyPath) != 0));
    if (file->is_symbolic_link()) return Errno::TooManyLinks;

    Execution execution;
    execution.file = std::move(file);
    execution.path = name.text();
    DescriptorPath by_descriptor;
    if (directory != at::CurrentDirectory && !name.text().starts_with('/')) {
        execution.path = TRY(by_descriptor.make(directory, name.text()));
        execution.is_closed_on_exec = TRY(current_process().files().close_on_exec(directory));
    }
    return execute_file(execution, arguments, environment);
}

} // namespace kernel::syscalls
