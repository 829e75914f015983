// The kernel heap: slabs of small objects, blocks for large ones.
#include "mm/kernel_heap.hpp"
#include "tests/host/random.hpp"
#include "tests/host/test.hpp"

#include <cstring>
#include <map>
#include <set>

using namespace mm;

namespace {

class KernelHeapTest : public host::MachineTest {
protected:
    void TearDown() override
    {
        EXPECT_EQ(heap_bytes(), 0u) << "the test leaks";
        drain_heap();
        EXPECT_EQ(frames().count(FrameKind::KernelHeap), 0u);
        MachineTest::TearDown();
    }
    static uint64_t heap_frames() { return frames().count(FrameKind::KernelHeap); }
};

uint64_t address_of(const void *pointer)
{
    return machine::physical_address(pointer).value();
}

} // namespace

TEST_F(KernelHeapTest, objects_do_not_overlap_and_are_aligned)
{
    std::vector<void *> objects;
    std::map<uint64_t, uint64_t> extents;
    for (size_t size = 1; size <= 3000; size += 7) {
        void *object = heap_allocate(size);
        ASSERT_NE(object, nullptr);
        memset(object, 0xff, size);
        EXPECT_EQ(address_of(object) % 16, 0u);
        extents[address_of(object)] = size;
        objects.push_back(object);
    }
    uint64_t end = 0;
    for (auto [begin, size] : extents) {
        EXPECT_LE(end, begin);
        end = begin + size;
    }
    audit_heap();
    for (void *object : objects) heap_free(object);
}

TEST_F(KernelHeapTest, objects_whose_size_is_a_power_of_two_are_aligned_to_it)
{
    for (size_t size : {64, 256, 1024, 2048, 4096, 65536}) {
        void *one = heap_allocate(size), *other = heap_allocate(size);
        EXPECT_EQ(address_of(one) % size, 0u) << size;
        EXPECT_EQ(address_of(other) % size, 0u) << size;
        heap_free(one);
        heap_free(other);
    }
}

TEST_F(KernelHeapTest, one_frame_serves_many_small_objects)
{
    std::set<void *> objects;
    for (int i = 0; i < 4096 / 64; i++) objects.insert(heap_allocate(64));
    EXPECT_EQ(objects.size(), 64u);
    EXPECT_EQ(heap_frames(), 1u);
    void *one_more = heap_allocate(64);
    EXPECT_EQ(heap_frames(), 2u);
    audit_heap();
    heap_free(one_more);
    for (void *object : objects) heap_free(object);
}

TEST_F(KernelHeapTest, of_the_empty_slabs_one_is_kept_and_drain_returns_it)
{
    std::vector<void *> objects;
    for (int i = 0; i < 5 * 4; i++) objects.push_back(heap_allocate(1024));
    EXPECT_EQ(heap_frames(), 5u);
    for (void *object : objects) heap_free(object);
    EXPECT_EQ(heap_frames(), 1u);
    drain_heap();
    EXPECT_EQ(heap_frames(), 0u);
}

TEST_F(KernelHeapTest, drain_leaves_slabs_that_are_in_use)
{
    void *object = heap_allocate(100);
    drain_heap();
    EXPECT_EQ(heap_frames(), 1u);
    heap_free(object);
}

TEST_F(KernelHeapTest, a_full_slab_has_room_again_after_a_free)
{
    std::vector<void *> objects;
    for (int i = 0; i < 3 * 2; i++) objects.push_back(heap_allocate(2048));
    EXPECT_EQ(heap_frames(), 3u);
    void *freed = objects[2];
    heap_free(freed);
    audit_heap();
    objects[2] = heap_allocate(2048);
    EXPECT_EQ(objects[2], freed);
    EXPECT_EQ(heap_frames(), 3u);
    for (void *object : objects) heap_free(object);
}

TEST_F(KernelHeapTest, large_objects_are_whole_blocks_and_go_back_at_once)
{
    void *three_pages = heap_allocate(3 * PageSize);
    EXPECT_EQ(heap_frames(), 4u);
    void *largest = heap_allocate(PageSize << MaxOrder);
    EXPECT_EQ(heap_frames(), 4u + (1 << MaxOrder));
    EXPECT_EQ(heap_bytes(), (4 + (1 << MaxOrder)) * PageSize);
    audit_heap();
    heap_free(largest);
    heap_free(three_pages);
    EXPECT_EQ(heap_frames(), 0u);
    EXPECT_EQ(heap_allocate((PageSize << MaxOrder) + 1), nullptr);
}

