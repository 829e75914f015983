// Signals (signal(7)): what each process has said about them, and what happens when one is sent.
//
// A signal is sent (send_signal: becomes pending), and later delivered: on the way back to user mode, in
// return_work(). A signal caused by the program's own instruction (force_signal) cannot be ignored or
// blocked. Handlers cannot run yet: a signal that would run one ends the program, and the lesson says so.
#pragma once

#include "lib/result.hpp"
#include "mm/fault.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace kernel {

using lib::Errno;
using lib::Result;

class Process;
class Thread;
struct TrapFrame;

// Linux's numbers on x86-64. Those from 32 to 64 are real-time signals and have no name here.
enum class Signal : uint8_t {
    Hangup = 1,
    Interrupt = 2,
    Quit = 3,
    Illegal = 4,
    Trap = 5,
    Abort = 6,
    Bus = 7,
    FloatingPoint = 8,
    Kill = 9,
    User1 = 10,
    Segmentation = 11,
    User2 = 12,
    Pipe = 13,
    Alarm = 14,
    Terminate = 15,
    StackFault = 16,
    Child = 17,
    Continue = 18,
    Stop = 19,
    TerminalStop = 20,
    TerminalInput = 21,
    TerminalOutput = 22,
    Urgent = 23,
    CpuTime = 24,
    FileSize = 25,
    VirtualAlarm = 26,
    Profiling = 27,
    WindowSize = 28,
    InputOutput = 29,
    Power = 30,
    BadSystemCall = 31,
};
inline constexpr int SignalCount = 64; // numbers 1 to 64

constexpr bool is_signal_number(int64_t number)
{
    return number >= 1 && number <= SignalCount;
}
// "SIGSEGV"; "a real-time signal" from 32 on.
std::string_view signal_name(Signal signal);

// sigset_t of the kernel's interface: bit n - 1 is signal n.
class SignalSet {
public:
    constexpr SignalSet() = default;
    constexpr explicit SignalSet(uint64_t raw) : raw_(raw) {}
    constexpr uint64_t raw() const { return raw_; }
    constexpr bool empty() const { return raw_ == 0; }
    constexpr bool contains(Signal signal) const { return raw_ & bit(signal); }
    constexpr void add(Signal signal) { raw_ |= bit(signal); }
    constexpr void remove(Signal signal) { raw_ &= ~bit(signal); }
    constexpr SignalSet with(SignalSet other) const { return SignalSet{raw_ | other.raw_}; }
    constexpr SignalSet without(SignalSet other) const { return SignalSet{raw_ & ~other.raw_}; }
    constexpr bool operator==(const SignalSet &) const = default;

private:
    static constexpr uint64_t bit(Signal signal)
    {
        return uint64_t{1} << (static_cast<unsigned>(signal) - 1);
    }
    uint64_t raw_ = 0;
};

// struct sigaction as rt_sigaction(2) passes it (not libc's).
struct SignalAction {
    static constexpr uint64_t Default = 0; // SIG_DFL
    static constexpr uint64_t Ignore = 1;  // SIG_IGN

    uint64_t handler = Default; // or the address of a function
    uint64_t flags = 0;         // SA_…
    uint64_t restorer = 0;
    SignalSet mask;
};
static_assert(sizeof(SignalAction) == 32);

// What the threads of a process share: one action for each signal.
class SignalHandlers {
public:
    // Everything SIG_DFL. The caller owns one reference. NoMemory.
    static Result<SignalHandlers *> create();
    // fork(2): the same actions, in an object of its own. NoMemory.
    Result<SignalHandlers *> clone() const;
    // execve(2): handlers are gone with the old program; what is ignored stays ignored.
    void forget_handlers();
    void share() { references_.fetch_add(1, std::memory_order_relaxed); }
    void drop();
    bool is_shared() const { return references_.load(std::memory_order_relaxed) > 1; }

    const SignalAction &of(Signal signal) const { return actions_[static_cast<unsigned>(signal) - 1]; }
    void set(Signal signal, const SignalAction &action)
    {
        actions_[static_cast<unsigned>(signal) - 1] = action;
    }

private:
    std::atomic<uint32_t> references_{1};
    std::array<SignalAction, SignalCount> actions_;
};

