// The simulated machine behind mm/machine.hpp: physical memory is an array of bytes, each processor has a
// TLB, and whoever breaks a rule of real hardware hears about it at once.
//
// A test resets the machine, says which processor it is, and makes user accesses. An access walks the page
// table's real bytes, sets Accessed and Dirty, and is cached in the processor's TLB, which forgets nothing by
// itself. These are failures (exceptions of type Failure, with a sentence):
//  - a cached translation that gives more than the page table still does, when it is used or at audit();
//  - a frame that is freed or refilled while a processor can still reach it, as a page or as a page table;
//  - an entry that leads to a free frame or to where no RAM is;
//  - machine::fail(): an invariant that mm/ itself found broken.
#pragma once

#include "mm/fault.hpp"
#include "mm/frame.hpp"
#include "mm/machine.hpp"

#include <array>
#include <stdexcept>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace host {

struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// RAM, in frames.
struct RamRange {
    uint64_t first;
    uint64_t count;
};

class Machine {
public:
    // 16 MiB from the first MiB on: what a small test needs.
    static constexpr RamRange SmallRam{256, 4096};

    // A new machine: only this RAM, all zeros; frame allocator and kernel heap forget everything and are
    // given all of it. Processor 0 is current, no processor has a page table loaded.
    void reset(const std::vector<RamRange> &ram = {SmallRam});
    // The same, but the allocator is given nothing.
    void reset_without_frames(const std::vector<RamRange> &ram);

    // Which processor executes what the test calls next.
    unsigned processor = 0;

    // User mode reads, writes or executes one byte, on the current processor, which must have `root` loaded.
    // False: a page fault, described by last_fault().
    bool read(mm::PhysAddr root, mm::VirtAddr address, uint8_t &value);
    bool write(mm::PhysAddr root, mm::VirtAddr address, uint8_t value);
    bool execute(mm::PhysAddr root, mm::VirtAddr address);
    // The same without a value: the physical address through which it went is in last_physical().
    bool access(mm::PhysAddr root, mm::VirtAddr address, mm::Access access);
    const mm::Fault &last_fault() const { return last_fault_; }
    mm::PhysAddr last_physical() const { return last_physical_; }

    // What the current processor has loaded. Without a root it runs on the kernel's own tables, which is how
    // it leaves the last address space.
    mm::PhysAddr loaded_root() const { return processors_[processor].root; }
    void unload_root() { load_root(mm::PhysAddr{}); }

    // Fails if any processor's TLB holds a translation that its page table does not allow any more: between
    // operations there must be none, used or not.
    void audit() const;
    // Cached translations of the current processor.
    size_t cached_translations() const { return processors_[processor].tlb.size(); }
    bool has_cached(mm::VirtAddr page) const { return processors_[processor].tlb.contains(page.page()); }

    // How often mm/ asked for these since reset().
    struct Calls {
        uint64_t invalidate_page = 0, invalidate_all = 0, zero_frame = 0, copy_frame = 0;
    };
    Calls calls;

    // ---- The other side: mm/machine.hpp's functions end here.
    void load_root(mm::PhysAddr root);
    void invalidate(mm::PhysAddr root, mm::machine::ProcessorSet active, const mm::VirtAddr *page);
    // `frame` is about to be freed or refilled: nobody may be able to reach it.
    void check_unreachable(mm::PhysAddr frame, const char *doing) const;
    // `frame` is about to be copied elsewhere, and is clean from then on: a processor that writes to it must
    // walk the page table first, which shows in the entry or is a fault.
    void check_writes_are_seen(mm::PhysAddr frame, const char *doing) const;

private:
    // A translation as the processor keeps it: the permissions of all levels together.
    struct Translation {
        uint64_t frame = 0;
        bool writable = false, executable = false, dirty = false;
    };
    struct Walk {
        bool present = false;
        bool user = false;
        Translation translation;
        uint64_t *leaf = nullptr;
        std::array<uint64_t, 4> tables{}; // frame numbers, root first
    };
    struct Processor {
        mm::PhysAddr root;
        std::unordered_map<uint64_t, Translation> tlb; // by page number
        std::unordered_set<uint64_t> tables;           // in the paging-structure caches, by frame number
    };

    Walk walk(mm::PhysAddr root, mm::VirtAddr address, bool as_processor) const;
    void check(const Processor &processor, uint64_t page, const Translation &cached) const;
    void forget_all(Processor &processor);
    void forget(Processor &processor, uint64_t page);
    bool fault(mm::VirtAddr address, mm::Access access, bool present);

    std::vector<RamRange> ram_;
    std::array<Processor, mm::machine::MaxProcessors> processors_;
    std::unordered_map<uint64_t, unsigned> translations_to_; // frame number -> entries in all TLBs
    mm::Fault last_fault_{};
    mm::PhysAddr last_physical_;
};

// The one machine of the test program.
Machine &machine();

} // namespace host
