#include "kernel/process/exec.hpp"

#include "kernel/cpu/fpu.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/cpu/segments.hpp"
#include "kernel/process/piece.hpp"
#include "kernel/process/program_loader.hpp"
#include "kernel/process/start_stack.hpp"
#include "mm/address_space.hpp"

namespace kernel {

namespace {

constexpr uint32_t AnyExecute = 0111;
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

Result<void> execute(Process &process, const Execution &execution, const char *&problem)
{
    problem = nullptr;
    if (!execution.file->is_regular()) {
        problem = execution.file->is_directory() ? "it is a directory" : "it is not a regular file";
        return Errno::AccessDenied;
    }
    if (!(execution.file->status().permissions & AnyExecute)) {
        problem = "nobody may execute it (chmod +x)";
        return Errno::AccessDenied;
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
    if (!program.ok()) {
        if (problem == nullptr) problem = explain(program.error());
        (*space)->drop();
        return program.error();
    }

    Thread &thread = process.main_thread();
    set_registers(thread, *program);
    thread.space = *space;
    if (process.space_ != nullptr) process.space_->drop();
    process.space_ = *space;
    process.image = program->layout;
    process.executable_ = execution.file;
    process.set_name(last_part(execution.path));
    return {};
}

void enter_program(Thread &thread)
{
    enter_user(&thread.trap_frame());
}

} // namespace kernel