TEST_F(KernelHeapTest, out_of_memory_is_a_null_pointer)
{
    std::vector<void *> objects;
    while (void *object = heap_allocate(2048)) objects.push_back(object);
    EXPECT_EQ(objects.size(), 2 * frames().total());
    EXPECT_EQ(create<uint64_t>(), nullptr) << "there is no slab of that size, and no frame for one";
    EXPECT_EQ(heap_allocate(5000), nullptr);
    for (void *object : objects) heap_free(object);
}

TEST_F(KernelHeapTest, injected_failures_reach_objects_too)
{
    void *object = heap_allocate(32);
    frames().fail_allocations(0);
    EXPECT_EQ(heap_allocate(32), nullptr);
    heap_free(object);
}

TEST_F(KernelHeapTest, create_constructs_and_destroy_destructs)
{
    struct Counted {
        Counted(int &counter, int by) : counter_(counter) { counter_ += by; }
        ~Counted() { counter_--; }
        int &counter_;
    };
    int counter = 0;
    auto *object = create<Counted>(counter, 5);
    EXPECT_EQ(counter, 5);
    destroy(object);
    EXPECT_EQ(counter, 4);
    destroy(static_cast<Counted *>(nullptr));
    heap_free(nullptr);
}

// ---- What the checked build catches

TEST_F(KernelHeapTest, freeing_twice_is_found)
{
    void *other = heap_allocate(48), *object = heap_allocate(48);
    heap_free(object);
    EXPECT_FAILURE(heap_free(object), "freed twice");
    heap_free(other);
}

TEST_F(KernelHeapTest, a_pointer_into_an_object_is_found)
{
    auto *object = static_cast<char *>(heap_allocate(48));
    EXPECT_FAILURE(heap_free(object + 16), "middle of an object");
    heap_free(object);
}

TEST_F(KernelHeapTest, a_pointer_to_other_memory_is_found)
{
    PhysAddr frame = *frames().allocate(FrameKind::Anonymous);
    EXPECT_FAILURE(heap_free(machine::window(frame)), "does not own");
    frames().free(frame);
}

TEST_F(KernelHeapTest, writing_to_a_freed_object_is_found)
{
    void *other = heap_allocate(48);
    auto *object = static_cast<char *>(heap_allocate(48));
    heap_free(object);
    object[20]++;
    EXPECT_FAILURE(audit_heap(), "written to after it was freed");
    EXPECT_FAILURE((void)heap_allocate(48), "written to after it was freed");
    object[20]--;
    heap_free(other);
}

TEST_F(KernelHeapTest, random_operations_keep_contents_and_return_everything)
{
    host::Random random;
    struct Object {
        unsigned char *bytes;
        size_t size;
        unsigned char fill;
    };
    std::vector<Object> objects;
    for (int step = 0; step < 50000; step++) {
        bool filling = step / 2000 % 2 == 0;
        if (objects.empty() || random.below(10) < (filling ? 6 : 3)) {
            size_t size = random.one_in(30) ? random.between(2049, 40000)
                                            : random.between(1, random.one_in(2) ? 200 : 2048);
            if (random.one_in(20)) frames().fail_allocations(random.below(2));
            auto *bytes = static_cast<unsigned char *>(heap_allocate(size));
            frames().fail_allocations(0, 0);
            if (bytes == nullptr) continue;
            auto fill = static_cast<unsigned char>(random.bits());
            memset(bytes, fill, size);
            objects.push_back({bytes, size, fill});
        } else {
            size_t which = random.below(objects.size());
            Object object = objects[which];
            objects[which] = objects.back();
            objects.pop_back();
            for (size_t i = 0; i < object.size; i++) ASSERT_EQ(object.bytes[i], object.fill);
            heap_free(object.bytes);
        }
        if (random.one_in(500)) drain_heap();
        if (random.one_in(100)) audit_heap();
    }
    for (Object &object : objects) heap_free(object.bytes);
}
