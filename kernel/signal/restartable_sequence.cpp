#include "kernel/signal/restartable_sequence.hpp"

#include "kernel/process/thread.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel {

namespace {

// struct rseq_cs (include/uapi/linux/rseq.h).
struct SequenceDescription {
    uint32_t version;
    uint32_t flags;
    uint64_t begin;
    uint64_t length;
    uint64_t abort;
};
constexpr size_t DescriptionPointer = 8; // struct rseq's rseq_cs
constexpr size_t SignatureSize = sizeof(uint32_t);

bool contains(const SequenceDescription &sequence, uint64_t address)
{
    return address - sequence.begin < sequence.length;
}

Result<void> abort_sequence(Thread &thread, TrapFrame &frame)
{
    mm::VirtAddr place = thread.restartable_area + DescriptionPointer;
    mm::VirtAddr at{TRY(read_user<uint64_t>(place))};
    if (at == mm::VirtAddr{}) return {};
    auto sequence = TRY(read_user<SequenceDescription>(at));
    bool ends_above = sequence.begin + sequence.length > mm::UserEnd.value();
    if (sequence.version != 0 || sequence.begin >= mm::UserEnd.value() ||
        sequence.length > mm::UserEnd.value() || ends_above || sequence.abort >= mm::UserEnd.value() ||
        contains(sequence, sequence.abort) || sequence.abort < SignatureSize)
        return Errno::Invalid;
    // What stands before the abort handler says that it is one.
    auto signature = TRY(read_user<uint32_t>(mm::VirtAddr{sequence.abort - SignatureSize}));
    if (signature != thread.restartable_signature) return Errno::Invalid;
    TRY_VOID(write_user(place, uint64_t{0}));
    if (contains(sequence, frame.rip)) {
        frame.rip = sequence.abort;
        frame.use_full_return();
    }
    return {};
}

} // namespace

bool abort_restartable_sequence(TrapFrame &frame)
{
    Thread &thread = current_thread();
    return thread.restartable_area == mm::VirtAddr{} || abort_sequence(thread, frame).ok();
}

} // namespace kernel
