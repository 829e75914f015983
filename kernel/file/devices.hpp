// The memory devices in /dev (mem(4), null(4), random(4)).
#pragma once

namespace kernel {

class TreeDirectory;

// null, zero, full, random, urandom, and links to the descriptors of whoever asks.
void add_devices(TreeDirectory &dev);

} // namespace kernel
