// rt_sigreturn(2), the way back from a handler. The frame is memory of the program's, which may have written
// anything there: all is checked before the processor sees it (signal_entry.hpp; Linux, rt_sigreturn and
// fpu__restore_sig).
#include "kernel/cpu/fpu.hpp"
#include "kernel/process/thread.hpp"
#include "kernel/signal/signal_entry.hpp"
#include "kernel/signal/signal_frame.hpp"
#include "kernel/trap/user_copy.hpp"

#include <cstring>

namespace kernel {

namespace {

struct VectorImage {
    alignas(VectorStateAlignment) std::byte bytes[MaxVectorStateSize]{};
};

// Whether all of the state is there, or only what FXSAVE writes: programs may leave frames of their own with
// the smaller one.
Result<bool> has_whole_state(mm::VirtAddr from, const VectorStateNote &note)
{
    if (note.magic != VectorStateNote::Magic1 || note.size < VectorFormat::HeaderEnd ||
        note.size > vector_format().size || note.size > note.extended_size)
        return false;
    return TRY(read_user<uint32_t>(from + note.size)) == VectorStateNote::Magic2;
}

// By XSAVE's format. The part behind the header is read only when it will be used.
Result<void> read_xsave_image(VectorImage &image, mm::VirtAddr from)
{
    const VectorFormat &format = vector_format();
    auto note = TRY(read_user<VectorStateNote>(from + VectorFormat::SoftwareBytes));
    bool whole = TRY(has_whole_state(from, note));
    uint64_t alignment = whole ? VectorStateAlignment : 16;
    if (from.value() % alignment != 0) return Errno::BadAddress;
    TRY_VOID(copy_from_user(image.bytes, from, whole ? VectorFormat::HeaderEnd : VectorFormat::LegacySize));
    if (whole) {
        uint64_t present;
        std::memcpy(&present, image.bytes + VectorFormat::PresentComponents, sizeof present);
        if (present & note.components & VectorFormat::Avx)
            TRY_VOID(copy_from_user(image.bytes + VectorFormat::HeaderEnd, from + VectorFormat::HeaderEnd,
                                    format.size - VectorFormat::HeaderEnd));
    }
    if (!prepare_vector_image({image.bytes, format.size}, format, note.components, !whole))
        return Errno::BadAddress;
    return {};
}

Result<void> restore_vector_state_from(mm::VirtAddr from)
{
    const VectorFormat &format = vector_format();
    Thread &thread = current_thread();
    VectorImage image;
    if (from == mm::VirtAddr{}) {
        reset_vector_state(image.bytes);
    } else if (format.by_xsave()) {
        TRY_VOID(read_xsave_image(image, from));
    } else {
        if (from.value() % 16 != 0) return Errno::BadAddress;
        TRY_VOID(copy_from_user(image.bytes, from, format.size));
        if (!prepare_vector_image({image.bytes, format.size}, format, 0, true)) return Errno::BadAddress;
    }
    std::memcpy(thread.vector_state, image.bytes, format.size);
    restore_vector_state(thread.vector_state);
    return {};
}

} // namespace

Result<void> return_from_handler(TrapFrame &frame)
{
    Thread &thread = current_thread();
    // The handler's RET has taken the restorer's address.
    auto context = TRY(read_user<UserContext>(mm::VirtAddr{frame.rsp}));
    frame.leave_syscall();
    thread.restart = {}; // what a handler has interrupted stays interrupted
    set_signal_mask(thread, SignalSet{context.mask});
    if (!restore_registers(frame, context.registers, context.flags)) return Errno::BadAddress;
    TRY_VOID(restore_vector_state_from(mm::VirtAddr{context.registers.vector_state}));
    // One that may not be set is not set (Linux, restore_altstack).
    (void)thread.alternate_stack.set(context.stack, frame.rsp);
    return {};
}

} // namespace kernel
