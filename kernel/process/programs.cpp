#include "kernel/process/programs.hpp"

#include "kernel/device/debug_exit.hpp"
#include "kernel/file/console_file.hpp"
#include "kernel/file/files.hpp"
#include "kernel/file/path.hpp"
#include "kernel/log.hpp"
#include "kernel/memory_report.hpp"
#include "kernel/options.hpp"
#include "kernel/panic.hpp"
#include "kernel/process/course.hpp"
#include "kernel/process/exec.hpp"
#include "kernel/process/init.hpp"
#include "kernel/process/job_queue.hpp"
#include "kernel/process/recording.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/process/shutdown.hpp"
#include "kernel/process/swap_disks.hpp"
#include "kernel/process/terminal.hpp"
#include "mm/transfers.hpp"

namespace kernel {

namespace {

Ref<Inode> start_directory()
{
    auto cwd = lookup(options().cwd, root_directory());
    if (!cwd.ok() || !(*cwd)->is_directory()) refuse("option cwd: there is no directory {}", options().cwd);
    return *cwd;
}

const char *explain_lookup(Errno error)
{
    switch (error) {
    case Errno::NoEntry:
        return "there is no such file in the archive";
    case Errno::NotDirectory:
        return "a part of the path is not a directory";
    case Errno::TooManyLinks:
        return "too many symbolic links, or they go round in circles";
    case Errno::NameTooLong:
        return "the path is too long";
    default:
        return "there is not enough memory to look for it";
    }
}

// `problem` says why, when it cannot be.
Result<Process *> create(const ProgramOption &program, Execution &execution, const char *&problem)
{
    problem = "there is not enough memory for another process";
    for (std::string_view argument : program.arguments) TRY_VOID(execution.arguments.append(argument));
    for (std::string_view variable : options().environment) TRY_VOID(execution.environment.append(variable));
    Process *process = TRY(Process::create(init_process(), init_process(), enter_program));
    Result<void> made = begin_session(*process);
    if (made.ok()) made = process->make_first_parts();
    if (made.ok()) made = execute(*process, execution, problem);
    if (!made.ok()) {
        process->destroy();
        return made.error();
    }
    if (console_has_terminal()) (void)take_terminal(*process, false); // the first to come has it
    return process;
}

// Null, and why in `problem`, when it cannot be started.
Process *start(const ProgramOption &program, const Ref<Inode> &cwd, const char *&problem)
{
    auto file = lookup(program.path(), *cwd);
    if (!file.ok()) {
        problem = explain_lookup(file.error());
        return nullptr;
    }
    Execution execution;
    execution.file = *file;
    execution.path = program.path();
    auto process = create(program, execution, problem);
    if (!process.ok()) return nullptr;
    log_info("{}[{}] starts", (*process)->name(), (*process)->pid());
    if (options().record_references != 0 && &program == options().run.data()) begin_recording(**process);
    (*process)->begin();
    return *process;
}

// What makes the whole run pointless stops it; another program's absence is told and the rest goes on: false.
bool start_or_complain(const ProgramOption &program, const Ref<Inode> &cwd, Course &course)
{
    const char *problem = nullptr;
    if (Process *process = start(program, cwd, problem)) {
        course.started(program, process->pid());
        return true;
    }
    if (&program == options().run.data()) refuse("cannot run {}: {}", program.path(), problem);
    char text[MaxReason];
    console_lesson(lib::format_to(text, "cannot run {}: {}", program.path(), problem));
    course.cannot_start(program);
    return false;
}

// A program has ended: the first of the queue that can be started is. The others are told why they cannot,
// and do not wait for a better moment.
void start_next_job(const Ref<Inode> &cwd, Course &course)
{
    while (course.goes_on()) {
        const ProgramOption *job = job_queue().take();
        if (job == nullptr) return;
        if (!start_or_complain(*job, cwd, course)) continue;
        job_queue().note_start();
        return;
    }
}

void check_recording()
{
    if (options().record_references == 0) return;
    if (options().run.empty()) refuse("option record_references: there is no run= program to record");
    if (!console_is_channel())
        refuse("option record_references: what is recorded goes to tools/vitrine, and it is not there");
}

// Until those that the options name have ended; those of the queue, too: each that ends lets another one
// start. What they have left behind may go on.
void wait_for_all(const Ref<Inode> &cwd, Course &course)
{
    while (course.is_one_running() && !is_shutdown_requested()) {
        Process *ended = wait_for_child_of_init(NoDeadline);
        if (ended == nullptr || is_shutdown_requested()) continue;
        end_recording(*ended);
        bool was_named = course.ended(ended->pid(), ended->exit_status());
        ended->destroy();
        if (was_named) start_next_job(cwd, course);
    }
}

} // namespace

void run_programs()
{
    ExitStatus status;
    check_recording();
    become_init(start_directory());
    drain_memory();
    report_memory();
    mm::FrameCounts before = mm::frames().counts(); // without swap areas: programs may change which there are
    start_swap();
    {
        Ref<Inode> cwd = init_process().cwd();
        Course course(options().run.size() + options().then.size() + options().queue.size());
        for (const ProgramOption &program : options().run) start_or_complain(program, cwd, course);
        for (const ProgramOption &program : options().then) {
            if (!program.with_previous) wait_for_all(cwd, course);
            if (!course.goes_on() || is_shutdown_requested()) break;
            start_or_complain(program, cwd, course);
        }
        wait_for_all(cwd, course);
        end_all_processes();
        status = course.status();
    }
    mm::wait_for_transfers(); // a page on its way out is in its frame until it has arrived, whoever had it
    drain_files();            // pages of files may be on swap devices
    stop_swap();
    drain_memory();
    report_returned_frames(before);
    console_send_status(status.how, status.value);
    console_flush();
    debug_exit(ExitCode::Done);
}

} // namespace kernel
