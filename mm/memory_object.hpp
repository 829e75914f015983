// MemoryObject: what an area shows a window of: private anonymous memory, shared anonymous memory, or a file.
//
// A frame's descriptor names its object and its index in it; the object knows who maps it. So all mappers of
// a frame are found without a node for each mapping.
//  - Shared anonymous and file objects hold their pages in a page map (index -> frame; one reference for the
//  map) and
//    list the areas that show them.
//  - Private anonymous memory belongs to a family: the address spaces descended from one by fork. A private
//  page's
//    index is its virtual page number in every one of them (mremap rewrites it), so the family's spaces are
//    asked for that page.
//
// Anonymous pages may be on a swap device. The page map then has their slot; of private ones each page-table
// entry.
#pragma once

#include "lib/intrusive_list.hpp"
#include "lib/result.hpp"
#include "lib/spinlock.hpp"
#include "mm/frame_allocator.hpp"
#include "mm/page_map.hpp"
#include "mm/read_ahead.hpp"

#include <atomic>

namespace mm {

class AddressSpace;
class VmArea;

// Where a file's pages come from. Implemented by the kernel's file systems and by tests.
class PageSource {
public:
    // Fills the frame with page `index` of the file; bytes past the end of the file are zero.
    virtual Result<void> read_page(uint64_t index, PhysAddr frame) = 0;
    // Whether there may be a page more that read_page() would make, for who fills it himself. NoSpace.
    virtual Result<void> allow_page() { return {}; }
    // The file's size in bytes now.
    virtual uint64_t size() const = 0;
    // Every reference to its object but the first, which is its own, is one to the source.
    virtual void retain() {}
    virtual void release() {}

protected:
    ~PageSource() = default;
};

class MemoryObject {
public:
    enum class Kind : uint8_t { PrivateAnonymous, SharedAnonymous, File };

    // The caller owns one reference of the result. A File's source must outlive the object. `end`: of shared
    // anonymous memory without a source, one past its last page. NoMemory.
    static Result<MemoryObject *> create(Kind kind, PageSource *source = nullptr, uint64_t end = UINT64_MAX);

    void share()
    {
        references_.fetch_add(1, std::memory_order_relaxed);
        if (source_ != nullptr) source_->retain();
    }
    // Gives up one reference; the last one frees the object and its cached pages.
    void drop();

    Kind kind() const { return kind_; }
    bool is_private_anonymous() const { return kind_ == Kind::PrivateAnonymous; }
    PageSource *source() const { return source_; }
    // One past the last page that there can be now.
    uint64_t end() const
    {
        return source_ != nullptr ? round_up_to_page(source_->size()) >> PageShift : end_;
    }

    // Shared anonymous memory with a source is a file that can be written: its pages are memory and may be on
    // a swap device; the source fills those that nobody has written yet and says where the file ends.

    // Shared anonymous and file: the frame of page `index`, fetched (zeroed or read) when absent. The result
    // stays owned by the object: share() the frame to map it. NoMemory; BadAddress past the end (SIGBUS); the
    // source's own error when it fails (InputOutput); TryAgain: it is on its way from a swap device, or
    // cannot start yet (slot_of tells what to wait for).
    Result<PhysAddr> page(uint64_t index);
    // The same for a page that is on a swap device, wherever the file ends: room may be kept behind its end
    // (fallocate(2)). BadAddress: it is not on one.
    Result<PhysAddr> page_in_slot(uint64_t index);
    // A frame with undefined contents for page `index`, which is nowhere: nobody sees it before the caller
    // has filled it and gives it away by insert_page() or discard_page(). Sleeping meanwhile is allowed.
    // NoMemory; BadAddress past the end; what the source has against it.
    Result<PhysAddr> new_page(uint64_t index);
    // It is the object's now, in its place. Exists: there is another one by now; NoMemory: then it still is
    // the caller's.
    Result<void> insert_page(PhysAddr frame);
    void discard_page(PhysAddr frame);
    // The frame of a page that is in memory, with a reference more, the caller's (drop_page()); address 0,
    // which never is a page: it is not. The caller has a reference of the object for as long.
    PhysAddr hold_present(uint64_t index) const;
    // The first page at or after `index` that is there or on a swap device; UINT64_MAX: none.
    uint64_t next_page(uint64_t index) const;
    // Whether it is there already.
    bool has_page(uint64_t index) const;
    // The slot of a page that is on a swap device; slot 0: it is not.
    SwapSlot slot_of(uint64_t index) const;
    // How many are.
    uint64_t cached_pages() const { return contents_.lock()->pages.size(); }

