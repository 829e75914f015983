// This processor's area, GDT and TSS. One processor for now; more would each get such a set.
#include "kernel/cpu/cpu_area.hpp"

#include "kernel/cpu/registers.hpp"
#include "kernel/cpu/segments.hpp"
#include "kernel/image.hpp"

namespace kernel {

namespace {

// SDM vol. 3A, 7.7: 64-bit TSS. Packed: the 64-bit fields stand at odd multiples of 4.
struct [[gnu::packed]] TaskState {
    uint32_t reserved0;
    uint64_t rsp[3]; // rsp[0]: the stack for interrupts from user mode
    uint64_t reserved1;
    uint64_t ist[7]; // ist[n - 1] is slot n
    uint64_t reserved2;
    uint16_t reserved3;
    uint16_t io_map_base;
};
static_assert(sizeof(TaskState) == 104);

// SDM vol. 3A, 3.4.5: present, code or data, and for code the 64-bit flag; bases and limits are ignored.
constexpr uint64_t KernelCode = 0x00209b0000000000;
constexpr uint64_t KernelData = 0x0000930000000000;
constexpr uint64_t UserCode = 0x0020fb0000000000;
constexpr uint64_t UserData = 0x0000f30000000000;

struct DescriptorTable {
    uint64_t entries[10];
};

struct [[gnu::packed]] TablePointer {
    uint16_t limit;
    uint64_t base;
};

constinit CpuArea boot_area{};
constinit TaskState boot_task_state{};
constinit DescriptorTable boot_descriptors{};

// A TSS descriptor takes two slots (SDM vol. 3A, figure 7-4).
void set_task_state_descriptor(DescriptorTable &table, const TaskState &state)
{
    uint64_t base = reinterpret_cast<uint64_t>(&state);
    uint64_t low = sizeof(TaskState) - 1;
    low |= (base & 0xffffff) << 16 | uint64_t{0x89} << 40 | (base >> 24 & 0xff) << 56;
    table.entries[TaskStateSelector / 8] = low;
    table.entries[TaskStateSelector / 8 + 1] = base >> 32;
}

// Where the processor starts pushing; there the entry finds the area.
uint64_t interrupt_stack(CpuArea **slot, CpuArea &area)
{
    *slot = &area;
    return reinterpret_cast<uint64_t>(slot);
}

} // namespace

// segments.asm
extern "C" void load_descriptor_table(const TablePointer *pointer);
extern "C" void load_segments(uint64_t code, uint64_t data, uint64_t task_state);

void init_cpu_area()
{
    CpuArea &area = boot_area;
    TaskState &state = boot_task_state;
    DescriptorTable &table = boot_descriptors;

    table.entries[KernelCodeSelector / 8] = KernelCode;
    table.entries[KernelDataSelector / 8] = KernelData;
    table.entries[UserDataSelector / 8] = UserData;
    table.entries[UserCodeSelector / 8] = UserCode;
    set_task_state_descriptor(table, state);

    state.ist[DoubleFaultIst - 1] = interrupt_stack(double_fault_stack_area, area);
    state.ist[NonMaskableIst - 1] = interrupt_stack(nmi_stack_area, area);
    state.ist[MachineCheckIst - 1] = interrupt_stack(machine_check_stack_area, area);
    state.io_map_base = sizeof(TaskState); // no I/O permission map: ports are the kernel's

    TablePointer pointer{sizeof(DescriptorTable) - 1, reinterpret_cast<uint64_t>(&table)};
    load_descriptor_table(&pointer);
    load_segments(KernelCodeSelector, KernelDataSelector, TaskStateSelector);

    // Loading selectors has cleared the GS base, so this comes after.
    area.self = &area;
    write_msr(msr::GsBase, reinterpret_cast<uint64_t>(&area));
    write_msr(msr::KernelGsBase, 0);
    set_kernel_stack(address_of(boot_stack_top).value());
}

[[gnu::hot]] void set_kernel_stack(uint64_t top)
{
    this_cpu().kernel_stack_top = top;
    boot_task_state.rsp[0] = top;
}

} // namespace kernel
