#include "kernel/signal/signal_action.hpp"

#include "mm/kernel_heap.hpp"

namespace kernel {

Result<SignalHandlers *> SignalHandlers::create()
{
    auto *handlers = mm::create<SignalHandlers>();
    if (handlers == nullptr) return Errno::NoMemory;
    return handlers;
}

Result<SignalHandlers *> SignalHandlers::clone() const
{
    auto *copy = mm::create<SignalHandlers>();
    if (copy == nullptr) return Errno::NoMemory;
    copy->actions_ = actions_;
    return copy;
}

void SignalHandlers::forget_handlers()
{
    for (SignalAction &action : actions_) {
        if (action.handler != SignalAction::Ignore) action.handler = SignalAction::Default;
        action.flags = 0;
        action.restorer = 0;
        action.mask = {};
    }
}

void SignalHandlers::drop()
{
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) mm::destroy(this);
}

} // namespace kernel
