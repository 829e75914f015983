#include "kernel/process/exec.hpp"

#include "kernel/cpu/fpu.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/cpu/segments.hpp"
#include "kernel/file/file_table.hpp"
#include "kernel/process/fork.hpp"
#include "kernel/process/piece.hpp"
#include "kernel/process/program_loader.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/process/script.hpp"
#include "kernel/process/start_stack.hpp"
#include "kernel/signal/process_timers.hpp"
#include "mm/address_space.hpp"

namespace kernel {

namespace {

// How much of a stack that cannot grow arguments and environment may take: what Linux leaves them of a large
// one.
constexpr uint64_t StackPartForStrings = 4;

struct NewProgram {
    ImageLayout layout;
    mm::VirtAddr stack_pointer;
};

// The stack grows by faults, from the end of the user half down to its limit; all else comes below it.
Result<StartStack> plan_growing_stack(const mm::AddressSpace &space, const Execution &execution,
                                      const ProgramFile &file, StackPlace &place, const char *&problem)
{
    uint64_t limit = space.limits.stack;
    StartStack stack = TRY(plan_start_stack(execution, StackTop, allowed_start_strings(limit)));
    place = {StackTop, stack.area_size(limit)};
    TRY_VOID(file.check_place(place.size + mm::StackGuardGap, problem));
    return stack;
}

// memory=pool: the space moves into a piece that has room for all, with the stack at its end.
Result<StartStack> plan_piece(mm::AddressSpace &space, Pid pid, const Execution &execution,
                              const ProgramFile &file, StackPlace &place, const char *&problem)
{
    PieceParts parts = piece_parts_above_image();
    TRY_VOID(file.check_place(parts.pages() << mm::PageShift, problem));
    parts.image = file.image().pages();
    mm::PoolExtent *piece = TRY(take_piece(parts, pid, execution.path, problem));
    if (auto moved = space.live_in(*piece, file.image().begin); !moved.ok()) {
        mm::pool().give_back(*piece);
        return moved.error();
    }
    place = {space.flat_range().end, parts.stack << mm::PageShift};
    return plan_start_stack(execution, place.top, place.size / StackPartForStrings);
}

Result<NewProgram> build(mm::AddressSpace &space, Pid pid, const Execution &execution, const char *&problem)
{
    ProgramFile file(*execution.file);
    TRY_VOID(file.read(problem));
    StackPlace place;
    StartStack stack = TRY(mm::pool().exists() ? plan_piece(space, pid, execution, file, place, problem)
                                               : plan_growing_stack(space, execution, file, place, problem));
    LoadedImage image = TRY(load_image(space, file, place));
    TRY_VOID(write_start_stack(space, stack, execution, image));

    NewProgram program;
    program.stack_pointer = stack.stack_pointer;
    program.layout = {.code_begin = image.code_begin,
                      .code_end = image.code_end,
                      .data_begin = image.data_begin,
                      .data_end = image.data_end,
                      .stack_begin = stack.stack_pointer,
                      .argument_begin = stack.arguments,
                      .argument_end = stack.arguments_end,
                      .environment_begin = stack.environment,
                      .environment_end = stack.environment_end,
                      .auxiliary_begin = stack.auxiliary,
                      .auxiliary_end = stack.auxiliary_end,
                      .entry = image.entry};
    return program;
}

// The general registers are zero, rdx among them: libc takes it for a function to call at exit (ABI, 3.4.1).
void set_registers(Thread &thread, const NewProgram &program)
{
    TrapFrame &frame = thread.trap_frame();
    frame = {};
    frame.rip = program.layout.entry.value();
    frame.rsp = program.stack_pointer.value();
    frame.cs = UserCodeSelector;
    frame.ss = UserDataSelector;
    frame.rflags = rflags::Reserved1 | rflags::Interrupt;
    reset_vector_state(thread.vector_state);
    thread.fs_base = 0;
    thread.gs_base = 0;
    if (&thread != &current_thread()) return;
    restore_vector_state(thread.vector_state);
    write_user_fs_base(0);
    write_user_gs_base(0);
}

// What a thread has told the kernel about its old memory (execve(2)).
void forget_old_program(Thread &thread)
{
    thread.alternate_stack = {};
    thread.restart = {};
    forget_posix_timers(*thread.process);
    thread.clear_child_tid = {};
    thread.robust_list = {};
    thread.restartable_area = {};
    thread.restartable_signature = 0;
}

const char *explain(Errno error)
{
    switch (error) {
    case Errno::NoMemory:
        return "there is not enough memory for it";
    case Errno::ArgumentListTooLong:
        return "its arguments and environment are too long";
    case Errno::InputOutput:
        return "it could not be read";
    case Errno::NoDevice:
        return "it is not a file that can be mapped into memory";
    default:
        return "it could not be put into memory";
    }
}

std::string_view last_part(std::string_view path)
{
    return path.substr(path.rfind('/') + 1);
}

} // namespace

Result<void> Process::stop_sharing_files()
{
    if (files_->is_shared()) std::exchange(files_, TRY(files_->clone()))->drop();
    return {};
}

// What the process shares with others and the new program must have for itself.
Result<void> Process::stop_sharing()
{
    TRY_VOID(stop_sharing_files());
    if (handlers_->is_shared()) std::exchange(handlers_, TRY(handlers_->clone()))->drop();
    return {};
}

// From here on nothing can fail.
void Process::become(const Execution &execution, RunningFile file, mm::AddressSpace &space,
                     const ImageLayout &layout)
{
    Thread &thread = main_thread();
    if (&thread == &current_thread())
        use_address_space(&space);
    else
        thread.space = &space;
    if (space_ != nullptr) earlier_usage_.add_memory(space_->counts());
    leave_memory();
    space_ = &space;
    image = layout;
    executable_ = std::move(file);
    set_name(last_part(execution.path));
    files_->close_marked();
    handlers_->forget_handlers();
    exit_signal_ = Signal::Child;
    has_executed_ = true;
}

Result<void> execute(Process &process, Execution &execution, const char *&problem)
{
    problem = nullptr;
    Ref<Inode> cwd = process.cwd(); // who shares it (CLONE_FS) may leave it
    TRY_VOID(follow_scripts(execution, *cwd, problem));
    auto file = RunningFile::of(execution.file);
    if (!file.ok()) {
        problem = "somebody has it open for writing";
        return file.error();
    }

    // A stack that cannot grow has its limit from the start, and no program can raise it.
    if (mm::pool().exists()) {
        uint64_t bytes = piece_parts_above_image().stack << mm::PageShift;
        TRY_VOID(process.set_limit(Resource::Stack, {bytes, bytes}));
    }
    auto space = mm::AddressSpace::create();
    if (!space.ok()) {
        problem = explain(space.error());
        return space.error();
    }
    (*space)->limits = process.limits().memory_limits();
    auto program = build(**space, process.pid(), execution, problem);
    Result<void> prepared = program.ok() ? process.stop_sharing() : program.error();
    if (!prepared.ok()) {
        if (problem == nullptr) problem = explain(prepared.error());
        (*space)->drop();
        return prepared;
    }
    if (&process.main_thread() == &current_thread()) clear_child_tid(current_thread());
    process.become(execution, std::move(*file), **space, program->layout);
    forget_old_program(process.main_thread());
    set_registers(process.main_thread(), *program);
    return {};
}

void enter_program(Thread &thread)
{
    enter_user(&thread.trap_frame());
}

} // namespace kernel
