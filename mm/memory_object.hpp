// MemoryObject: what an area shows a window of: private anonymous memory, shared anonymous memory, or a file.
//
// A frame's descriptor names its object and its index in it; the object knows who maps it. So all mappers of a frame
// are found without a node for each mapping.
//  - Shared anonymous and file objects hold their pages in a page map (index -> frame; one reference for the map) and
//    list the areas that show them.
//  - Private anonymous memory belongs to a family: the address spaces descended from one by fork. A private page's
//    index is its virtual page number in every one of them (mremap rewrites it), so the family's spaces are asked for
//    that page.
#pragma once

#include "lib/intrusive_list.hpp"
#include "lib/result.hpp"
#include "mm/frame_allocator.hpp"
#include "mm/page_map.hpp"

#include <atomic>

namespace mm {

class VmArea;

// Where a file's pages come from. Implemented by the kernel's file systems and by tests.
class PageSource {
public:
    // Fills the frame with page `index` of the file; bytes past the end of the file are zero.
    virtual Result<void> read_page(uint64_t index, PhysAddr frame) = 0;
    // The file's size in bytes now.
    virtual uint64_t size() const = 0;

protected:
    ~PageSource() = default;
};

class MemoryObject {
public:
    enum class Kind : uint8_t { PrivateAnonymous, SharedAnonymous, File };

    // The caller owns one reference of the result. A File's source must outlive the object. NoMemory.
    static Result<MemoryObject *> create(Kind kind, PageSource *source = nullptr);

    void share() { references_.fetch_add(1, std::memory_order_relaxed); }
    // Gives up one reference; the last one frees the object and its cached pages.
    void drop();

    Kind kind() const { return kind_; }
    bool is_private_anonymous() const { return kind_ == Kind::PrivateAnonymous; }
    PageSource *source() const { return source_; }

    // Shared anonymous and file: the frame of page `index`, fetched (zeroed or read) when absent. The result stays
    // owned by the object: share() the frame to map it. NoMemory; BadAddress past the end of a file (SIGBUS);
    // InputOutput when the source fails.
    Result<PhysAddr> page(uint64_t index);
    // The same, but only if it is there already.
    PhysAddr *cached_page(uint64_t index) = delete;
    bool has_page(uint64_t index) const;

    // Drops cached pages of a file that nobody maps. Returns how many.
    uint64_t drain();

    // The areas that show this object (not for private anonymous memory).
    void attach(VmArea &area);
    void detach(VmArea &area);

    void audit() const;

private:
    Kind kind_;
    std::atomic<uint32_t> references_{1};
    PageSource *source_;
    PageMap pages_;
    // … list of areas
};

} // namespace mm
