// Room 3 of a page fault's life: find the area, check permission, classify (docs/page-fault.md walks all
// five).
#pragma once

#include "mm/address.hpp"
#include "mm/page_table.hpp"

namespace mm {

class AddressSpace;
class MemoryObject;
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
    NoMemory,  // no frame, and none can be made free: some program is ended
    // The thread is dying and waits for nothing any more: the signal is on its way.
    Interrupted,
    // Never leaves mm/: the page is on its way from disk, or has no way to start on; handle_fault() waits.
    Waits,
};

// May sleep, when the page is on disk or no frame is free; then everything is looked up again afterwards. The
// caller holds no lock.
FaultResult handle_fault(AddressSpace &space, const Fault &fault);

// What room 3 hands to room 4 (mm/anonymous, copy_on_write, file_pages, swap_in): a permitted access to
// `page` of `area`, whose entry in the page table is `slot`. Room 4 obtains a frame; the functions below are
// its door to room 5.
struct PageFault {
    AddressSpace &space;
    VmArea &area;
    VirtAddr page;
    Access access;
    EntrySlot slot;

    // Fills the empty entry with a frame. The entry takes over the caller's reference.
    void install(PhysAddr frame, bool writable);
    // The same for a page that the program has not asked for.
    void install_unused(PhysAddr frame, bool writable);
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
    // The entry, which holds a slot, leads to the page's frame again. `used`: it is what the program wanted,
    // not one that came along.
    void take_back(uint32_t frame, bool used);
    // The same kind of fault, reading, at another page of the area that has an entry.
    PageFault neighbour(VirtAddr other) const;
    // The same, `pages` further on, where the entry may be empty. Of the same table.
    PageFault following(uint64_t pages) const;
    // What this area's private pages belong to.
    MemoryObject *private_memory() const;

private:
    PageTableEntry leaf(PhysAddr frame, bool writable) const;
};

} // namespace mm
