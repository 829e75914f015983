#include "kernel/kernel_stack.hpp"

#include "kernel/cpu/registers.hpp"
#include "kernel/image.hpp"
#include "kernel/kernel_tables.hpp"
#include "lib/spinlock.hpp"
#include "mm/frame_allocator.hpp"

#include <array>
#include <bit>

namespace kernel {

namespace {

constexpr unsigned StackPages = KernelStackSize / mm::PageSize;
constexpr unsigned SlotsPerTable = LargePage / KernelStackSlot; // a level 1 table covers 2 MiB
constexpr unsigned Tables = KernelStackSlots / SlotsPerTable;
constexpr unsigned MaxKept = 4;
static_assert(SlotsPerTable == 64, "one word of the map of slots per table");
static_assert(Tables == 512, "one page directory");

struct Slots {
    mm::PhysAddr directory;
    std::array<uint64_t, Tables> used{}; // bit n of word t: slot n of table t
    std::array<KernelStack, MaxKept> kept{};
    unsigned kept_count = 0;
};
[[gnu::section(".bss.large")]] constinit lib::Guarded<Slots> slots{};

uint64_t *entries_of(Slots &all, unsigned slot)
{
    uint64_t entry = table_entries(all.directory)[slot / SlotsPerTable];
    auto table = mm::PhysAddr{entry}.page_down();
    return table_entries(table) + slot % SlotsPerTable * (KernelStackSlot / mm::PageSize) +
           KernelStackGuard / mm::PageSize;
}

KernelStack stack_in(unsigned slot)
{
    mm::VirtAddr bottom = KernelStacksBase + slot * KernelStackSlot + KernelStackGuard;
    return {bottom, bottom + KernelStackSize};
}

unsigned slot_of(KernelStack stack)
{
    return static_cast<unsigned>((stack.bottom - KernelStacksBase) / KernelStackSlot);
}

lib::Result<unsigned> find_slot(const Slots &all)
{
    for (unsigned table = 0; table < Tables; table++) {
        if (~all.used[table] != 0)
            return table * SlotsPerTable + static_cast<unsigned>(std::countr_one(all.used[table]));
    }
    return lib::Errno::NoMemory;
}

// Gives back the frames of a slot, and its table when nobody else uses it.
void release(Slots &all, unsigned slot)
{
    uint64_t *entries = entries_of(all, slot);
    for (unsigned page = 0; page < StackPages; page++) {
        if (entries[page] == 0) continue;
        mm::PhysAddr frame{entries[page] & 0x000ffffffffff000};
        entries[page] = 0;
        invalidate_translation(stack_in(slot).bottom + page * mm::PageSize);
        mm::frames().free(frame);
    }
    unsigned table = slot / SlotsPerTable;
    all.used[table] &= ~(uint64_t{1} << slot % SlotsPerTable);
    if (all.used[table] != 0) return;
    uint64_t &entry = table_entries(all.directory)[table];
    mm::PhysAddr frame = mm::PhysAddr{entry}.page_down();
    entry = 0;
    // Any translation of the table's range makes the processor forget that the table was there (SDM vol.
    // 3A, 4.10.4.1).
    invalidate_translation(stack_in(slot).bottom);
    mm::frames().free_zeroed(frame);
}

} // namespace

void init_kernel_stacks(mm::PhysAddr root)
{
    static_assert((KernelStacksBase.value() & ((uint64_t{1} << 39) - 1)) == 0,
                  "the stacks begin a level 4 entry");
    mm::PhysAddr pointers = table_below(table_entries(root)[KernelStacksBase.value() >> 39 & 511]);
    slots.lock()->directory = table_below(table_entries(pointers)[0]);
}

lib::Result<KernelStack> allocate_kernel_stack()
{
    auto all = slots.lock();
    if (all->kept_count > 0) return all->kept[--all->kept_count];

    unsigned slot = TRY(find_slot(*all));
    uint64_t &entry = table_entries(all->directory)[slot / SlotsPerTable];
    if (entry == 0) {
        mm::PhysAddr table = TRY(mm::frames().allocate_zeroed(mm::FrameKind::Reserved));
        entry = table.value() | map::Present | map::Writable | map::Accessed;
    }
    all->used[slot / SlotsPerTable] |= uint64_t{1} << slot % SlotsPerTable;
    uint64_t *entries = entries_of(*all, slot);
    for (unsigned page = 0; page < StackPages; page++) {
        auto frame = mm::frames().allocate(mm::FrameKind::Reserved);
        if (!frame.ok()) {
            release(*all, slot);
            return frame.error();
        }
        entries[page] = frame.value().value() | map::ReadWriteData;
    }
    return stack_in(slot);
}

void free_kernel_stack(KernelStack stack)
{
    auto all = slots.lock();
    if (all->kept_count < MaxKept)
        all->kept[all->kept_count++] = stack;
    else
        release(*all, slot_of(stack));
}

void drain_kernel_stacks()
{
    auto all = slots.lock();
    while (all->kept_count > 0) release(*all, slot_of(all->kept[--all->kept_count]));
}

bool is_stack_guard(mm::VirtAddr address)
{
    if (address >= KernelStacksBase && address < KernelStacksBase + KernelStackSlots * KernelStackSlot)
        return (address - KernelStacksBase) % KernelStackSlot < KernelStackGuard;
    struct Guard {
        const char *begin, *end;
    };
    static constexpr Guard guards[] = {{boot_stack_guard, boot_stack_bottom},
                                       {double_fault_stack_guard, double_fault_stack_bottom},
                                       {nmi_stack_guard, nmi_stack_bottom},
                                       {machine_check_stack_guard, machine_check_stack_bottom}};
    for (const Guard &guard : guards) {
        if (address >= address_of(guard.begin) && address < address_of(guard.end)) return true;
    }
    return false;
}

} // namespace kernel
