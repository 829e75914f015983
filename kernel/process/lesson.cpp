#include "kernel/process/lesson.hpp"

#include "kernel/log.hpp"
#include "kernel/process/init.hpp"
#include "kernel/process/region.hpp"
#include "mm/address_space.hpp"
#include "mm/swap.hpp"

namespace kernel {

namespace {

constexpr size_t MaxLesson = 1024;

void explain_out_of_memory(lib::TextSink &sink, const Process &process, const SignalInfo &info)
{
    auto put_kind = [&](std::string_view name, mm::FrameKind kind) {
        write_distance(sink, mm::frames().count(kind) << mm::PageShift);
        lib::format(sink, " {}", name);
    };
    if (info.sender == process.pid())
        lib::format(sink, "out of memory: it touched {:#x}, and no frame was free. It has ",
                    info.fault.address.value());
    else
        lib::format(sink,
                    "out of memory: process {} needed a frame, none was free, and this program had the most. "
                    "It has ",
                    info.sender);
    mm::SwapStatistics swap = mm::swap_statistics();
    write_distance(sink, process.space().resident() << mm::PageShift);
    sink.put(" of the machine's ");
    write_distance(sink, mm::usable_ram_pages() << mm::PageShift);
    if (swap.total != 0) {
        sink.put(" and ");
        write_distance(sink, process.space().counts().swapped << mm::PageShift);
        sink.put(" on swap, where ");
        write_distance(sink, swap.free << mm::PageShift);
        sink.put(" are free");
    }
    sink.put("; all programs have ");
    put_kind("of data, ", mm::FrameKind::Anonymous);
    put_kind("of page tables and ", mm::FrameKind::PageTable);
    put_kind("of files", mm::FrameKind::File);
    if (process.space().is_flat())
        sink.put(
            ". Its data has frames in its piece of the pool; what has run out is the kernel's memory beside "
            "the pool (option pool), where page tables and the list of areas are");
    else
        sink.put(". Memory asked for is promised at once, but found only when it is touched");
}

void explain_sent(lib::TextSink &sink, const Process &process, const SignalInfo &info)
{
    if (info.sender != process.pid())
        lib::format(sink, "process {} sent it this signal", info.sender);
    else if (info.signal == Signal::Pipe)
        sink.put("it wrote to a pipe that nobody reads any more, or sent itself this signal");
    else if (info.signal == Signal::Abort)
        sink.put("it called abort(), as a failed assert() and an uncaught C++ exception do");
    else
        sink.put("it sent this signal to itself (kill or raise)");
}

// What the kernel sends by itself when the program has done nothing wrong with an address.
void explain_by_kernel(lib::TextSink &sink, const SignalInfo &info)
{
    switch (info.signal) {
    case Signal::Alarm:
    case Signal::VirtualAlarm:
    case Signal::Profiling:
        return sink.put("its alarm went off (alarm, setitimer), and it has no handler for that");
    case Signal::FileSize:
        return sink.put("a file would have become longer than the program may make one (RLIMIT_FSIZE)");
    case Signal::Kill:
    case Signal::CpuTime:
        return sink.put("it has used all the processor time it may have (RLIMIT_CPU)");
    case Signal::Segmentation:
        return sink.put("what it has registered with rseq() makes no sense");
    default:
        return sink.put("the kernel sent it this signal");
    }
}

// Where in the program: what a debugger or addr2line is asked with.
void tell_place(lib::TextSink &sink, const Process &process, const TrapFrame &frame)
{
    mm::VirtAddr rip{frame.rip};
    lib::format(sink, " [instruction at {:#x}", frame.rip);
    const mm::VmArea *area = process.space().areas().find(rip);
    if (area != nullptr && region_kind(process, *area) != RegionKind::Code) {
        sink.put(", in ");
        write_region(sink, process, *area);
    }
    lib::format(sink, ", stack pointer {:#x}]", frame.rsp);
}

} // namespace

bool is_worth_a_lesson(const Process &process, const SignalInfo &info)
{
    bool is_first = is_started_by_init(process);
    switch (info.origin) {
    case SignalInfo::Origin::Program:
        if (info.sender == InitPid) return false; // it is said once that the machine stops
        return is_first || info.signal == Signal::Abort;
    case SignalInfo::Origin::Child:
        return is_first;
    case SignalInfo::Origin::Kernel:
        return is_first ||
               SignalSet::of(Signal::Kill, Signal::CpuTime, Signal::FileSize).contains(info.signal);
    default:
        return true;
    }
}

void tell_death(const Process &process, const TrapFrame &frame, const SignalInfo &info, HandlerFate handler)
{
    char text[MaxLesson];
    lib::BufferSink sink(text);
    lib::format(sink, "{}[{}] killed by ", process.name(), process.pid());
    if (static_cast<unsigned>(info.signal) < 32)
        lib::format(sink, "{}: ", signal_name(info.signal));
    else
        lib::format(sink, "signal {}: ", static_cast<unsigned>(info.signal));

    bool by_instruction = false;
    switch (info.origin) {
    case SignalInfo::Origin::PageFault:
        explain_page_fault(sink, process, frame, info);
        by_instruction = true;
        break;
    case SignalInfo::Origin::Exception:
        explain_exception(sink, frame, info);
        by_instruction = true;
        break;
    case SignalInfo::Origin::OutOfMemory:
        explain_out_of_memory(sink, process, info);
        break;
    case SignalInfo::Origin::Program:
        explain_sent(sink, process, info);
        break;
    case SignalInfo::Origin::Child:
        sink.put("a child of it has ended");
        break;
    case SignalInfo::Origin::Kernel:
        explain_by_kernel(sink, info);
        break;
    case SignalInfo::Origin::BadFrame:
        lib::format(
            sink,
            "rt_sigreturn() found no signal frame at its stack pointer {:#x} that a handler can have had",
            frame.rsp);
        by_instruction = true;
        break;
    case SignalInfo::Origin::BadStack:
        lib::format(sink,
                    "a handler could not be called, because its frame could not be written below the stack "
                    "pointer {:#x}",
                    frame.rsp);
        by_instruction = true;
        break;
    }
    if (by_instruction) tell_place(sink, process, frame);
    if (handler == HandlerFate::Blocked)
        sink.put(". The program has a handler for it, but the signal is blocked, as it is while that handler "
                 "runs");
    if (handler == HandlerFate::NoRoom)
        sink.put(". The program has a handler for it, but there was no room for its frame on the stack (a "
                 "handler that must run even then has a stack of its own: sigaltstack)");
    if (is_worth_a_lesson(process, info))
        console_lesson(sink.text());
    else
        log_info("{}", sink.text());
}

} // namespace kernel
