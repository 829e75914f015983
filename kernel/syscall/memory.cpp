// mmap, munmap, mprotect, mremap, brk: arguments checked and translated; mm/ does the work.
#include "kernel/file/file_table.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"

namespace kernel::syscalls {

namespace {

// PROT_… and MAP_… (include/uapi/asm-generic/mman-common.h, mman.h).
namespace prot {
constexpr uint64_t Read = 1, Write = 2, Execute = 4, Semaphore = 8;
constexpr uint64_t GrowsDown = 0x01000000, GrowsUp = 0x02000000;
} // namespace prot

namespace map {
constexpr uint64_t Type = 0xf; // one of the next three
constexpr uint64_t Shared = 1, Private = 2, SharedValidate = 3;
constexpr uint64_t Fixed = 0x10, Anonymous = 0x20, Below4GiB = 0x40;
constexpr uint64_t GrowsDown = 0x100, DenyWrite = 0x800, Executable = 0x1000, Locked = 0x2000,
                   NoReserve = 0x4000;
constexpr uint64_t Populate = 0x8000, NonBlocking = 0x10000, Stack = 0x20000, HugePages = 0x40000;
constexpr uint64_t FixedNoReplace = 0x100000, Uninitialized = 0x4000000;
constexpr unsigned HugeShift = 26; // the six bits from here: log2 of the size of huge pages
constexpr uint64_t HugeMask = 0x3f;
constexpr uint64_t Huge2MiB = 21, Huge1GiB = 30;
// What MAP_SHARED_VALIDATE knows (Linux's LEGACY_MAP_MASK).
constexpr uint64_t Known = Shared | Private | Fixed | Anonymous | DenyWrite | Executable | Uninitialized |
                           GrowsDown | Locked | NoReserve | Populate | NonBlocking | Stack | HugePages |
                           Below4GiB | Huge2MiB << HugeShift | Huge1GiB << HugeShift;
} // namespace map

namespace remap {
constexpr uint64_t MayMove = 1, Fixed = 2, DontUnmap = 4;
}

mm::AddressSpace &space()
{
    return *current_thread().space;
}

mm::Protection protection_of(uint64_t bits)
{
    return {.read = (bits & prot::Read) != 0,
            .write = (bits & prot::Write) != 0,
            .execute = (bits & prot::Execute) != 0};
}

// Vitrine has no huge pages: a request for them ends as on a Linux whose pool of them is empty.
Errno huge_page_error(uint64_t length, uint64_t flags)
{
    uint64_t shift = flags >> map::HugeShift & map::HugeMask;
    if (shift != 0 && shift != map::Huge2MiB && shift != map::Huge1GiB) return Errno::Invalid;
    return length == 0 ? Errno::Invalid : Errno::NoMemory;
}

// The part of mmap(2) that is about the file. On return the request says what to map.
Result<void> check_file(const File &file, uint64_t protection, uint64_t flags, mm::MapRequest &request)
{
    Inode &inode = file.inode();
    // How far a file can reach: signed positions for regular ones (Linux: file_mmap_size_max).
    uint64_t end = request.offset + (mm::round_up_to_page(request.length) >> mm::PageShift);
    uint64_t limit = inode.is_regular() ? uint64_t{INT64_MAX} : UINT64_MAX;
    if (end > limit >> mm::PageShift) return Errno::Overflow;
    switch (flags & map::Type) {
    case map::SharedValidate:
        if (flags & ~(map::Known | map::SharedValidate)) return Errno::NotSupported;
        [[fallthrough]];
    case map::Shared:
        if ((protection & prot::Write) && !file.is_writable()) return Errno::AccessDenied;
        request.flags.shared = true;
        request.flags.may_write = file.is_writable();
        break;
    case map::Private:
        break;
    default:
        return Errno::Invalid;
    }
    if (!file.is_readable()) return Errno::AccessDenied;
    if (!inode.maps_as_anonymous())
        request.object = TRY(inode.memory_object(file.is_writable()));
    else
        request.offset = 0;
    // Last of all: seals may be added while the object is made.
    if (auto seals = inode.seals(); seals.ok() && *seals & (seal::Write | seal::FutureWrite)) {
        if (request.flags.shared && (protection & prot::Write)) return Errno::NotPermitted;
        request.flags.may_write &= !request.flags.shared;
    }
    if (flags & map::GrowsDown) return Errno::Invalid;
    return {};
}

Result<void> check_anonymous(uint64_t flags, mm::MapRequest &request)
{
    request.offset = 0;
    switch (flags & map::Type) {
    case map::Shared:
        if (flags & map::GrowsDown) return Errno::Invalid;
        request.flags.shared = true;
        return {};
    case map::Private:
        request.flags.grows_down = (flags & map::GrowsDown) != 0;
        return {};
    default:
        return Errno::Invalid;
    }
}

mm::MapRequest::Placement placement_of(uint64_t flags)
{
    if (flags & map::FixedNoReplace) return mm::MapRequest::Placement::FixedNoReplace;
    if (flags & map::Fixed) return mm::MapRequest::Placement::Fixed;
    return mm::MapRequest::Placement::Anywhere;
}

Result<void> check_place(const mm::MapRequest &request)
{
    if (request.length == 0) return Errno::Invalid;
    uint64_t size = mm::round_up_to_page(request.length);
    if (size == 0 || size > mm::UserEnd.value()) return Errno::NoMemory;
    if (request.placement == mm::MapRequest::Placement::Anywhere) return {};
    if (request.address > mm::UserEnd - size) return Errno::NoMemory;
    if (!request.address.is_page_aligned()) return Errno::Invalid;
    if (request.placement == mm::MapRequest::Placement::Fixed) return {};
    const mm::VmArea *area = space().areas().first_ending_above(request.address);
    return area && area->range.begin < request.address + size ? Errno::Exists : Result<void>{};
}

} // namespace

Result<VirtAddr> mmap(VirtAddr address, uint64_t length, uint64_t protection, uint64_t flags,
                      uint32_t descriptor, uint64_t offset)
{
    if (offset % mm::PageSize != 0) return Errno::Invalid;
    mm::MapRequest request;
    request.address = address;
    request.length = length;
    request.protection = protection_of(protection);
    request.placement = placement_of(flags);
    request.offset = offset >> mm::PageShift;
    request.flags.no_reserve = (flags & map::NoReserve) != 0;
    request.flags.locked = (flags & map::Locked) != 0;
    request.populate = request.flags.locked || (flags & (map::Populate | map::NonBlocking)) == map::Populate;

    Ref<File> file;
    if (!(flags & map::Anonymous)) {
        TRY_LET(found, current_process().files().find(static_cast<int>(descriptor)));
        file = std::move(found);
        if (flags & map::HugePages) return Errno::Invalid;
    } else if (flags & map::HugePages) {
        return huge_page_error(length, flags);
    }
    // The order is Linux's (do_mmap): what is wrong with the numbers comes before what is wrong with the
    // file.
    TRY_VOID(check_place(request));
    if (file)
        TRY_VOID(check_file(*file, protection, flags, request));
    else
        TRY_VOID(check_anonymous(flags, request));
    return space().map(request);
}

Result<void> munmap(VirtAddr address, uint64_t length)
{
    return space().unmap(address, length);
}

Result<void> mprotect(VirtAddr address, uint64_t length, uint64_t protection)
{
    constexpr uint64_t Known = prot::Read | prot::Write | prot::Execute | prot::Semaphore;
    auto extent = mm::ProtectExtent::AsGiven;
    if (uint64_t grows = protection & (prot::GrowsDown | prot::GrowsUp)) {
        if (grows == (prot::GrowsDown | prot::GrowsUp)) return Errno::Invalid;
        extent = grows == prot::GrowsDown ? mm::ProtectExtent::GrowsDown : mm::ProtectExtent::GrowsUp;
        protection &= ~grows;
    }
    if (protection & ~Known) [[unlikely]] {
        // Linux looks at the range first (do_mprotect_pkey).
        if (!address.is_page_aligned()) return Errno::Invalid;
        if (length == 0) return {};
        if ((address + mm::round_up_to_page(length)) <= address) return Errno::NoMemory;
        return Errno::Invalid;
    }
    return space().protect(address, length, protection_of(protection), extent);
}

Result<VirtAddr> mremap(VirtAddr old_address, uint64_t old_size, uint64_t new_size, uint64_t flags,
                        VirtAddr new_address)
{
    if (flags & ~(remap::MayMove | remap::Fixed | remap::DontUnmap)) return Errno::Invalid;
    if ((flags & remap::Fixed) && !(flags & remap::MayMove)) return Errno::Invalid;
    if ((flags & remap::DontUnmap) && (!(flags & remap::MayMove) || old_size != new_size))
        return Errno::Invalid;
    return space().remap({.old_address = old_address,
                          .old_size = old_size,
                          .new_size = new_size,
                          .may_move = (flags & remap::MayMove) != 0,
                          .fixed = (flags & remap::Fixed) != 0,
                          .dont_unmap = (flags & remap::DontUnmap) != 0,
                          .new_address = new_address});
}

VirtAddr brk(VirtAddr wanted)
{
    return space().set_break(wanted);
}

} // namespace kernel::syscalls
