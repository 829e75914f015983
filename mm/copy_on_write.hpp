// Room 4 for a write to a page that is present but not writable, although its area is.
#pragma once

#include "mm/fault.hpp"

namespace mm {

// The page gets a frame of its own, with what the old one held; when the old one is its own already, it just
// becomes writable.
FaultResult copy_on_write(PageFault &fault);

} // namespace mm
