// Room 3 of a page fault's life: find the area, check permission, classify (docs/page-fault.md walks all five).
#pragma once

#include "mm/address.hpp"

namespace mm {

class AddressSpace;

enum class Access : uint8_t { Read, Write, Execute };

// What the processor said, without its registers: kernel/trap/page_fault makes this from CR2 and the error code.
struct Fault {
    VirtAddr address;
    Access access;
    bool user;    // from user mode; false: the kernel, on the program's behalf (user_copy)
    bool present; // a translation was there and forbade the access
};

enum class FaultResult : uint8_t {
    Resolved,  // try again
    NotMapped, // no area there: SIGSEGV, SEGV_MAPERR
    Denied,    // the area forbids it: SIGSEGV, SEGV_ACCERR
    BusError,  // past the end of a file, or the disk failed: SIGBUS
    NoMemory,  // no frame: the program is ended
};

// Never sleeps now; when it will (swap), it looks everything up again afterwards.
FaultResult handle_fault(AddressSpace &space, const Fault &fault);

} // namespace mm
