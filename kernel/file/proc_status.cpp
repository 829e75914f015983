// /proc/PID/status, stat, statm, comm and limits (Linux: fs/proc/array.c, base.c).
#include "kernel/file/file_table.hpp"
#include "kernel/file/proc.hpp"
#include "kernel/file/text_file.hpp"
#include "kernel/process/terminal.hpp"
#include "lib/format.hpp"

#include <algorithm>

namespace kernel::proc {

namespace {

constexpr uint64_t AllCapabilities =
    0x1ff'ffff'ffff; // root's: up to CAP_CHECKPOINT_RESTORE (capabilities(7))

constexpr uint64_t TerminalDevice = make_device(136, 0); // tty_nr: /dev/pts/0

// From the list of ignored and caught signals of a process.
struct SignalDispositions {
    uint64_t ignored = 0;
    uint64_t caught = 0;
};

SignalDispositions dispositions(const Process &process)
{
    SignalDispositions result;
    if (!process.has_memory()) {
        // init, as a thread of the kernel, hears nothing; a zombie has forgotten.
        result.ignored = process.has_ended() ? 0 : UINT64_MAX;
        return result;
    }
    for (int number = 1; number <= SignalCount; number++) {
        uint64_t handler = process.handlers().of(static_cast<Signal>(number)).handler;
        uint64_t bit = uint64_t{1} << (number - 1);
        if (handler == SignalAction::Ignore)
            result.ignored |= bit;
        else if (handler != SignalAction::Default)
            result.caught |= bit;
    }
    return result;
}

// What only the thread knows; a zombie's has gone.
struct ThreadSignals {
    uint64_t pending = 0;
    uint64_t blocked = 0;
};

ThreadSignals thread_signals(const Process &process)
{
    if (process.has_ended()) return {};
    const Thread &thread = process.main_thread();
    return {thread.pending.raw(), thread.blocked.raw()};
}

// As proc(5) and Linux's task_state_array have it.
std::string_view state_of(const Process &process)
{
    if (process.has_ended()) return "Z (zombie)";
    if (process.stopped) return "T (stopped)";
    const Thread &thread = process.main_thread();
    if (thread.state == Thread::State::Running || thread.state == Thread::State::Runnable)
        return "R (running)";
    return thread.is_uninterruptible ? "D (disk sleep)" : "S (sleeping)";
}

// A name on one line, as status has it; stat and comm have it as it is (Linux: proc_task_name).
void put_escaped(lib::TextSink &sink, std::string_view name)
{
    for (char c : name) {
        if (c == '\n')
            sink.put("\\n");
        else if (c == '\\')
            sink.put("\\\\");
        else
            sink.put({&c, 1});
    }
}

struct TextSize {
    uint64_t text;
    uint64_t libraries; // in pages: what is executable and not the program's own text
};

TextSize text_size(const Process &process, const mm::MemoryCounts &counts)
{
    uint64_t text =
        (process.image.code_end.page_up() - process.image.code_begin.page_down()) >> mm::PageShift;
    text = std::min(text, counts.executable);
    return {text, counts.executable - text};
}

void write_identity(const Process &process, lib::TextSink &sink)
{
    Pid pid = process.pid();
    sink.put("Name:\t");
    put_escaped(sink, process.name());
    lib::format(sink, "\nUmask:\t{:04o}\nState:\t{}\n", process.is_ending() ? 0 : process.umask(),
                state_of(process));
    lib::format(sink, "Tgid:\t{}\nNgid:\t0\nPid:\t{}\nPPid:\t{}\nTracerPid:\t0\n", pid, pid,
                process.parent_pid());
    sink.put("Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
    unsigned descriptors = process.has_memory() ? process.files().capacity() : process.has_ended() ? 0 : 64;
    lib::format(sink, "FDSize:\t{}\nGroups:\t \n", descriptors);
    lib::format(sink, "NStgid:\t{}\nNSpid:\t{}\nNSpgid:\t{}\nNSsid:\t{}\n", pid, pid, process.group_id(),
                process.session_id());
}

// In a piece of the pool the stack is an area like others: nothing that grows makes it one.
void tell_stack_from_data(const Process &process, mm::MemoryCounts &counts)
{
    const mm::VmArea *stack = process.space().areas().find(process.image.stack_begin);
    if (stack == nullptr) return;
    counts.stack += stack->range.pages();
    if (stack->protection.write) counts.data -= stack->range.pages();
}

void write_memory(const Process &process, lib::TextSink &sink)
{
    const mm::AddressSpace &space = process.space();
    mm::MemoryCounts counts = space.counts();
    if (space.is_flat()) tell_stack_from_data(process, counts);
    TextSize size = text_size(process, counts);
    auto put = [&](std::string_view name, uint64_t pages) {
        lib::format(sink, "{}\t{:>8} kB\n", name, pages << (mm::PageShift - 10));
    };
    put("VmPeak:", std::max(counts.mapped_peak, counts.mapped));
    put("VmSize:", counts.mapped);
    put("VmLck:", counts.locked);
    put("VmPin:", 0);
    put("VmHWM:", std::max(counts.resident_peak, counts.resident()));
    put("VmRSS:", counts.resident());
    put("RssAnon:", counts.resident_anonymous);
    put("RssFile:", counts.resident_file);
    put("RssShmem:", counts.resident_shared);
    put("VmData:", counts.data);
    put("VmStk:", counts.stack);
    put("VmExe:", size.text);
    put("VmLib:", size.libraries);
    put("VmPTE:", space.page_table().table_frames() - 1); // as on Linux, without the top-level table
    put("VmSwap:", counts.swapped);
    put("HugetlbPages:", 0);
    sink.put("CoreDumping:\t0\nTHP_enabled:\t0\n");
}

void write_signals(const Process &process, lib::TextSink &sink)
{
    SignalDispositions signals = dispositions(process);
    ThreadSignals own = thread_signals(process);
    auto put = [&](std::string_view name, uint64_t set) { lib::format(sink, "{}\t{:016x}\n", name, set); };
    lib::format(sink, "Threads:\t1\nSigQ:\t{}/{}\n", queued_signal_count(),
                process.limits().soft(Resource::PendingSignals));
    put("SigPnd:", own.pending);
    put("ShdPnd:", process.pending.raw());
    put("SigBlk:", own.blocked);
    put("SigIgn:", signals.ignored);
    put("SigCgt:", signals.caught);
    put("CapInh:", 0);
    put("CapPrm:", AllCapabilities);
    put("CapEff:", AllCapabilities);
    put("CapBnd:", AllCapabilities);
    put("CapAmb:", 0);
}

} // namespace

Result<uint64_t> write_status(Process &process, uint64_t cursor, lib::TextSink &sink)
{
    if (cursor != 0) return TextFile::End;
    write_identity(process, sink);
    if (process.has_memory()) write_memory(process, sink);
    write_signals(process, sink);
    sink.put("NoNewPrivs:\t0\nSeccomp:\t0\nSeccomp_filters:\t0\n"
             "Speculation_Store_Bypass:\tunknown\nSpeculationIndirectBranch:\tunknown\n"
             "Cpus_allowed:\t1\nCpus_allowed_list:\t0\nMems_allowed:\t1\nMems_allowed_list:\t0\n");
    ResourceUsage usage = process.usage();
    lib::format(sink, "voluntary_ctxt_switches:\t{}\nnonvoluntary_ctxt_switches:\t{}\n",
                usage.voluntary_switches, usage.involuntary_switches);
    return TextFile::End;
}

Result<uint64_t> write_statm(Process &process, uint64_t cursor, lib::TextSink &sink)
{
    if (cursor != 0) return TextFile::End;
    if (!process.has_memory()) {
        sink.put("0 0 0 0 0 0 0\n");
        return TextFile::End;
    }
    mm::MemoryCounts counts = process.space().counts();
    uint64_t text =
        (process.image.code_end.page_up() - process.image.code_begin.page_down()) >> mm::PageShift;
    lib::format(sink, "{} {} {} {} 0 {} 0\n", counts.mapped, counts.resident(),
                counts.resident_file + counts.resident_shared, text, counts.data + counts.stack);
    return TextFile::End;
}

Result<uint64_t> write_stat(Process &process, uint64_t cursor, lib::TextSink &sink)
{
    if (cursor != 0) return TextFile::End;
    constexpr uint64_t Tick = 10'000'000; // USER_HZ is 100
    const int nice = process.has_ended() ? 0 : process.main_thread().nice;
    const bool has_memory = process.has_memory();
    const ImageLayout image = has_memory ? process.image : ImageLayout{};
    mm::MemoryCounts counts = has_memory ? process.space().counts() : mm::MemoryCounts{};
    SignalDispositions signals = dispositions(process);
    ThreadSignals own = thread_signals(process);
    const ResourceUsage usage = process.usage(), children = process.children_usage();
    auto ticks = [](uint64_t nanoseconds) { return nanoseconds / Tick; };
    // state ppid pgrp session tty_nr tpgid flags
    const bool on_terminal = has_terminal(process);
    auto foreground = foreground_group(process);
    lib::format(sink, "{} ({}) {} {} {} {} {} {} 0", process.pid(), process.name(), state_of(process).front(),
                process.parent_pid(), process.group_id(), process.session_id(),
                on_terminal ? TerminalDevice : 0, foreground.ok() ? *foreground : -1);
    // minflt cminflt majflt cmajflt utime stime cutime cstime priority nice num_threads itrealvalue starttime
    lib::format(sink, " {} {} {} {} {} {} {} {} {} {} 1 0 {}", usage.minor_faults, children.minor_faults,
                usage.major_faults, children.major_faults, ticks(usage.times.user), ticks(usage.times.system),
                ticks(children.times.user), ticks(children.times.system), 20 + nice, nice,
                ticks(process.start_time));
    // vsize rss rsslim startcode endcode startstack kstkesp kstkeip
    lib::format(sink, " {} {} {} {} {} {} 0 0", counts.mapped << mm::PageShift, counts.resident(),
                process.limits().soft(Resource::ResidentSet), image.code_begin.value(),
                image.code_end.value(), image.stack_begin.value());
    // signal blocked sigignore sigcatch wchan nswap cnswap exit_signal processor rt_priority policy
    lib::format(sink, " {} {} {} {} 0 0 0 {} 0 0 0", own.pending & 0x7fffffff, own.blocked & 0x7fffffff,
                signals.ignored & 0x7fffffff, signals.caught & 0x7fffffff,
                static_cast<unsigned>(process.exit_signal()));
    // delayacct_blkio_ticks guest_time cguest_time start_data … env_end exit_code
    lib::format(sink, " 0 0 0 {} {} {} {} {} {} {} 0\n", image.data_begin.value(), image.data_end.value(),
                has_memory ? process.space().break_begin().value() : 0, image.argument_begin.value(),
                image.argument_end.value(), image.environment_begin.value(), image.environment_end.value());
    return TextFile::End;
}

Result<uint64_t> write_comm(Process &process, uint64_t cursor, lib::TextSink &sink)
{
    if (cursor != 0) return TextFile::End;
    sink.put(process.name());
    sink.put("\n");
    return TextFile::End;
}

Result<uint64_t> write_limits(Process &process, uint64_t cursor, lib::TextSink &sink)
{
    struct Name {
        std::string_view name, unit;
    };
    static constexpr Name Names[ResourceCount] = {
        {"Max cpu time", "seconds"},    {"Max file size", "bytes"},      {"Max data size", "bytes"},
        {"Max stack size", "bytes"},    {"Max core file size", "bytes"}, {"Max resident set", "bytes"},
        {"Max processes", "processes"}, {"Max open files", "files"},     {"Max locked memory", "bytes"},
        {"Max address space", "bytes"}, {"Max file locks", "locks"},     {"Max pending signals", "signals"},
        {"Max msgqueue size", "bytes"}, {"Max nice priority", ""},       {"Max realtime priority", ""},
        {"Max realtime timeout", "us"},
    };
    if (cursor != 0) return TextFile::End;
    sink.put("Limit                     Soft Limit           Hard Limit           Units     \n");
    for (unsigned i = 0; i < ResourceCount; i++) {
        const Limit &limit = process.limits().of(static_cast<Resource>(i));
        lib::format(sink, "{:<25} ", Names[i].name);
        for (uint64_t value : {limit.soft, limit.hard}) {
            if (value == LimitInfinity)
                sink.put("unlimited            ");
            else
                lib::format(sink, "{:<20} ", value);
        }
        if (!Names[i].unit.empty()) lib::format(sink, "{:<10}", Names[i].unit);
        sink.put("\n");
    }
    return TextFile::End;
}

} // namespace kernel::proc
