// The notes of a recording: the pages of the present interval, and the records that wait to be taken.
#include "mm/reference_recorder.hpp"

#include "mm/kernel_heap.hpp"

#include <algorithm>

namespace mm {

Result<ReferenceRecorder *> ReferenceRecorder::create(unsigned pages, Clock clock, Request request)
{
    auto *noted = static_cast<Noted *>(heap_allocate(pages * sizeof(Noted)));
    auto *records = static_cast<ReferenceRecord *>(heap_allocate(Room * sizeof(ReferenceRecord)));
    ReferenceRecorder *recorder = nullptr;
    if (noted != nullptr && records != nullptr)
        recorder = mm::create<ReferenceRecorder>(pages, clock, request, noted, records);
    if (recorder != nullptr) return recorder;
    heap_free(noted);
    heap_free(records);
    return Errno::NoMemory;
}

ReferenceRecorder::ReferenceRecorder(unsigned pages, Clock clock, Request request, Noted *noted,
                                     ReferenceRecord *records)
    : pages_(pages), clock_(clock), request_(request), start_(clock()), noted_(noted), records_(records)
{}

void ReferenceRecorder::destroy()
{
    heap_free(noted_);
    heap_free(records_);
    mm::destroy(this);
}

// The last ones are the likeliest.
const ReferenceRecorder::Noted *ReferenceRecorder::find(VirtAddr page) const
{
    for (unsigned i = count_; i > 0; i--) {
        if (noted_[i - 1].page == page) return &noted_[i - 1];
    }
    return nullptr;
}

void ReferenceRecorder::note(VirtAddr page, bool write)
{
    if (const Noted *found = find(page)) {
        if (!write || found->written) return;
        noted_[found - noted_].written = true;
    } else {
        if (count_ == 0) put(ReferenceRecord::time(clock_() - start_));
        noted_[count_++] = {page, write};
    }
    put(ReferenceRecord::reference(page, write));
    if (is_half_full()) request_();
}

void ReferenceRecorder::put(ReferenceRecord record)
{
    lock_.lock();
    if (waiting_ < Room)
        records_[(first_ + waiting_++) % Room] = record;
    else if (record.kind() == ReferenceRecord::Kind::Reference)
        lost_++;
    lock_.unlock();
}

size_t ReferenceRecorder::take(std::span<ReferenceRecord> records)
{
    lock_.lock();
    size_t count = std::min(records.size(), waiting_);
    for (size_t i = 0; i < count; i++) records[i] = records_[(first_ + i) % Room];
    first_ = (first_ + count) % Room;
    waiting_ -= count;
    lock_.unlock();
    return count;
}

} // namespace mm
