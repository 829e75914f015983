// Room 3 of a page fault's life: find the area, check permission, classify (docs/page-fault.md walks all
// five).
#pragma once

#include "mm/address.hpp"
#include "mm/page_table.hpp"

namespace mm {

class AddressSpace;
class VmArea;

enum class Access : uint8_t { Read, Write, Execute };

// What the processor said, without its registers: kernel/trap/page_fault makes this from CR2 and the error
// code.
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

// What room 3 hands to room 4 (mm/anonymous, copy_on_write, file_pages): a permitted access to `page` of
// `area`, whose entry in the page table is `slot`. Room 4 obtains a frame; the functions below are its door
// to room 5.
struct PageFault {
    AddressSpace &space;
    VmArea &area;
    VirtAddr page;
    Access access;
    EntrySlot slot;

    // Fills the empty entry with a frame. The entry takes over the caller's reference.
    void install(PhysAddr frame, bool writable);
    // Exchanges the entry's frame for another; the processors forget the old one before it loses its
    // reference.
    void replace(PhysAddr frame, bool writable);
    // The entry's own frame becomes writable.
    void allow_writing();
    // Fills the empty entry with the shared zero page.
    void install_zero_page();
    // The entry allows writing already: it gets the bits that the processor would set. Who then writes
    // through a window, which no processor notices, relies on them.
    void mark_written();

    // A new frame, with undefined contents, that is this page's own (anonymous, private).
    Result<PhysAddr> allocate_private_frame();
    // Whether the frame is this page's own and nobody else uses it.
    bool is_exclusive(PhysAddr frame) const;

private:
    PageTableEntry leaf(PhysAddr frame, bool writable) const;
};

} // namespace mm
