// The signals by number and name, and sets of them (signal(7)).
#pragma once

#include <cstdint>
#include <string_view>

namespace kernel {

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
// Of these every one that is sent arrives, in the order of sending; the others are pending or not.
constexpr bool is_real_time(Signal signal)
{
    return static_cast<unsigned>(signal) >= 32;
}
// "SIGSEGV"; "a real-time signal" from 32 on.
std::string_view signal_name(Signal signal);

// sigset_t of the kernel's interface: bit n - 1 is signal n.
class SignalSet {
public:
    constexpr SignalSet() = default;
    constexpr explicit SignalSet(uint64_t raw) : raw_(raw) {}
    static constexpr SignalSet of(auto... signals) { return SignalSet{(bit(signals) | ... | 0)}; }

    constexpr uint64_t raw() const { return raw_; }
    constexpr bool empty() const { return raw_ == 0; }
    constexpr bool contains(Signal signal) const { return raw_ & bit(signal); }
    constexpr void add(Signal signal) { raw_ |= bit(signal); }
    constexpr void remove(Signal signal) { raw_ &= ~bit(signal); }
    constexpr SignalSet with(SignalSet other) const { return SignalSet{raw_ | other.raw_}; }
    constexpr SignalSet without(SignalSet other) const { return SignalSet{raw_ & ~other.raw_}; }
    constexpr SignalSet common(SignalSet other) const { return SignalSet{raw_ & other.raw_}; }
    constexpr bool operator==(const SignalSet &) const = default;

private:
    static constexpr uint64_t bit(Signal signal)
    {
        return uint64_t{1} << (static_cast<unsigned>(signal) - 1);
    }
    uint64_t raw_ = 0;
};

// Nobody can block, ignore or handle these two.
inline constexpr SignalSet UnblockableSignals = SignalSet::of(Signal::Kill, Signal::Stop);
inline constexpr SignalSet StoppingSignals =
    SignalSet::of(Signal::Stop, Signal::TerminalStop, Signal::TerminalInput, Signal::TerminalOutput);
// Delivered before others, because their cause is the instruction that was just executed.
inline constexpr SignalSet SynchronousSignals =
    SignalSet::of(Signal::Segmentation, Signal::Bus, Signal::Illegal, Signal::Trap, Signal::FloatingPoint,
                  Signal::BadSystemCall);

// What happens when the action is SIG_DFL. A core dump is never written, so those that would only terminate.
enum class DefaultAction : uint8_t { Terminate, Ignore, Stop };
DefaultAction default_action(Signal signal);

// The one of a set, which is not empty, that is delivered first.
Signal first_signal(SignalSet set);

} // namespace kernel
