// Where everything is in the kernel's half of virtual memory. The one place with these numbers; linker.ld and
// boot/entry.asm repeat KernelBase, and static_asserts or the linker hold them to it.
//
//   ffffffff'80000000  kernel image: physical address + KernelBase, linked at +1 MiB
//   ffffe000'00000000  frame descriptors, one mm::Frame a frame, mapped only where there is RAM
//   ffffd000'00000000  kernel stacks: 16 KiB without a mapping (guard), then 16 KiB of stack
//   ffffc000'00000000  device registers, uncached (map_device)
//   ffff8000'00000000  direct map of all RAM: physical address + DirectMapBase
//   00008000'00000000  … not canonical: bits 63 to 47 must be equal (SDM vol. 1, 3.3.7.1)
//   00007fff'fffff000  the user half ends (mm::UserEnd)
#pragma once

#include "mm/address.hpp"

namespace kernel {

inline constexpr mm::VirtAddr DirectMapBase{0xffff800000000000};
inline constexpr uint64_t DirectMapSize = uint64_t{64} << 40; // up to the device window
inline constexpr mm::VirtAddr DeviceWindowBase{0xffffc00000000000};
inline constexpr uint64_t DeviceWindowSize = uint64_t{4} << 20;
inline constexpr mm::VirtAddr KernelStacksBase{0xffffd00000000000};
inline constexpr uint64_t KernelStackSize = 16 << 10;
inline constexpr uint64_t KernelStackGuard = 16 << 10;
inline constexpr uint64_t KernelStackSlot = KernelStackGuard + KernelStackSize;
inline constexpr uint64_t KernelStackSlots = 32768; // 1 GiB of the window: one page directory
inline constexpr mm::VirtAddr FrameArrayBase{0xffffe00000000000};
inline constexpr mm::VirtAddr KernelBase{0xffffffff80000000};
inline constexpr mm::PhysAddr KernelLoadAddress{0x100000};

// Of the image, physical and virtual differ by KernelBase; of everything else in RAM, by DirectMapBase.
inline mm::VirtAddr direct_map(mm::PhysAddr address)
{
    return DirectMapBase + address.value();
}
inline bool is_in_kernel_image(mm::VirtAddr address)
{
    return address >= KernelBase;
}
inline mm::PhysAddr image_physical(mm::VirtAddr address)
{
    return mm::PhysAddr{address - KernelBase};
}
// Of either kind; for devices, which know only physical addresses.
inline mm::PhysAddr physical_of(const void *pointer)
{
    mm::VirtAddr address{reinterpret_cast<uint64_t>(pointer)};
    return is_in_kernel_image(address) ? image_physical(address) : mm::PhysAddr{address - DirectMapBase};
}

} // namespace kernel
