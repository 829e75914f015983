// virtio-blk: disks of a virtual machine (virtio 1.1, 5.2), modern PCI, one queue, completion by interrupt.
#pragma once

namespace kernel {

// Finds all of them and makes those that work disks (disks.hpp); of the others the log says what is wrong.
void add_virtio_disks();

} // namespace kernel
