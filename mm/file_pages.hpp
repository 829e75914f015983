// Room 4 for pages of files and of shared anonymous memory: both come from their memory object.
#pragma once

#include "mm/fault.hpp"

namespace mm {

// Shared areas and reads get the object's own frame; a write to a private area, and any page of a flat space,
// gets a copy of it at once.
// BusError past the end of the file (mmap(2), SIGBUS).
FaultResult file_page(PageFault &fault);

} // namespace mm
