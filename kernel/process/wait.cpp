// Parents and children. See wait.hpp.
#include "kernel/process/wait.hpp"

namespace kernel {

namespace {

SignalInfo describe(const Process &child, ChildEvent event, Signal signal)
{
    SignalInfo info{.signal = Signal::Child, .origin = SignalInfo::Origin::Child, .sender = child.pid()};
    switch (event) {
    case ChildEvent::Ended:
        info.signal = child.exit_signal();
        info.code =
            child.exit_status().how == ExitHow::Exited ? signal_code::ChildExited : signal_code::ChildKilled;
        info.value = child.exit_status().value;
        break;
    case ChildEvent::Stopped:
        info.code = signal_code::ChildStopped;
        info.value = static_cast<uint64_t>(signal);
        break;
    case ChildEvent::Continued:
        info.code = signal_code::ChildContinued;
        info.value = static_cast<uint64_t>(Signal::Continue);
        break;
    }
    return info;
}

} // namespace

// Its parent has said that it does not want to know (wait(2), NOTES).
bool Process::is_reaped_alone() const
{
    if (exit_signal_ != Signal::Child || parent_->handlers_ == nullptr) return false;
    const SignalAction &action = parent_->handlers_->of(Signal::Child);
    return action.handler == SignalAction::Ignore || (action.flags & SignalAction::NoChildWait) != 0;
}

void notify_parent(Process &child, ChildEvent event, Signal signal)
{
    Process &parent = *child.parent_;
    if (event == ChildEvent::Stopped) {
        child.unreported_stop_ = signal;
        child.unreported_continue_ = false;
    }
    parent.child_changed_.wake_all();
    if (!parent.has_memory()) return; // init looks by itself
    if (event != ChildEvent::Ended &&
        (parent.handlers().of(Signal::Child).flags & SignalAction::NoChildStop) != 0)
        return;
    SignalInfo info = describe(child, event, signal);
    if (info.signal != Signal{}) send_signal(parent, info);
}

bool Process::is_meant(const WaitSelection &selection) const
{
    if (!begun_) return false;
    if (selection.who == WaitSelection::Who::Process && pid_ != selection.id) return false;
    if (selection.who == WaitSelection::Who::Group && group_id() != selection.id) return false;
    bool is_clone = exit_signal_ != Signal::Child;
    return selection.clones_too || is_clone == selection.only_clones;
}

// Whether there is news of this child; `report` is it.
bool Process::report(const WaitSelection &selection, ChildReport &report)
{
    if (ended_) {
        if (!selection.ended) return false;
        report = {.pid = pid_, .event = ChildEvent::Ended, .status = exit_status_};
    } else if (selection.stopped && unreported_stop_ != Signal{}) {
        report = {.pid = pid_, .event = ChildEvent::Stopped, .signal = unreported_stop_};
        if (!selection.keep) unreported_stop_ = {};
    } else if (selection.continued && unreported_continue_) {
        report = {.pid = pid_, .event = ChildEvent::Continued, .signal = Signal::Continue};
        if (!selection.keep) unreported_continue_ = false;
    } else {
        return false;
    }
    report.usage = usage();
    report.usage.add(children_usage_);
    return true;
}

Result<ChildReport> wait_for_child(Process &parent, const WaitSelection &selection)
{
    ChildReport report;
    Process *found = nullptr;
    bool is_anybody_meant = false;
    auto look = [&] {
        is_anybody_meant = false;
        for (Process &child : parent.children_) {
            if (!child.is_meant(selection)) continue;
            is_anybody_meant = true;
            if (child.report(selection, report)) {
                found = &child;
                return true;
            }
        }
        return !is_anybody_meant || selection.dont_wait;
    };
    if (wait_until(parent.child_changed_, look) != WaitResult::Ready) return Errno::RestartSystem;
    if (found == nullptr) {
        if (!is_anybody_meant) return Errno::NoChild;
        return report;
    }
    if (report.event == ChildEvent::Ended && !selection.keep) {
        parent.children_usage_.add(report.usage);
        found->destroy();
    }
    return report;
}

} // namespace kernel
