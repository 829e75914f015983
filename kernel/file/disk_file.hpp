// /dev/vda, /dev/vdb …: disks as block special files.
//
// There is no page cache behind them: every read(2) asks the disk, and what write(2) has returned is with the
// disk. A small or unaligned piece costs a whole request, an unaligned write a read before it; and they
// cannot be mapped (ENODEV). Whoever reads a disk byte by byte wants stdio's buffer. O_DIRECT asks for
// nothing more than that alignment be checked.
#pragma once

namespace kernel {

class TreeDirectory;

// One for each disk.
void add_disk_files(TreeDirectory &dev);

} // namespace kernel
