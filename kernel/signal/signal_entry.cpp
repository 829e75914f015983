// How a handler is entered (signal_entry.hpp; Linux, x64_setup_rt_frame).
#include "kernel/signal/signal_entry.hpp"

#include "kernel/cpu/fpu.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/cpu/segments.hpp"
#include "kernel/process/thread.hpp"
#include "kernel/signal/signal_frame.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel {

namespace {

// The state that is in the registers, as FXSAVE or XSAVE writes it, with what Linux adds. While a copy
// sleeps, the switch to another thread saves the same state to the same place again.
Result<void> write_vector_state(mm::VirtAddr to, void *state)
{
    const VectorFormat &format = vector_format();
    save_vector_state(state);
    if (!format.by_xsave()) return copy_to_user(to, state, format.size);

    constexpr size_t NoteAt = VectorFormat::SoftwareBytes, HeaderAt = VectorFormat::PresentComponents;
    const auto *bytes = static_cast<const std::byte *>(state);
    uint64_t present;
    __builtin_memcpy(&present, bytes + HeaderAt, sizeof present);
    present |= VectorFormat::X87 | VectorFormat::Sse; // they are written, in use or not
    VectorStateNote note{.magic = VectorStateNote::Magic1,
                         .extended_size = static_cast<uint32_t>(format.size + sizeof(uint32_t)),
                         .components = format.components,
                         .size = static_cast<uint32_t>(format.size)};
    TRY_VOID(copy_to_user(to, bytes, NoteAt));
    TRY_VOID(write_user(to + NoteAt, note));
    TRY_VOID(write_user(to + HeaderAt, present));
    TRY_VOID(copy_to_user(to + HeaderAt + sizeof present, bytes + HeaderAt + sizeof present,
                          format.size - HeaderAt - sizeof present));
    return write_user(to + format.size, VectorStateNote::Magic2);
}

size_t vector_bytes()
{
    const VectorFormat &format = vector_format();
    return format.size + (format.by_xsave() ? sizeof VectorStateNote::Magic2 : 0);
}

} // namespace

bool enter_handler(TrapFrame &frame, const SignalInfo &info, const SignalAction &action, SignalSet mask)
{
    Thread &thread = current_thread();
    if (!(action.flags & SignalAction::HasRestorer)) return false;
    auto place = place_signal_frame(frame.rsp, thread.alternate_stack,
                                    action.flags & SignalAction::OnAlternateStack, vector_bytes());
    if (!place) return false;
    if (!write_vector_state(mm::VirtAddr{place->vector_state}, thread.vector_state).ok()) return false;

    SignalFrame written{};
    written.restorer = action.restorer;
    written.context.flags = (vector_format().by_xsave() ? UserContext::HasXsave : 0) |
                            UserContext::HasStackSegment | UserContext::StrictSegment;
    written.context.stack = thread.alternate_stack.kept();
    written.context.registers = save_registers(frame, thread.last_trap, mask);
    written.context.registers.vector_state = place->vector_state;
    written.context.mask = mask.raw();
    written.info = info.to_user();
    bool wants_info = action.flags & SignalAction::WantsInfo;
    size_t bytes = wants_info ? sizeof written : offsetof(SignalFrame, info);
    if (!copy_to_user(mm::VirtAddr{place->frame}, &written, bytes).ok()) return false;

    reset_vector_state(thread.vector_state);
    restore_vector_state(thread.vector_state);
    frame.rdi = static_cast<uint64_t>(info.signal);
    frame.rsi = place->frame + offsetof(SignalFrame, info);
    frame.rdx = place->frame + offsetof(SignalFrame, context);
    frame.rax = 0; // no vector registers are used, if it was declared without arguments (ABI, 3.5.7)
    frame.rip = action.handler;
    frame.rsp = place->frame;
    frame.cs = UserCodeSelector;
    frame.ss = UserDataSelector;
    frame.rflags &= ~(rflags::Direction | rflags::Trap | rflags::Resume);
    frame.leave_syscall();
    return true;
}

} // namespace kernel
