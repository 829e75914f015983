// SlabCache: objects of one size, cut from single frames ("slabs", Bonwick 1994).
//
// All bookkeeping of a slab is in its frame's descriptor, so the frame itself holds nothing but objects: a
// free one holds the offset of the next free one. Slabs with room are in a list; full ones are in none, and
// find back to it through the descriptor when one of their objects is freed. Of empty slabs one is kept, the
// others go back at once.
#pragma once

#include "lib/spinlock.hpp"
#include "mm/frame_allocator.hpp"

namespace mm {

class SlabCache {
public:
    // Objects of `size` bytes, a multiple of 16: they are aligned to 16, or to the size if it is a power of
    // two.
    constexpr explicit SlabCache(uint16_t size) : size_(size) {}

    // nullptr when out of memory.
    void *allocate();
    // `slab` is the descriptor of the frame that `object` lies in; its owner is this cache.
    void free(void *object, Frame &slab);
    // Gives the empty slab back.
    void drain();

    uint16_t object_size() const { return size_; }
    // Slabs and objects in use; only for tests and reports.
    struct Usage {
        uint64_t slabs, objects;
    };
    Usage usage();

    // Checks the list and every slab in it; `slabs` and `objects`, counted from all descriptors, must agree.
    void audit(Usage counted);

private:
    // Objects of a free list are known by their offset in the frame; this offset is none (objects begin at 0,
    // 16 …).
    static constexpr uint16_t None = UINT16_MAX;

    struct Slabs {
        uint32_t first = NoFrame; // of those with room
        uint32_t empty = NoFrame; // the one that is kept, also in the list
        uint64_t slabs = 0, objects = 0;

        void link(uint32_t slab);
        void unlink(uint32_t slab);
    };

    bool grow(Slabs &slabs);
    void give_back(Slabs &slabs, uint32_t slab);
    void audit_slab(uint32_t slab) const;

    uint16_t size_;
    lib::Guarded<Slabs> slabs_;
};

} // namespace mm
