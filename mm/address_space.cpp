// An address space's life: made empty, active on processors, and taken apart by its last user.
#include "mm/address_space.hpp"

#include "mm/anonymous.hpp"
#include "mm/kernel_heap.hpp"
#include "mm/memory_events.hpp"
#include "mm/pool.hpp"

namespace mm {

Result<AddressSpace *> AddressSpace::create()
{
    TRY_VOID(init_zero_page());
    return create_in(*TRY(MemoryObject::create(MemoryObject::Kind::PrivateAnonymous)));
}

// An empty space of this family. Takes over the caller's reference of it, also when there is no memory.
Result<AddressSpace *> AddressSpace::create_in(MemoryObject &family)
{
    auto table = PageTable::create();
    if (!table.ok()) {
        family.drop();
        return table.error();
    }
    auto *space = mm::create<AddressSpace>(*table, family);
    if (space == nullptr) {
        table->destroy();
        family.drop();
        return Errno::NoMemory;
    }
    family.attach(*space);
    return space;
}

// 128 MiB below the end: what map_stack() makes of the default stack limit.
AddressSpace::AddressSpace(PageTable table, MemoryObject &private_memory)
    : page_table_(table), private_memory_(&private_memory), usable_ram_(usable_ram_pages()),
      map_top_(UserEnd - (128 << 20))
{}

bool AddressSpace::share_if_alive()
{
    uint32_t count = references_.load(std::memory_order_relaxed);
    while (count != 0) {
        if (references_.compare_exchange_weak(count, count + 1, std::memory_order_relaxed)) return true;
    }
    return false;
}

void AddressSpace::drop()
{
    if (references_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    if (active() != 0) machine::fail("an address space is freed that is loaded on a processor");
    memory_counters().pgfault += counts_.minor_faults + counts_.major_faults;
    memory_counters().pgmajfault += counts_.major_faults;
    (void)unmap_range({VirtAddr{}, UserEnd}); // whole areas: nothing to split, so nothing that could fail
    page_table_.destroy();
    if (piece_ != nullptr) pool().leave(*piece_);
    private_memory_->detach(*this);
    private_memory_->drop();
    destroy(this);
}

[[gnu::hot]] void AddressSpace::activate()
{
    active_.fetch_or(machine::ProcessorSet{1} << machine::current_processor(), std::memory_order_acq_rel);
    machine::load_root(page_table_.root());
}

// Loading another root makes the processor forget all about this space, so later changes need not tell it.
[[gnu::hot]] void AddressSpace::deactivate()
{
    active_.fetch_and(~(machine::ProcessorSet{1} << machine::current_processor()), std::memory_order_acq_rel);
}

} // namespace mm
