// Room 2 of a page fault's life: what the processor said becomes a value, and what memory answers becomes a
// return, a signal or a panic. The only room that knows registers and signals; nearly every fault takes
// page_fault() alone.
#include "kernel/cpu/registers.hpp"
#include "kernel/process/out_of_memory.hpp"
#include "kernel/process/recording.hpp"
#include "kernel/process/thread.hpp"
#include "kernel/signal/signal.hpp"
#include "kernel/trap/trap.hpp"
#include "mm/fault.hpp"

namespace kernel {

namespace {

mm::Access access_of(uint64_t error)
{
    if (error & page_fault_error::Instruction) return mm::Access::Execute;
    return error & page_fault_error::Write ? mm::Access::Write : mm::Access::Read;
}

SignalInfo signal_for(const mm::Fault &fault, mm::FaultResult result, uint64_t error)
{
    // What is mapped in the kernel's half is not the program's business (Linux, sanitize_error_code).
    if (fault.address >= mm::UserEnd) error |= page_fault_error::Present;
    SignalInfo info{.signal = Signal::Segmentation,
                    .origin = SignalInfo::Origin::PageFault,
                    .code = signal_code::SegvMapError,
                    .address = fault.address,
                    .fault = fault,
                    .result = result,
                    .exception = static_cast<uint8_t>(Exception::PageFault),
                    .error_code = error | page_fault_error::User};
    if (result == mm::FaultResult::Denied) info.code = signal_code::SegvAccessError;
    if (result == mm::FaultResult::BusError) {
        info.signal = Signal::Bus;
        info.code = signal_code::BusAddress;
    }
    return info;
}

mm::Fault describe(mm::VirtAddr address, uint64_t error)
{
    return {.address = address,
            .access = access_of(error),
            .user = (error & page_fault_error::User) != 0,
            .present = (error & page_fault_error::Present) != 0};
}

[[gnu::noinline]] void unresolved(TrapFrame &frame, const mm::Fault &fault, mm::FaultResult result)
{
    switch (result) {
    case mm::FaultResult::NoMemory:
        if (make_room_for(fault)) return; // another program has ended: the instruction is tried again
        break;
    case mm::FaultResult::Interrupted:
        break; // the signal that ends the program is on its way already
    default:
        // A system call that was given a bad address answers EFAULT, and the program goes on.
        if (fault.user) force_signal(signal_for(fault, result, frame.error_code));
    }
    if (!fault.user) recover_from_user_copy(frame);
}

// The processor has touched memory with its own rights, not the program's, to execute an instruction of the
// program (an implicit supervisor-mode access, SDM vol. 3A, 4.6.1). It should be a table of the kernel's
// only; but QEMU 7.2 reads the stack of a program's far return (LRET, IRET) that way, and then SMAP refuses
// it. Whatever it was, the program asked for it.
[[gnu::noinline]] void implicit_access(TrapFrame &frame)
{
    if (frame.error_code & page_fault_error::ReservedBit) panic_unhandled(frame);
    mm::Fault fault = describe(read_cr2(), frame.error_code);
    fault.user = true;
    auto result = mm::FaultResult::Denied;
    if (!fault.present) result = mm::handle_fault(*current_thread().space, fault);
    if (result != mm::FaultResult::Resolved) unresolved(frame, fault, result);
}

// What is neither a program's access nor corrupted tables must be user_copy.asm on behalf of a program: the
// kernel touches user memory nowhere else, and its own memory never faults.
[[gnu::noinline]] void kernel_fault(TrapFrame &frame)
{
    mm::Fault fault = describe(read_cr2(), frame.error_code);
    Thread &thread = current_thread();
    bool expected = !(frame.error_code & page_fault_error::ReservedBit) && fault.address < mm::UserEnd &&
                    is_user_copy(frame.rip) && thread.space != nullptr;
    if (!expected) panic_unhandled(frame);
    send_recorded(); // one copy may fault more often than there is room for
    thread.last_fault_rip = frame.rip;
    mm::FaultResult result = mm::handle_fault(*thread.space, fault);
    if (result != mm::FaultResult::Resolved) unresolved(frame, fault, result);
}

} // namespace

extern "C" void page_fault(TrapFrame &frame)
{
    uint64_t error = frame.error_code;
    constexpr uint64_t Mask = page_fault_error::User | page_fault_error::ReservedBit;
    if ((error & Mask) != page_fault_error::User) [[unlikely]]
        return frame.from_user() ? implicit_access(frame) : kernel_fault(frame);

    Thread &thread = current_thread();
    thread.last_fault_rip = frame.rip;
    mm::Fault fault = describe(read_cr2(), frame.error_code);
    mm::FaultResult result = mm::handle_fault(*thread.space, fault);
    if (result != mm::FaultResult::Resolved) [[unlikely]]
        unresolved(frame, fault, result);
}

} // namespace kernel
