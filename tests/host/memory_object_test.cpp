// MemoryObject: pages of shared memory and of files.
#include "mm/memory_object.hpp"
#include "mm/vm_area.hpp"
#include "tests/host/random.hpp"
#include "tests/host/test.hpp"

#include <cstring>
#include <functional>
#include <utility>

using namespace mm;

namespace {

// A file whose page n is filled with the byte n + 1, up to its size.
class TestFile : public PageSource {
public:
    explicit TestFile(uint64_t bytes) : bytes_(bytes) {}
    Result<void> read_page(uint64_t index, PhysAddr frame) override
    {
        reads++;
        if (auto hook = std::exchange(on_read, nullptr)) hook(index);
        if (broken) return Errno::InputOutput;
        auto *content = static_cast<unsigned char *>(machine::window(frame));
        uint64_t begin = index * PageSize;
        for (uint64_t i = 0; i < PageSize; i++)
            content[i] = begin + i < bytes_ ? static_cast<unsigned char>(index + 1) : 0;
        return {};
    }
    uint64_t size() const override { return bytes_; }

    int reads = 0;
    bool broken = false;
    std::function<void(uint64_t)> on_read; // called once
    uint64_t bytes_;
};

unsigned char byte_at(PhysAddr frame, uint64_t offset)
{
    return static_cast<unsigned char *>(machine::window(frame))[offset];
}

class MemoryObjectTest : public host::MachineTest {
protected:
    void TearDown() override
    {
        EXPECT_EQ(heap_bytes(), 0u) << "an object or a node was not returned";
        drain_heap();
        EXPECT_EQ(frames().free_count(), frames().total());
        MachineTest::TearDown();
    }
};

} // namespace

TEST_F(MemoryObjectTest, a_page_of_shared_memory_is_zero_and_stays_the_same)
{
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::SharedAnonymous);
    EXPECT_FALSE(object->has_page(3));
    PhysAddr frame = *object->page(3);
    EXPECT_TRUE(object->has_page(3));
    EXPECT_EQ(byte_at(frame, 0) + byte_at(frame, 4095), 0);
    EXPECT_EQ(descriptor(frame).kind, FrameKind::Anonymous);
    EXPECT_EQ(descriptor(frame).object, object);
    EXPECT_EQ(descriptor(frame).index, 3u);
    EXPECT_EQ(descriptor(frame).references.load(), 1u);
    EXPECT_EQ(*object->page(3), frame);
    EXPECT_EQ(object->cached_pages(), 1u);
    object->audit();
    object->drop();
}

TEST_F(MemoryObjectTest, a_file_is_read_once_a_page)
{
    TestFile file(3 * PageSize);
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::File, &file);
    PhysAddr frame = *object->page(2);
    EXPECT_EQ(*object->page(2), frame);
    EXPECT_EQ(file.reads, 1);
    EXPECT_EQ(byte_at(frame, 100), 3);
    EXPECT_EQ(descriptor(frame).kind, FrameKind::File);
    object->audit();
    object->drop();
}

TEST_F(MemoryObjectTest, the_last_page_of_a_file_may_be_partial_and_behind_it_is_nothing)
{
    TestFile file(PageSize + 10);
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::File, &file);
    PhysAddr frame = *object->page(1);
    EXPECT_EQ(byte_at(frame, 9), 2);
    EXPECT_EQ(byte_at(frame, 10), 0);
    EXPECT_EQ(object->page(2).error(), Errno::BadAddress);
    EXPECT_EQ(object->page(UINT64_MAX).error(), Errno::BadAddress);
    object->drop();
}

TEST_F(MemoryObjectTest, an_empty_file_has_no_page)
{
    TestFile file(0);
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::File, &file);
    EXPECT_EQ(object->page(0).error(), Errno::BadAddress);
    object->drop();
}

TEST_F(MemoryObjectTest, a_failing_source_leaves_no_page)
{
    TestFile file(PageSize);
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::File, &file);
    file.broken = true;
    EXPECT_EQ(object->page(0).error(), Errno::InputOutput);
    EXPECT_FALSE(object->has_page(0));
    EXPECT_EQ(frames().count(FrameKind::File), 0u);
    file.broken = false;
    EXPECT_TRUE(object->page(0));
    object->drop();
}

TEST_F(MemoryObjectTest, a_page_that_is_filled_before_it_is_there)
{
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::SharedAnonymous, nullptr, 8);
    PhysAddr frame = *object->new_page(5);
    EXPECT_FALSE(object->has_page(5));
    static_cast<uint8_t *>(mm::machine::window(frame))[77] = 9;
    ASSERT_TRUE(object->insert_page(frame).ok());
    EXPECT_EQ(*object->page(5), frame);
    EXPECT_EQ(byte_at(frame, 77), 9);
    EXPECT_EQ(object->new_page(8).error(), Errno::BadAddress);
    object->audit();
    object->drop();
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 0u);
}

