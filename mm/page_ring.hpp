// PageRing: the pages that could be given up when memory is short, in a ring through their frames'
// descriptors (Frame::list_next, list_previous): the oldest first.
//
// A frame joins at the young end when it becomes a page, and leaves when it is freed or while it is being
// written out. Both are on the path of every page fault and every unmapped page, so they are a few stores:
// the ring has a head of its own among the descriptors, and no end that would have to be asked about.
#pragma once

#include "mm/frame_allocator.hpp"

namespace mm {

class PageRing {
public:
    // `head`: the number of a frame that is never a page. Its descriptor's links are the ring's.
    void init(uint32_t head)
    {
        head_ = head;
        frame(head).list_next = frame(head).list_previous = head;
    }
    bool is_initialised() const { return head_ != NoFrame; }

    // A new page, at the young end. The frame is in no list.
    void join(uint32_t number)
    {
        frame(number).age = Frame::NewAge;
        push_young(number);
    }
    // The same for a page that was in the ring before.
    void push_young(uint32_t number)
    {
        Frame &own = frame(number);
        Frame &head = frame(head_);
        own.list_next = head_;
        own.list_previous = head.list_previous;
        frame(head.list_previous).list_next = number;
        head.list_previous = number;
    }
    void remove(uint32_t number)
    {
        Frame &own = frame(number);
        frame(own.list_next).list_previous = own.list_previous;
        frame(own.list_previous).list_next = own.list_next;
    }
    // To the young end: it was used just now.
    void rejuvenate(uint32_t number)
    {
        remove(number);
        push_young(number);
    }

    // Puts the pages in the order of their Frame::age, the lowest at the old end; those with the same keep
    // their order.
    void sort_by_age();

    // The oldest page; NoFrame when the ring is empty. The one that is next younger; NoFrame at the end.
    uint32_t oldest() const { return or_none(frame(head_).list_next); }
    uint32_t younger(uint32_t number) const { return or_none(frame(number).list_next); }

    // Walks the ring and checks its links; how many pages are in it. Calls machine::fail.
    uint64_t audit() const;

private:
    static Frame &frame(uint32_t number) { return machine::frame_array()[number]; }
    uint32_t or_none(uint32_t number) const { return number == head_ ? NoFrame : number; }

    uint32_t head_ = NoFrame;
};

} // namespace mm