    // A page could not be read along with others: the next read brings one alone.
    void read_singly() { contents_.lock()->read_ahead.came(0); }

    // The reclaimer's: `frame`, which nobody maps any more, is forgotten: a page of a file can be read again;
    // one of shared memory has its contents in `slot`. The caller takes over the object's reference.
    void forget_page(uint32_t frame);
    void page_is_in(SwapSlot slot, uint32_t frame);

    // Drops cached pages of a file that nobody maps. Returns how many.
    uint64_t drain();

    // The file ends before page `pages` now, as source()->size() says already: what lies behind is gone, also
    // from every space that shows it, private copies included (Linux's truncate_pagecache()). What is left of
    // the page that the end lies in is for the caller to clear (HeldPage). Does not sleep; the caller has no
    // turn in any space.
    void truncate(uint64_t pages);
    // The first part of it, for long work in pieces: of what lies behind, pages [first, end) go.
    void truncate_part(uint64_t first, uint64_t end);
    // A hole is made: these pages begin anew, as when they were not there yet. Private copies stay. As above.
    void discard(uint64_t first, uint64_t pages);
    // All areas that show this object show `heir` from now on, which has the same contents or will get them.
    // Private copies stay. As above.
    void hand_over(MemoryObject &heir);
    // Whether this frame is the object's page, and one of its references the object's.
    bool holds(uint32_t frame) const;

    // The areas that show this object (private anonymous memory keeps no list: nothing happens).
    void attach(VmArea &area);
    void detach(VmArea &area);
    // visitor(VmArea &), with the object locked.
    template <typename Visitor, typename Area = VmArea> void for_each_area(Visitor &&visitor) const
    {
        auto contents = contents_.lock();
        for (lib::ListNode *node = contents->areas.next(); node != &contents->areas; node = node->next())
            visitor(lib::element<&Area::object_node>(*node));
    }

    // Private anonymous memory: the spaces of the family.
    void attach(AddressSpace &space);
    void detach(AddressSpace &space);
    bool has_several_spaces() const;
    // visitor(AddressSpace &), with the object locked.
    template <typename Visitor, typename Space = AddressSpace> void for_each_space(Visitor &&visitor) const
    {
        auto contents = contents_.lock();
        for (lib::ListNode *node = contents->areas.next(); node != &contents->areas; node = node->next())
            visitor(lib::element<&Space::family_node_>(*node));
    }
    // The first page at or after `index` that is on a swap device, in shared memory. False: there is none.
    bool next_slot(uint64_t &index, SwapSlot &slot) const;

    // Checks the page map, the frames in it and the list of areas. Calls machine::fail.
    void audit() const;

private:
    template <typename T, typename... Arguments> friend T *create(Arguments &&...);
    template <typename T> friend void destroy(T *);

    struct Contents {
        PageMap pages;
        // The head of a ring: through VmArea::object_node, or a family's through AddressSpace::family_node_.
        lib::ListNode areas;
        ReadAhead read_ahead;
    };

    MemoryObject(Kind kind, PageSource *source, uint64_t end) : kind_(kind), source_(source), end_(end) {}
    ~MemoryObject() = default;

    FrameKind frame_kind() const { return kind_ == Kind::File ? FrameKind::File : FrameKind::Anonymous; }
    Result<PhysAddr> allocate_page(uint64_t index);
    Result<PhysAddr> fetch(uint64_t index);
    enum class Copies : bool { Stay, Go };
    void forget_pages(uint64_t first, uint64_t end, Copies copies);
    bool unmap_pages(uint64_t first, uint64_t end, Copies copies);
    Result<PhysAddr> bring_back(Contents &contents, uint64_t index, SwapSlot slot);

    Kind kind_;
    std::atomic<uint32_t> references_{1};
    PageSource *source_;
    uint64_t end_;
    mutable lib::Guarded<Contents> contents_;
    lib::ListNode registry_node_;
    friend struct AnonymousObjects;
};

// The anonymous object after `previous`, or the first: for swapoff(2). The caller gives up `previous` and
// gets a reference of the result; nullptr: there is no more.
MemoryObject *next_anonymous_object(MemoryObject *previous);
// How many pages of shared memory and of files that are memory are in frames.
uint64_t shared_memory_pages();
// Host tests: forgets them.
void reset_anonymous_objects();

} // namespace mm
