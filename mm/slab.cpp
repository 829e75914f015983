// Slab caches: taking objects from frames and giving frames back.
#include "mm/slab.hpp"

namespace mm {

namespace {

Frame &frame_of(uint32_t slab)
{
    return machine::frame_array()[slab];
}

// The first two bytes of a free object: the offset of the next one.
uint16_t &next_free(uint32_t slab, uint16_t offset)
{
    auto *base = static_cast<unsigned char *>(machine::window(PhysAddr::of_page(slab)));
    return *reinterpret_cast<uint16_t *>(base + offset);
}

uint32_t number_of(const Frame &slab)
{
    return static_cast<uint32_t>(&slab - machine::frame_array());
}

#if VITRINE_CHECKED
// The rest of a free object is filled, and must still be so when it is handed out again.
constexpr unsigned char Filling = 0xdb;

void poison_object(void *object, uint16_t size)
{
    auto *bytes = static_cast<unsigned char *>(object);
    for (uint16_t i = sizeof(uint16_t); i < size; i++) bytes[i] = Filling;
}
void verify_object(const void *object, uint16_t size)
{
    auto *bytes = static_cast<const unsigned char *>(object);
    for (uint16_t i = sizeof(uint16_t); i < size; i++) {
        if (bytes[i] != Filling) machine::fail("a kernel object was written to after it was freed");
    }
}
#else
void poison_object(void *, uint16_t) {}
void verify_object(const void *, uint16_t) {}
#endif

} // namespace

void SlabCache::Slabs::link(uint32_t slab)
{
    Frame &frame = frame_of(slab);
    frame.list_next = first;
    frame.list_previous = NoFrame;
    if (first != NoFrame) frame_of(first).list_previous = slab;
    first = slab;
}

void SlabCache::Slabs::unlink(uint32_t slab)
{
    Frame &frame = frame_of(slab);
    if (frame.list_previous != NoFrame)
        frame_of(frame.list_previous).list_next = frame.list_next;
    else
        first = frame.list_next;
    if (frame.list_next != NoFrame) frame_of(frame.list_next).list_previous = frame.list_previous;
}

// A new slab, all of whose objects are free, in the list.
bool SlabCache::grow(Slabs &slabs)
{
    auto frame = frames().allocate(FrameKind::KernelHeap);
    if (!frame) return false;
    auto slab = static_cast<uint32_t>(frame->page());
    uint16_t offset = 0;
    for (; offset + 2 * size_ <= static_cast<int>(PageSize); offset = static_cast<uint16_t>(offset + size_)) {
        next_free(slab, offset) = static_cast<uint16_t>(offset + size_);
        poison_object(&next_free(slab, offset), size_);
    }
    next_free(slab, offset) = None;
    poison_object(&next_free(slab, offset), size_);
    frame_of(slab).heap = {.owner = this, .free = 0, .in_use = 0};
    slabs.link(slab);
    slabs.empty = slab;
    slabs.slabs++;
    return true;
}

void SlabCache::give_back(Slabs &slabs, uint32_t slab)
{
    slabs.unlink(slab);
    slabs.slabs--;
    frames().free(PhysAddr::of_page(slab));
}

void *SlabCache::allocate()
{
    auto slabs = slabs_.lock();
    if (slabs->first == NoFrame && !grow(*slabs)) [[unlikely]]
        return nullptr;
    uint32_t slab = slabs->first;
    Frame &frame = frame_of(slab);
    uint16_t &object = next_free(slab, frame.heap.free);
    verify_object(&object, size_);
    frame.heap.free = object;
    frame.heap.in_use++;
    slabs->objects++;
    if (slabs->empty == slab) slabs->empty = NoFrame;
    if (frame.heap.free == None) slabs->unlink(slab); // full
    return &object;
}

void SlabCache::free(void *object, Frame &frame)
{
    auto slabs = slabs_.lock();
    uint32_t slab = number_of(frame);
    auto offset = static_cast<uint16_t>(machine::physical_address(object).offset_in_page());
#if VITRINE_CHECKED
    if (offset % size_ != 0) machine::fail("heap_free was given a pointer into the middle of an object");
    for (uint16_t free = frame.heap.free; free != None; free = next_free(slab, free)) {
        if (free == offset) machine::fail("a kernel object is freed twice");
    }
    poison_object(object, size_);
#endif
    bool was_full = frame.heap.free == None;
    next_free(slab, offset) = frame.heap.free;
    frame.heap.free = offset;
    slabs->objects--;
    if (was_full) slabs->link(slab);
    if (--frame.heap.in_use != 0) return;
    if (slabs->empty == NoFrame)
        slabs->empty = slab;
    else
        give_back(*slabs, slab);
}

void SlabCache::drain()
{
    auto slabs = slabs_.lock();
    if (slabs->empty == NoFrame) return;
    give_back(*slabs, slabs->empty);
    slabs->empty = NoFrame;
}

SlabCache::Usage SlabCache::usage()
{
    auto slabs = slabs_.lock();
    return {slabs->slabs, slabs->objects};
}

void SlabCache::audit_slab(uint32_t slab) const
{
    using machine::fail;
    const Frame &frame = frame_of(slab);
    if (frame.kind != FrameKind::KernelHeap || frame.heap.owner != this)
        fail("a slab cache lists a frame that is not its own");
    unsigned capacity = PageSize / size_, free = 0;
    for (uint16_t offset = frame.heap.free; offset != None; offset = next_free(slab, offset)) {
        if (offset % size_ != 0 || offset + size_ > static_cast<int>(PageSize))
            fail("a slab's list of free objects is broken");
        if (++free > capacity) fail("a slab's list of free objects has a loop");
        verify_object(&next_free(slab, offset), size_);
    }
    if (free + frame.heap.in_use != capacity) fail("a slab miscounts its objects");
    if (free == 0) fail("a full slab is in the list of those with room");
}

void SlabCache::audit(Usage counted)
{
    using machine::fail;
    auto slabs = slabs_.lock();
    if (slabs->slabs != counted.slabs || slabs->objects != counted.objects)
        fail("a slab cache miscounts its slabs or objects");
    unsigned empty = 0;
    uint32_t previous = NoFrame;
    for (uint32_t slab = slabs->first; slab != NoFrame; slab = frame_of(slab).list_next) {
        audit_slab(slab);
        if (frame_of(slab).list_previous != previous) fail("a slab cache's list is linked wrongly");
        if (frame_of(slab).heap.in_use == 0) {
            empty++;
            if (slabs->empty != slab) fail("a slab cache forgot an empty slab");
        }
        previous = slab;
    }
    if (empty != (slabs->empty != NoFrame ? 1u : 0u)) fail("a slab cache's empty slab is not in its list");
}

} // namespace mm
