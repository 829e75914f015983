// What a thread keeps in the kernel: arch_prctl, prctl, set_tid_address, set_robust_list, get_robust_list.
#include "kernel/cpu/registers.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/trap/user_copy.hpp"

#include <array>
#include <cstring>

namespace kernel::syscalls {

namespace {

// arch_prctl(2).
namespace arch {
constexpr uint32_t SetGs = 0x1001, SetFs = 0x1002, GetFs = 0x1003, GetGs = 0x1004;
}

// prctl(2).
namespace option {
constexpr uint32_t SetName = 15, GetName = 16, SetHugePagesDisabled = 41, GetHugePagesDisabled = 42;
}
constexpr size_t NameSize = 16; // TASK_COMM_LEN, the final zero included

constexpr uint64_t RobustListHeadSize = 24;

// Up to 15 characters; a longer name is cut, and what lies behind a zero byte is not read
// (strncpy_from_user).
Result<void> set_name(VirtAddr from)
{
    std::array<char, NameSize> name{};
    for (size_t i = 0; i + 1 < NameSize; i++) {
        name[i] = TRY(read_user<char>(from + i));
        if (name[i] == '\0') break;
    }
    current_process().set_name(name.data());
    return {};
}

Result<void> get_name(VirtAddr to)
{
    std::array<char, NameSize> name{};
    std::string_view current = current_process().name();
    std::memcpy(name.data(), current.data(), current.size());
    return write_user(to, name);
}

} // namespace

Result<void> arch_prctl(uint32_t code, VirtAddr address)
{
    Thread &thread = current_thread();
    switch (code) {
    case arch::SetFs:
        if (address >= mm::UserEnd) return Errno::NotPermitted;
        thread.fs_base = address.value();
        write_user_fs_base(address.value());
        return {};
    case arch::SetGs:
        if (address >= mm::UserEnd) return Errno::NotPermitted;
        thread.gs_base = address.value();
        write_user_gs_base(address.value());
        return {};
    case arch::GetFs:
        return write_user(address, read_user_fs_base());
    case arch::GetGs:
        return write_user(address, read_user_gs_base());
    default:
        return Errno::Invalid;
    }
}

Result<int64_t> prctl(uint32_t option, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    switch (option) {
    case option::SetName:
        TRY_VOID(set_name(VirtAddr{a}));
        return int64_t{0};
    case option::GetName:
        TRY_VOID(get_name(VirtAddr{a}));
        return int64_t{0};
    // There are no huge pages; the wish is remembered for whoever asks.
    case option::SetHugePagesDisabled:
        if (b != 0 || c != 0 || d != 0) return Errno::Invalid;
        current_process().huge_pages_disabled = a != 0;
        return int64_t{0};
    case option::GetHugePagesDisabled:
        if (a != 0 || b != 0 || c != 0 || d != 0) return Errno::Invalid;
        return static_cast<int64_t>(current_process().huge_pages_disabled);
    default:
        return Errno::Invalid;
    }
}

int32_t set_tid_address(VirtAddr address)
{
    current_thread().clear_child_tid = address;
    return current_thread().tid;
}

Result<void> set_robust_list(VirtAddr head, uint64_t size)
{
    if (size != RobustListHeadSize) return Errno::Invalid;
    current_thread().robust_list = head;
    return {};
}

Result<void> get_robust_list(int32_t pid, VirtAddr head, VirtAddr size)
{
    Thread *thread = &current_thread();
    if (pid != 0) {
        Process *process = pid > 0 ? find_process(pid) : nullptr;
        if (!process || process->has_ended()) return Errno::NoProcess;
        thread = &process->main_thread();
    }
    VirtAddr list = thread->robust_list;
    TRY_VOID(write_user(size, RobustListHeadSize));
    return write_user(head, list.value());
}

} // namespace kernel::syscalls