// Why a signal was sent: siginfo's si_code, and for a fault all that the lesson wants to know.
struct SignalInfo {
    enum class Origin : uint8_t {
        Program,     // kill(2), tgkill(2): `sender`, `code`
        Child,       // a child has ended, was stopped, or goes on: `sender`, `code`, `status`
        Kernel,      // the processor time is used up (RLIMIT_CPU)
        PageFault,   // `fault` and `result`
        Exception,   // `exception` and its error code
        OutOfMemory, // no frame was left for process `sender`; when it is this one, `fault` says what it
                     // touched
    };

    Signal signal = Signal::Kill;
    Origin origin = Origin::Kernel;
    int32_t code = 0; // si_code
    int32_t sender = 0;
    int32_t status = 0;     // si_status of a child
    mm::VirtAddr address{}; // si_addr
    mm::Fault fault{};
    mm::FaultResult result{};
    uint8_t exception = 0;
    uint64_t error_code = 0;
};

// The signals that wait to be delivered to a thread, or to whichever thread of a process takes them first,
// and who sent them. Of several of the same number the first counts, as for all but real-time signals
// (signal(7)).
class PendingSignals {
public:
    SignalSet set() const { return set_; }
    uint64_t raw() const { return set_.raw(); }
    void add(const SignalInfo &info)
    {
        if (set_.contains(info.signal)) return;
        set_.add(info.signal);
        senders_[static_cast<unsigned>(info.signal) - 1] = {info.origin, info.code, info.sender, info.status};
    }
    void remove(Signal signal) { set_.remove(signal); }
    void remove(SignalSet signals) { set_ = set_.without(signals); }
    SignalInfo info(Signal signal) const
    {
        const Sender &sender = senders_[static_cast<unsigned>(signal) - 1];
        return {.signal = signal,
                .origin = sender.origin,
                .code = sender.code,
                .sender = sender.pid,
                .status = sender.status};
    }

private:
    struct Sender {
        SignalInfo::Origin origin;
        int32_t code;
        int32_t pid;
        int32_t status;
    };
    SignalSet set_;
    std::array<Sender, SignalCount> senders_{};
};

// si_code (sigaction(2)).
namespace signal_code {
inline constexpr int32_t User = 0;
inline constexpr int32_t ThreadKill = -6;
inline constexpr int32_t Kernel = 0x80;
inline constexpr int32_t SegvMapError = 1;
inline constexpr int32_t SegvAccessError = 2;
inline constexpr int32_t BusAlignment = 1;
inline constexpr int32_t BusAddress = 2;
inline constexpr int32_t FloatingDivide = 1;
inline constexpr int32_t IllegalOperand = 2;
inline constexpr int32_t TrapBreakpoint = 1;
inline constexpr int32_t TrapTrace = 2;
} // namespace signal_code

// kill(2), tgkill(2): makes the signal pending, or drops it when it is ignored. The delivery comes on the way
// back to user mode. Sleepers that may be interrupted are woken.
void send_signal(Process &target, const SignalInfo &info);
// To the current thread, which caused it: delivered when it returns to user mode, ignored or blocked or not.
void force_signal(const SignalInfo &info);
// On the way back to user mode: does what the actions say about all that is deliverable. May end the process.
void deliver_signals(TrapFrame &frame);

// rt_sigaction(2). `action` null: only ask. Invalid for changing SIGKILL and SIGSTOP. Ignoring discards what
// is pending.
Result<SignalAction> change_signal_action(Process &process, Signal signal, const SignalAction *action);
// rt_sigprocmask(2), new mask: SIGKILL and SIGSTOP stay out of it. Pending signals may become deliverable.
void set_signal_mask(Thread &thread, SignalSet mask);
// rt_sigpending(2).
SignalSet pending_signals(const Thread &thread);
// Whether an interruptible sleep must end now (EINTR).
bool has_deliverable_signal(const Thread &thread);
// Whether the thread's process is ending, or will when it is on its way back to user mode: not even a sleep
// that other signals cannot interrupt should go on.
bool is_dying(const Thread &thread);

} // namespace kernel
