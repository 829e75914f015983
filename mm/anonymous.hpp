// Room 4 for private anonymous memory that was not touched yet.
#pragma once

#include "mm/fault.hpp"

namespace mm {

// Writing gets a frame of zeros; reading gets the shared zero page, and a frame only when it is written one
// day. In a flat space each page has the frame that lies there.
FaultResult anonymous_page(PageFault &fault);

// The one frame of zeros that stands for all pages that were only read. In entries it carries
// PageTableEntry::ZeroPage, is never writable and never counted.
PhysAddr zero_page();
// Allocates it, the first time. NoMemory.
Result<void> init_zero_page();
// For tests: forgets it, as the machine it was allocated from is gone.
void reset_zero_page();

} // namespace mm
