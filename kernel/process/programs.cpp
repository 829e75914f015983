#include "kernel/process/programs.hpp"

#include "kernel/device/debug_exit.hpp"
#include "kernel/file/path.hpp"
#include "kernel/log.hpp"
#include "kernel/memory_report.hpp"
#include "kernel/options.hpp"
#include "kernel/panic.hpp"
#include "kernel/process/course.hpp"
#include "kernel/process/exec.hpp"
#include "kernel/process/job_queue.hpp"
#include "kernel/process/recording.hpp"
#include "kernel/process/scheduler.hpp"
#include "mm/transfers.hpp"

namespace kernel {

namespace {

constexpr Pid KernelPid = 0; // the parent of all

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

// Null, and why in `problem`, when it cannot be started.
Process *start(const ProgramOption &program, const Ref<Inode> &cwd, const char *&problem)
{
    auto file = lookup(program.path(), *cwd);
    if (!file.ok()) {
        problem = explain_lookup(file.error());
        return nullptr;
    }
    auto process = Process::create(KernelPid, cwd, enter_program);
    if (!process.ok()) {
        problem = "there is not enough memory for another process";
        return nullptr;
    }
    Execution execution{.file = *file,
                        .path = program.path(),
                        .arguments = program.arguments,
                        .environment = options().environment};
    if (auto executed = execute(**process, execution, problem); !executed.ok()) {
        (*process)->destroy();
        return nullptr;
    }
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

Process *find_ended()
{
    for (Process *process = next_process(0); process != nullptr; process = next_process(process->pid() + 1)) {
        if (process->has_ended()) return process;
    }
    return nullptr;
}

// Those of the queue, too: each that ends lets another one start.
void wait_for_all(const Ref<Inode> &cwd, Course &course)
{
    while (process_count() != 0) {
        Process *ended = nullptr;
        wait_until(process_ended, [&] { return (ended = find_ended()) != nullptr; });
        end_recording(*ended);
        course.ended(ended->pid(), ended->exit_status());
        ended->destroy();
        start_next_job(cwd, course);
    }
    course.all_have_ended();
}

} // namespace

void run_programs()
{
    ExitStatus status;
    check_recording();
    drain_memory();
    report_memory();
    mm::FrameCounts before = mm::frames().counts();
    {
        Ref<Inode> cwd = start_directory();
        Course course(options().run.size() + options().then.size() + options().queue.size());
        for (const ProgramOption &program : options().run) start_or_complain(program, cwd, course);
        for (const ProgramOption &program : options().then) {
            if (!program.with_previous) wait_for_all(cwd, course);
            if (!course.goes_on()) break;
            start_or_complain(program, cwd, course);
        }
        wait_for_all(cwd, course);
        status = course.status();
    }
    mm::wait_for_transfers(); // a page on its way out is in its frame until it has arrived, whoever had it
    drain_memory();
    report_returned_frames(before);
    console_send_status(status.how, status.value);
    console_flush();
    debug_exit(ExitCode::Done);
}

} // namespace kernel
