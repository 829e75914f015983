// /dev/vda, /dev/vdb …: disks as block special files.
//
// There is no page cache behind them: every read(2) asks the disk, and what write(2) has returned is with the
// disk. A small or unaligned piece costs a whole request, an unaligned write a read before it; and they
// cannot be mapped (ENODEV). Whoever reads a disk byte by byte wants stdio's buffer. O_DIRECT asks for
// nothing more than that alignment be checked.
#pragma once

#include <cstdint>

namespace kernel {

class BlockDevice;
class Inode;
class TreeDirectory;

// What Debian's kernels give virtio disks: the first dynamic number, and 16 minor numbers for partitions
// each.
inline constexpr uint32_t DiskMajor = 254, MinorsPerDisk = 16;

// One for each disk.
void add_disk_files(TreeDirectory &dev);
// The disk that a block special file stands for; null: it is another kind of file.
BlockDevice *disk_of(const Inode &inode);

} // namespace kernel
