#include "kernel/signal/pending_signals.hpp"

#include "mm/kernel_heap.hpp"

#include <atomic>

namespace kernel {

namespace {

constinit std::atomic<uint64_t> record_count = 0;

// Null: over the limit, or no memory.
QueuedSignal *make_record(const SignalInfo &info, uint64_t limit)
{
    // What the kernel or kill(2) sends has one record a number at most, and may always have it.
    bool is_limited = is_real_time(info.signal) || info.code < 0;
    if (is_limited && record_count.load() >= limit) return nullptr;
    auto *record = mm::create<QueuedSignal>();
    if (record == nullptr) return nullptr;
    record->info = info;
    record_count.fetch_add(1);
    return record;
}

void free_record(QueuedSignal &record)
{
    mm::destroy(&record);
    record_count.fetch_sub(1);
}

void drop(QueuedSignal &record)
{
    if (record.taken != nullptr)
        record.dropped(record);
    else
        free_record(record);
}

} // namespace

lib::Result<void> PendingSignals::add(const SignalInfo &info, uint64_t limit)
{
    if (!is_real_time(info.signal) && set_.contains(info.signal)) return {};
    QueuedSignal *record = make_record(info, limit);
    if (record != nullptr)
        queue_.push_back(*record);
    else if (is_real_time(info.signal) && info.code != signal_code::User)
        return lib::Errno::TryAgain;
    set_.add(info.signal);
    return {};
}

void PendingSignals::add(QueuedSignal &queued)
{
    queue_.push_back(queued);
    set_.add(queued.info.signal);
}

SignalInfo PendingSignals::take(Signal signal)
{
    QueuedSignal *first = nullptr;
    bool is_last = true;
    for (QueuedSignal &queued : queue_) {
        if (queued.info.signal != signal) continue;
        if (first != nullptr) {
            is_last = false;
            break;
        }
        first = &queued;
    }
    if (is_last) set_.remove(signal);
    if (first == nullptr) return {.signal = signal, .origin = SignalInfo::Origin::Program};
    queue_.remove(*first);
    if (first->taken != nullptr) {
        first->taken(*first);
        return first->info;
    }
    SignalInfo info = first->info;
    free_record(*first);
    return info;
}

void PendingSignals::remove(SignalSet signals)
{
    if (set_.common(signals).empty()) return;
    set_ = set_.without(signals);
    QueuedSignal *next = queue_.front();
    lib::List<&QueuedSignal::node> kept;
    while ((next = queue_.pop_front()) != nullptr) {
        if (signals.contains(next->info.signal))
            drop(*next);
        else
            kept.push_back(*next);
    }
    while ((next = kept.pop_front()) != nullptr) queue_.push_back(*next);
}

void PendingSignals::remove(QueuedSignal &queued)
{
    bool is_here = false, has_another = false;
    for (QueuedSignal &each : queue_) {
        if (&each == &queued)
            is_here = true;
        else if (each.info.signal == queued.info.signal)
            has_another = true;
        if (is_here && has_another) break;
    }
    if (!is_here) return;
    queue_.remove(queued);
    if (!has_another) set_.remove(queued.info.signal);
}

uint64_t queued_signal_count()
{
    return record_count.load();
}

lib::Result<void> reserve_queued_signal(uint64_t limit)
{
    if (record_count.load() >= limit) return lib::Errno::TryAgain;
    record_count.fetch_add(1);
    return {};
}

void release_queued_signal()
{
    record_count.fetch_sub(1);
}

} // namespace kernel
