#include "kernel/signal/signal_number.hpp"

#include <bit>
#include <iterator>

namespace kernel {

namespace {

struct SignalKind {
    std::string_view name;
    DefaultAction action; // signal(7)
};

// By number, from 1.
constexpr SignalKind kinds[] = {
    {"SIGHUP", DefaultAction::Terminate},  {"SIGINT", DefaultAction::Terminate},
    {"SIGQUIT", DefaultAction::Terminate}, {"SIGILL", DefaultAction::Terminate},
    {"SIGTRAP", DefaultAction::Terminate}, {"SIGABRT", DefaultAction::Terminate},
    {"SIGBUS", DefaultAction::Terminate},  {"SIGFPE", DefaultAction::Terminate},
    {"SIGKILL", DefaultAction::Terminate}, {"SIGUSR1", DefaultAction::Terminate},
    {"SIGSEGV", DefaultAction::Terminate}, {"SIGUSR2", DefaultAction::Terminate},
    {"SIGPIPE", DefaultAction::Terminate}, {"SIGALRM", DefaultAction::Terminate},
    {"SIGTERM", DefaultAction::Terminate}, {"SIGSTKFLT", DefaultAction::Terminate},
    {"SIGCHLD", DefaultAction::Ignore},    {"SIGCONT", DefaultAction::Ignore},
    {"SIGSTOP", DefaultAction::Stop},      {"SIGTSTP", DefaultAction::Stop},
    {"SIGTTIN", DefaultAction::Stop},      {"SIGTTOU", DefaultAction::Stop},
    {"SIGURG", DefaultAction::Ignore},     {"SIGXCPU", DefaultAction::Terminate},
    {"SIGXFSZ", DefaultAction::Terminate}, {"SIGVTALRM", DefaultAction::Terminate},
    {"SIGPROF", DefaultAction::Terminate}, {"SIGWINCH", DefaultAction::Ignore},
    {"SIGIO", DefaultAction::Terminate},   {"SIGPWR", DefaultAction::Terminate},
    {"SIGSYS", DefaultAction::Terminate},
};
constexpr SignalKind real_time{"a real-time signal", DefaultAction::Terminate};

const SignalKind &kind_of(Signal signal)
{
    unsigned index = static_cast<unsigned>(signal) - 1;
    return index < std::size(kinds) ? kinds[index] : real_time;
}

} // namespace

std::string_view signal_name(Signal signal)
{
    return kind_of(signal).name;
}

DefaultAction default_action(Signal signal)
{
    return kind_of(signal).action;
}

Signal first_signal(SignalSet set)
{
    SignalSet urgent = set.common(SynchronousSignals);
    return static_cast<Signal>(std::countr_zero(urgent.empty() ? set.raw() : urgent.raw()) + 1);
}

} // namespace kernel
