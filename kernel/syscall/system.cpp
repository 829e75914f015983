// uname, sysinfo, getrandom, getcpu.
#include "kernel/cpu/clock.hpp"
#include "kernel/file/proc.hpp"
#include "kernel/process/activity.hpp"
#include "kernel/process/process.hpp"
#include "kernel/random.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/system_name.hpp"
#include "kernel/trap/user_copy.hpp"
#include "mm/frame_allocator.hpp"
#include "mm/swap.hpp"

#include <cstring>

namespace kernel::syscalls {

namespace {

// struct new_utsname.
struct UserName {
    char system[65], host[65], release[65], version[65], machine[65], domain[65];
};

template <size_t Size> void set(char (&to)[Size], std::string_view text)
{
    static_assert(Size == 65);
    std::memcpy(to, text.data(), text.size());
}

// struct sysinfo.
struct UserInformation {
    int64_t uptime;
    uint64_t loads[3];
    uint64_t total_ram, free_ram, shared_ram = 0, buffer_ram = 0, total_swap = 0, free_swap = 0;
    uint16_t processes;
    uint16_t padding = 0;
    uint32_t padding_before_high = 0;
    uint64_t total_high = 0, free_high = 0;
    uint32_t unit = 1;
    uint32_t padding_at_end = 0;
};
static_assert(sizeof(UserInformation) == 112);
constexpr unsigned SystemLoadShift = 16; // SI_LOAD_SHIFT: fixed point

// getrandom(2).
constexpr uint32_t NonBlocking = 1, FromRandom = 2, Insecure = 4;
constexpr uint64_t MaxTransfer = 0x7ffff000;

} // namespace

Result<void> uname(VirtAddr name)
{
    UserName result{};
    set(result.system, system_name::System);
    set(result.host, system_name::Host);
    set(result.release, system_name::Release);
    set(result.version, system_name::Version);
    set(result.machine, system_name::Machine);
    set(result.domain, system_name::Domain);
    return write_user(name, result);
}

Result<void> sysinfo(VirtAddr information)
{
    LoadAverages load = load_averages();
    constexpr unsigned Shift = SystemLoadShift - LoadShift;
    uint64_t nanoseconds = clock_nanoseconds();
    mm::SwapStatistics swap = mm::swap_statistics();
    UserInformation result{.uptime = static_cast<int64_t>((nanoseconds + 999'999'999) /
                                                          1'000'000'000), // begun seconds, as on Linux
                           .loads = {load[0] << Shift, load[1] << Shift, load[2] << Shift},
                           .total_ram = mm::usable_ram_pages() << mm::PageShift,
                           .free_ram = proc::memory_use().free << mm::PageShift,
                           .total_swap = swap.total << mm::PageShift,
                           .free_swap = swap.free << mm::PageShift,
                           .processes = static_cast<uint16_t>(process_count())};
    return write_user(information, result);
}

Result<uint64_t> getrandom(VirtAddr buffer, uint64_t size, uint32_t flags)
{
    if (flags & ~(NonBlocking | FromRandom | Insecure)) return Errno::Invalid;
    if ((flags & FromRandom) && (flags & Insecure)) return Errno::Invalid;
    UserBuffer to(buffer, size < MaxTransfer ? size : MaxTransfer);
    if (!to.is_in_user_half()) return Errno::BadAddress;
    return random_to_user(to);
}

Result<void> getcpu(VirtAddr processor, VirtAddr node)
{
    if (processor != VirtAddr{}) TRY_VOID(write_user(processor, this_cpu().index));
    if (node != VirtAddr{}) return write_user(node, uint32_t{0});
    return {};
}

} // namespace kernel::syscalls
