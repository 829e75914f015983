// Membership in the queues of what is watched. See poll.hpp.
#include "kernel/file/poll.hpp"

#include "mm/kernel_heap.hpp"

namespace kernel {

// The queue belongs to what the file is: so the file is kept until it has been left.
struct PollWatch::Place {
    Place(const Ref<File> &file, WaitQueue &queue, Sleeper &sleeper, Place *next)
        : file(file), membership(queue, sleeper), next(next)
    {}

    Ref<File> file;
    QueuedSleeper membership;
    Place *next;
};

PollWatch::~PollWatch()
{
    while (places_) {
        Place *next = places_->next;
        mm::destroy(places_);
        places_ = next;
    }
}

uint32_t PollWatch::look(const Ref<File> &file, uint32_t wanted)
{
    looked_at_ = &file;
    wanted_ = wanted;
    return file->inode().poll(*file, *this);
}

void PollWatch::join(WaitQueue &queue)
{
    if (!joining_) return;
    auto *place = mm::create<Place>(*looked_at_, queue, sleeper_, places_);
    if (place)
        places_ = place;
    else
        out_of_memory_ = true;
}

} // namespace kernel
