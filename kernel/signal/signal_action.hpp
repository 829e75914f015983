// What a process has said about each signal (sigaction(2)).
#pragma once

#include "kernel/signal/signal_number.hpp"
#include "lib/result.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace kernel {

using lib::Errno;
using lib::Result;

// struct sigaction as rt_sigaction(2) passes it (not libc's).
struct SignalAction {
    static constexpr uint64_t Default = 0; // SIG_DFL
    static constexpr uint64_t Ignore = 1;  // SIG_IGN

    // SA_….
    static constexpr uint64_t NoChildStop = 0x1;
    static constexpr uint64_t NoChildWait = 0x2;
    static constexpr uint64_t WantsInfo = 0x4;
    static constexpr uint64_t HasRestorer = 0x04000000;
    static constexpr uint64_t OnAlternateStack = 0x08000000;
    static constexpr uint64_t Restart = 0x10000000;
    static constexpr uint64_t NoDefer = 0x40000000;
    static constexpr uint64_t ResetHandler = 0x80000000;

    uint64_t handler = Default; // or the address of a function
    uint64_t flags = 0;         // SA_…
    uint64_t restorer = 0;
    SignalSet mask;

    bool has_handler() const { return handler != Default && handler != Ignore; }
    // Whether a signal with this action leaves no trace.
    bool does_nothing(Signal signal) const
    {
        if (handler == Ignore) return true;
        return handler == Default && default_action(signal) == DefaultAction::Ignore;
    }
    bool ends_process(Signal signal) const
    {
        return handler == Default && default_action(signal) == DefaultAction::Terminate;
    }
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

} // namespace kernel
