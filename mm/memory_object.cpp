// The pages of shared anonymous memory and of files, and who shows them.
#include "mm/memory_object.hpp"

#include "mm/kernel_heap.hpp"
#include "mm/vm_area.hpp"

namespace mm {

Result<MemoryObject *> MemoryObject::create(Kind kind, PageSource *source)
{
    auto *object = mm::create<MemoryObject>(kind, source);
    if (object == nullptr) return Errno::NoMemory;
    return object;
}

void MemoryObject::drop()
{
    if (references_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    {
        auto contents = contents_.lock();
        if (contents->areas.is_linked()) machine::fail("a memory object is freed that an area still shows");
        PageMap &pages = contents->pages;
        for (auto page = pages.next(0); page.frame != NoFrame; page = pages.next(page.index)) {
            pages.remove(page.index);
            frames().drop(PhysAddr::of_page(page.frame));
        }
    }
    destroy(this);
}

Result<PhysAddr> MemoryObject::page(uint64_t index)
{
    if (kind_ == Kind::PrivateAnonymous)
        machine::fail("private anonymous memory holds no pages in its object");
    if (kind_ == Kind::File && index >= round_up_to_page(source_->size()) >> PageShift)
        return Errno::BadAddress;
    uint32_t found = contents_.lock()->pages.find(index);
    if (found != NoFrame) [[likely]]
        return PhysAddr::of_page(found);
    return fetch(index);
}

Result<PhysAddr> MemoryObject::fetch(uint64_t index)
{
    PhysAddr frame = TRY(frames().allocate(frame_kind()));
    descriptor(frame).object = this;
    descriptor(frame).index = index;
    if (kind_ == Kind::File) {
        auto read = source_->read_page(index, frame);
        if (!read) {
            frames().free(frame);
            return read.error();
        }
    } else {
        machine::zero_frame(frame);
    }

    // Not locked meanwhile, since a source may sleep: look again whether another one was faster.
    Result<PhysAddr> result = frame;
    {
        auto contents = contents_.lock();
        uint32_t found = contents->pages.find(index);
        if (found == NoFrame) {
            auto inserted = contents->pages.insert(index, static_cast<uint32_t>(frame.page()));
            if (inserted) return frame;
            result = inserted.error();
        } else {
            result = PhysAddr::of_page(found);
        }
    }
    frames().free(frame);
    return result;
}

uint64_t MemoryObject::drain()
{
    // Anonymous pages have no other place to come back from.
    if (kind_ != Kind::File) return 0;
    uint64_t dropped = 0;
    auto contents = contents_.lock();
    PageMap &pages = contents->pages;
    for (auto page = pages.next(0); page.frame != NoFrame; page = pages.next(page.index + 1)) {
        PhysAddr frame = PhysAddr::of_page(page.frame);
        if (descriptor(frame).references.load(std::memory_order_relaxed) != 1) continue;
        pages.remove(page.index);
        frames().drop(frame);
        dropped++;
    }
    return dropped;
}

void MemoryObject::attach(VmArea &area)
{
    if (!is_private_anonymous()) contents_.lock()->areas.insert_before(area.object_node);
}

void MemoryObject::detach(VmArea &area)
{
    if (is_private_anonymous()) return;
    auto contents = contents_.lock();
    area.object_node.unlink();
}

void MemoryObject::audit() const
{
    using machine::fail;
    auto contents = contents_.lock();
    contents->pages.audit();
    for (auto page = contents->pages.next(0); page.frame != NoFrame;
         page = contents->pages.next(page.index + 1)) {
        const Frame &frame = descriptor(PhysAddr::of_page(page.frame));
        if (frame.kind != frame_kind()) fail("a memory object holds a frame of another kind");
        if (frame.object != this || frame.index != page.index)
            fail("a page's descriptor names another object or index");
        if (frame.references.load(std::memory_order_relaxed) == 0)
            fail("a memory object holds a frame without a reference");
    }
    const lib::ListNode *node = &contents->areas;
    do {
        if (!node->is_consistent()) fail("a memory object's list of areas is linked wrongly");
        node = node->next();
        if (node == &contents->areas) break;
        auto &area = lib::element<&VmArea::object_node>(const_cast<lib::ListNode &>(*node));
        if (area.object != this) fail("a memory object lists an area that shows another one");
    } while (true);
}

} // namespace mm
