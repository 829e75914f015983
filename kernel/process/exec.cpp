#include "kernel/process/exec.hpp"

#include "kernel/cpu/fpu.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/cpu/segments.hpp"
#include "kernel/process/program_loader.hpp"
#include "kernel/process/start_stack.hpp"
#include "mm/address_space.hpp"

namespace kernel {

namespace {

constexpr uint32_t AnyExecute = 0111;

struct NewProgram {
    ImageLayout layout;
    mm::VirtAddr stack_pointer;
};

Result<NewProgram> build(mm::AddressSpace &space, const Execution &execution, const char *&problem)
{
    StartStack stack = TRY(plan_start_stack(execution, space.limits.stack));
    LoadedImage image = TRY(load_image(space, *execution.file, stack.area_size(space.limits.stack), problem));
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

    auto space = mm::AddressSpace::create();
    if (!space.ok()) {
        problem = explain(space.error());
        return space.error();
    }
    (*space)->limits = process.limits().memory_limits();
    auto program = build(**space, execution, problem);
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
