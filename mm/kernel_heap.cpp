// Which cache serves which size; large objects as blocks of frames.
#include "mm/kernel_heap.hpp"

#include "mm/slab.hpp"

#include <bit>

namespace mm {

namespace {

// Steps of 16 where objects are many and small; then sizes that leave little of a frame unused.
constexpr uint16_t Sizes[] = {16,  32,  48,  64,  80,  96,  112,  128,  144, 160,
                              192, 224, 256, 336, 512, 672, 1024, 1360, 2048};
constexpr size_t Caches = std::size(Sizes);
constexpr size_t LargestSmall = Sizes[Caches - 1];

template <typename> struct CacheArray;
template <size_t... I> struct CacheArray<std::index_sequence<I...>> {
    SlabCache cache[Caches] = {SlabCache{Sizes[I]}...};
};
[[gnu::section(".data.large")]] constinit CacheArray<std::make_index_sequence<Caches>> caches_by_size;
constexpr auto &caches = caches_by_size.cache;

// of[n]: the index of the smallest cache whose objects have at least n * 16 bytes.
struct CacheTable {
    uint8_t of[LargestSmall / 16 + 1];
};
constexpr CacheTable make_cache_table()
{
    CacheTable table{};
    uint8_t cache = 0;
    for (size_t n = 0; n <= LargestSmall / 16; n++) {
        while (Sizes[cache] < n * 16) cache++;
        table.of[n] = cache;
    }
    return table;
}
constexpr CacheTable cache_table = make_cache_table();

constinit std::atomic<uint64_t> large_bytes{0};

unsigned order_for(size_t size)
{
    return static_cast<unsigned>(std::bit_width((size - 1) >> PageShift));
}

} // namespace

void *heap_allocate(size_t size)
{
    if (frames().allocation_is_to_fail()) return nullptr;
    if (size <= LargestSmall) return caches[cache_table.of[(size + 15) / 16]].allocate();
    if (size > PageSize << MaxOrder) return nullptr;
    unsigned order = order_for(size);
    auto block = frames().allocate_block(FrameKind::KernelHeap, order);
    if (!block) return nullptr;
    // Every frame says that no slab cache owns it; the first one knows the size (descriptor.order).
    for (uint64_t i = 0; i < uint64_t{1} << order; i++) descriptor(*block + i * PageSize).heap = {};
    large_bytes.fetch_add(PageSize << order, std::memory_order_relaxed);
    return machine::window(*block);
}

void heap_free(void *object)
{
    if (object == nullptr) return;
    PhysAddr address = machine::physical_address(object);
    Frame &frame = descriptor(address);
#if VITRINE_CHECKED
    if (frame.kind != FrameKind::KernelHeap)
        machine::fail("heap_free was given what the kernel heap does not own");
#endif
    if (auto *cache = static_cast<SlabCache *>(frame.heap.owner)) return cache->free(object, frame);
    large_bytes.fetch_sub(PageSize << frame.order, std::memory_order_relaxed);
    frames().free_block(address, frame.order);
}

void drain_heap()
{
    for (SlabCache &cache : caches) cache.drain();
}

uint64_t heap_bytes()
{
    uint64_t bytes = large_bytes.load(std::memory_order_relaxed);
    for (SlabCache &cache : caches) bytes += cache.usage().objects * cache.object_size();
    return bytes;
}

void audit_heap()
{
    SlabCache::Usage counted[Caches] = {};
    uint64_t large_frames = 0;
    frames().for_each_frame([&](PhysAddr, const Frame &frame) {
        if (frame.kind != FrameKind::KernelHeap) return;
        auto *owner = static_cast<SlabCache *>(frame.heap.owner);
        if (owner == nullptr) {
            large_frames++;
            return;
        }
        if (owner < caches || owner >= caches + Caches) machine::fail("a slab belongs to no cache");
        counted[owner - caches].slabs++;
        counted[owner - caches].objects += frame.heap.in_use;
    });
    for (size_t i = 0; i < Caches; i++) caches[i].audit(counted[i]);
    if (large_frames * PageSize != large_bytes.load(std::memory_order_relaxed))
        machine::fail("the kernel heap miscounts its large objects");
}

void reset_kernel_heap()
{
    for (SlabCache &cache : caches) {
        uint16_t size = cache.object_size();
        new (&cache) SlabCache(size);
    }
    large_bytes.store(0, std::memory_order_relaxed);
}

} // namespace mm
