// The kernel heap: memory for the kernel's own objects, in the direct map, never moved and never paged out.
//
// Small objects come from slab caches, one a size; larger ones are whole blocks of frames. Sizes are rounded
// up to the next cache; nothing in front of an object tells its size: its frame's descriptor does.
#pragma once

#include "mm/frame_allocator.hpp"

#include <cstddef>
#include <new>
#include <utility>

namespace mm {

// At least `size` bytes, aligned to 16, contents undefined; nullptr when out of memory. At most 4 MiB.
[[nodiscard]] void *heap_allocate(size_t size);
// What heap_allocate returned; nullptr is ignored.
void heap_free(void *object);

// An object of type T; nullptr when out of memory.
template <typename T, typename... Arguments> [[nodiscard]] T *create(Arguments &&...arguments)
{
    static_assert(alignof(T) <= 16, "the heap aligns to 16 bytes");
    void *place = heap_allocate(sizeof(T));
    if (place == nullptr) return nullptr;
    return new (place) T(std::forward<Arguments>(arguments)...);
}

// Ends the life of what create<T> made; nullptr is ignored.
template <typename T> void destroy(T *object)
{
    if (object == nullptr) return;
    object->~T();
    heap_free(object);
}

// Gives the empty slab that each cache keeps back to the frame allocator.
void drain_heap();

// Checks every slab, and all counts against the frames of kind KernelHeap. Calls machine::fail.
void audit_heap();

// Bytes handed out, rounded up as they are; for reports and for tests that look for leaks.
uint64_t heap_bytes();

// For tests: forgets everything.
void reset_kernel_heap();

} // namespace mm
