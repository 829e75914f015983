// PageMap: page index -> frame number, for the pages of one memory object.
//
// A radix tree of 16-way nodes. A node exists only where indices part: a path without branches takes no nodes
// (as in a Patricia tree), so that 64 pages, one in each GiB of a 64 GiB object, cost 64 leaves and seventeen
// inner nodes (7.5 KiB), and a dense file five bytes a page. Nodes come from the kernel heap.
//
// A page that is on a swap device has its slot here instead of a frame number.
#pragma once

#include "lib/result.hpp"
#include "mm/frame.hpp"
#include "mm/swap_slot.hpp"

namespace mm {

class PageMap {
public:
    constexpr PageMap() = default;
    // Must be empty: its pages have owners. (noexcept(false): the simulated machine's fail() throws.)
    ~PageMap() noexcept(false);
    PageMap(const PageMap &) = delete;
    PageMap &operator=(const PageMap &) = delete;

    uint64_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

    // Values with this bit are slots (NoFrame, which has it too, is none: SwapSlot::MaxAreas).
    static constexpr uint32_t SlotBit = uint32_t{1} << 31;
    static constexpr bool is_slot(uint32_t value) { return value != NoFrame && value & SlotBit; }
    static constexpr uint32_t value_of(SwapSlot slot) { return slot.raw() | SlotBit; }
    static constexpr SwapSlot slot_in(uint32_t value) { return SwapSlot::from_raw(value & ~SlotBit); }

    // The frame number of page `index` (or its slot, see above), or NoFrame.
    uint32_t find(uint64_t index) const;
    // `index` must be absent. NoMemory changes nothing.
    lib::Result<void> insert(uint64_t index, uint32_t frame);
    // Exchanges the value of a page that is there.
    void replace(uint64_t index, uint32_t value);
    // The frame number that was there, or NoFrame.
    uint32_t remove(uint64_t index);

    // The first page at or after `index`. frame is NoFrame when there is none.
    struct Page {
        uint64_t index;
        uint32_t frame;
    };
    Page next(uint64_t index) const;

    // Checks shape and counts. Calls machine::fail.
    void audit() const;

private:
    static constexpr unsigned Bits = 4;
    static constexpr unsigned Ways = 1 << Bits;

    // Stands for the Ways << shift indices from `begin`; every inner node has at least two children.
    struct Node {
        uint64_t begin;
        uint8_t shift; // 0: a leaf, whose slots are frames
        uint8_t used;  // slots in use

        bool contains(uint64_t index) const;
        unsigned slot(uint64_t index) const { return index >> shift & (Ways - 1); }
    };
    struct Leaf : Node {
        uint32_t frames[Ways];
    };
    struct Inner : Node {
        Node *children[Ways];
    };

    static Leaf *leaf(Node *node) { return static_cast<Leaf *>(node); }
    static Inner *inner(Node *node) { return static_cast<Inner *>(node); }
    static Leaf *new_leaf(uint64_t index, uint32_t frame);
    static Page next_in(const Node *node, uint64_t index);
    static uint64_t audit_node(const Node *node);

    Node *root_ = nullptr;
    uint64_t size_ = 0;
};

} // namespace mm
