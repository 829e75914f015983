// Disks as swap areas: taking them into use and out of it again, for swapon(2), swapoff(2) and the option
// swap=.
#pragma once

#include "kernel/file/inode.hpp"

#include <string_view>

namespace kernel {

// Takes the disk into use that the inode stands for; mkswap(8) has been there. `priority`: negative for the
// next lower one (mm::add_swap_area). Sleeps while it reads the header. Afterwards the log says what there
// is, or `why` what is wrong, in a few words: Invalid (not a disk, or no swap area on it), AccessDenied (a
// read-only disk), Busy, NotPermitted (too many areas), InputOutput, NoMemory.
Result<void> swap_on(const Inode &inode, int priority, std::string_view &why);

// Brings everything back and leaves the disk alone. May sleep for a long time. Invalid: it is not in use;
// NoMemory, InputOutput (a page could not be read), Interrupted: it still is.
Result<void> swap_off(const Inode &inode);

// What the options asked for: one that cannot be used stops the kernel. After the disks and /dev.
void start_swap();
// No program is left, and no page on its way: all areas are given up, those that the options asked for and
// those that programs have taken into use, with what they keep count of. A slot that somebody uses even so is
// told as an error.
void stop_swap();

} // namespace kernel