TEST_F(MemoryObjectTest, a_page_that_came_first_stays)
{
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::SharedAnonymous);
    PhysAddr own = *object->new_page(5);
    PhysAddr other = *object->page(5);
    EXPECT_NE(own, other);
    EXPECT_EQ(object->insert_page(own).error(), Errno::Exists);
    EXPECT_EQ(*object->page(5), other);
    object->discard_page(own);
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 1u);
    object->audit();
    object->drop();
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 0u);
}

TEST_F(MemoryObjectTest, there_is_nothing_behind_the_end)
{
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::SharedAnonymous, nullptr, 8);
    EXPECT_TRUE(object->page(7));
    EXPECT_EQ(object->page(8).error(), Errno::BadAddress);
    EXPECT_EQ(object->page(UINT64_MAX).error(), Errno::BadAddress);
    object->drop();
}

TEST_F(MemoryObjectTest, no_memory_leaves_no_page)
{
    frames().fail_allocations(0);
    EXPECT_EQ(MemoryObject::create(MemoryObject::Kind::SharedAnonymous).error(), Errno::NoMemory);
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::SharedAnonymous);
    for (uint64_t successes : {0, 1, 2}) {
        frames().fail_allocations(successes); // the frame, the node, the node's slab
        EXPECT_EQ(object->page(0).error(), Errno::NoMemory) << successes;
        EXPECT_EQ(frames().count(FrameKind::Anonymous), 0u);
        object->audit();
    }
    EXPECT_TRUE(object->page(0));
    object->drop();
}

TEST_F(MemoryObjectTest, who_reads_a_page_at_the_same_time_gets_the_same_frame)
{
    // The source sleeps, and meanwhile another one fetches the page.
    TestFile file(PageSize);
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::File, &file);
    PhysAddr others;
    file.on_read = [&](uint64_t index) { others = *object->page(index); };
    EXPECT_EQ(*object->page(0), others);
    EXPECT_EQ(file.reads, 2);
    EXPECT_EQ(frames().count(FrameKind::File), 1u);
    object->drop();
}

TEST_F(MemoryObjectTest, the_last_reference_frees_pages_that_nobody_maps)
{
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::SharedAnonymous);
    object->share();
    PhysAddr mapped = *object->page(0);
    EXPECT_TRUE(object->page(1 << 20));
    frames().share(mapped);
    object->drop();
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 2u);
    object->drop();
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 1u) << "one is still mapped";
    frames().drop(mapped);
}

TEST_F(MemoryObjectTest, drain_drops_pages_of_a_file_that_nobody_maps)
{
    TestFile file(100 * PageSize);
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::File, &file);
    for (uint64_t i = 0; i < 100; i++) EXPECT_TRUE(object->page(i));
    PhysAddr mapped = *object->page(50);
    frames().share(mapped);
    EXPECT_EQ(object->drain(), 99u);
    EXPECT_TRUE(object->has_page(50));
    EXPECT_EQ(frames().count(FrameKind::File), 1u);
    object->audit();
    EXPECT_EQ(byte_at(*object->page(49), 0), 50) << "it comes back from the file";
    frames().drop(mapped);
    object->drop();
}

TEST_F(MemoryObjectTest, drain_never_drops_shared_memory)
{
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::SharedAnonymous);
    EXPECT_TRUE(object->page(0));
    EXPECT_EQ(object->drain(), 0u);
    EXPECT_TRUE(object->has_page(0));
    object->drop();
}

TEST_F(MemoryObjectTest, private_memory_holds_no_pages_of_its_own)
{
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::PrivateAnonymous);
    EXPECT_FAILURE((void)object->page(0), "private anonymous memory");
    object->drop();
}

TEST_F(MemoryObjectTest, an_object_knows_the_areas_that_show_it)
{
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::SharedAnonymous);
    VmArea one{Mapping{}, host::no_space()}, two{Mapping{}, host::no_space()};
    one.object = two.object = object;
    object->attach(one);
    object->attach(two);
    std::vector<VmArea *> seen;
    object->for_each_area([&](VmArea &area) { seen.push_back(&area); });
    EXPECT_EQ(seen, (std::vector<VmArea *>{&one, &two}));
    object->audit();
    two.object = nullptr;
    EXPECT_FAILURE(object->audit(), "shows another one");
    object->detach(one);
    object->detach(two);
    EXPECT_FALSE(one.object_node.is_linked());
    object->drop();
}

TEST_F(MemoryObjectTest, an_object_cannot_go_while_an_area_shows_it)
{
    MemoryObject *object = *MemoryObject::create(MemoryObject::Kind::SharedAnonymous);
    VmArea area{Mapping{}, host::no_space()};
    area.object = object;
    object->attach(area);
    EXPECT_FAILURE(object->drop(), "still shows");
    host::machine().reset(); // a reference was given up and nothing freed
}
