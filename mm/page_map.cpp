// The radix tree of a memory object's pages.
#include "mm/page_map.hpp"

#include "mm/kernel_heap.hpp"
#include "mm/machine.hpp"

#include <bit>

namespace mm {

using lib::Errno;
using lib::Result;

PageMap::~PageMap() noexcept(false)
{
    if (root_ != nullptr) machine::fail("a page map is destroyed that still holds pages");
}

bool PageMap::Node::contains(uint64_t index) const
{
    // The range's size, Ways << shift, is a power of two and `begin` a multiple of it. Two shifts, because a
    // single one by 64 (the widest node) is undefined.
    return (index ^ begin) >> shift >> Bits == 0;
}

uint32_t PageMap::find(uint64_t index) const
{
    Node *node = root_;
    while (node != nullptr && node->contains(index)) {
        if (node->shift == 0) return leaf(node)->frames[node->slot(index)];
        node = inner(node)->children[node->slot(index)];
    }
    return NoFrame;
}

PageMap::Leaf *PageMap::new_leaf(uint64_t index, uint32_t frame)
{
    Leaf *made = create<Leaf>();
    if (made == nullptr) return nullptr;
    made->begin = index & ~uint64_t{Ways - 1};
    made->shift = 0;
    made->used = 1;
    for (uint32_t &each : made->frames) each = NoFrame;
    made->frames[made->slot(index)] = frame;
    return made;
}

Result<void> PageMap::insert(uint64_t index, uint32_t frame)
{
    // Down to the deepest node that contains the index, or the link where a new one must go.
    Node **link = &root_;
    Node *parent = nullptr;
    while (*link != nullptr && (*link)->contains(index)) {
        Node *node = *link;
        if (node->shift == 0) {
            uint32_t &place = leaf(node)->frames[node->slot(index)];
            if (place != NoFrame) machine::fail("a page is entered twice in a page map");
            place = frame;
            node->used++;
            size_++;
            return {};
        }
        parent = node;
        link = &inner(node)->children[node->slot(index)];
    }

    Leaf *fresh = new_leaf(index, frame);
    if (fresh == nullptr) return Errno::NoMemory;
    if (Node *other = *link; other != nullptr) {
        // The paths to `other` and to the new leaf part here: a node for the highest group of bits that
        // differs.
        Inner *fork = create<Inner>();
        if (fork == nullptr) {
            destroy(fresh);
            return Errno::NoMemory;
        }
        auto highest = static_cast<unsigned>(std::bit_width(other->begin ^ fresh->begin) - 1);
        fork->shift = static_cast<uint8_t>(highest / Bits * Bits);
        fork->begin = index >> fork->shift >> Bits << Bits << fork->shift;
        fork->used = 2;
        for (Node *&child : fork->children) child = nullptr;
        fork->children[fork->slot(other->begin)] = other;
        fork->children[fork->slot(index)] = fresh;
        *link = fork;
    } else {
        *link = fresh;
        if (parent != nullptr) parent->used++;
    }
    size_++;
    return {};
}

void PageMap::replace(uint64_t index, uint32_t value)
{
    Node *node = root_;
    while (node != nullptr && node->contains(index) && node->shift != 0)
        node = inner(node)->children[node->slot(index)];
    if (node == nullptr || !node->contains(index) || leaf(node)->frames[node->slot(index)] == NoFrame)
        machine::fail("a page is exchanged that its page map does not have");
    leaf(node)->frames[node->slot(index)] = value;
}

uint32_t PageMap::remove(uint64_t index)
{
    Node **above = nullptr; // the link to the parent of *link
    Node **link = &root_;
    while (*link != nullptr && (*link)->contains(index)) {
        Node *node = *link;
        if (node->shift != 0) {
            above = link;
            link = &inner(node)->children[node->slot(index)];
            continue;
        }
        uint32_t &place = leaf(node)->frames[node->slot(index)];
        uint32_t frame = place;
        if (frame == NoFrame) return NoFrame;
        place = NoFrame;
        size_--;
        if (--node->used != 0) return frame;

        destroy(leaf(node));
        *link = nullptr;
        if (above == nullptr) return frame;
        // An inner node with one child left is no fork any more: the child takes its place.
        Inner *fork = inner(*above);
        if (--fork->used == 1) {
            for (Node *child : fork->children) {
                if (child != nullptr) *above = child;
            }
            destroy(fork);
        }
        return frame;
    }
    return NoFrame;
}

PageMap::Page PageMap::next_in(const Node *node, uint64_t index)
{
    if (index < node->begin) index = node->begin;
    if (!node->contains(index)) return {0, NoFrame};
    for (unsigned slot = node->slot(index); slot < Ways; slot++) {
        if (node->shift == 0) {
            uint32_t frame = static_cast<const Leaf *>(node)->frames[slot];
            if (frame != NoFrame) return {node->begin + slot, frame};
        } else if (const Node *child = static_cast<const Inner *>(node)->children[slot]; child != nullptr) {
            // Only the first child can lie partly below the index, and end without a page.
            Page found = next_in(child, index);
            if (found.frame != NoFrame) return found;
        }
    }
    return {0, NoFrame};
}

PageMap::Page PageMap::next(uint64_t index) const
{
    return root_ == nullptr ? Page{0, NoFrame} : next_in(root_, index);
}

// The number of pages below `node`.
uint64_t PageMap::audit_node(const Node *node)
{
    using machine::fail;
    if (node->shift % Bits != 0) fail("a page map's node has a wrong level");
    if ((node->begin & ((uint64_t{Ways} << node->shift) - 1)) != 0)
        fail("a page map's node is not aligned to its span");
    uint64_t pages = 0;
    unsigned used = 0;
    for (unsigned slot = 0; slot < Ways; slot++) {
        if (node->shift == 0) {
            used += static_cast<const Leaf *>(node)->frames[slot] != NoFrame;
            continue;
        }
        const Node *child = static_cast<const Inner *>(node)->children[slot];
        if (child == nullptr) continue;
        used++;
        if (child->shift >= node->shift) fail("a page map's node is not smaller than its parent");
        if (!node->contains(child->begin) || node->slot(child->begin) != slot)
            fail("a page map's node hangs in a wrong place");
        pages += audit_node(child);
    }
    if (used != node->used) fail("a page map's node miscounts its slots");
    if (used < (node->shift == 0 ? 1u : 2u)) fail("a page map has a node that it does not need");
    return node->shift == 0 ? used : pages;
}

void PageMap::audit() const
{
    uint64_t pages = root_ == nullptr ? 0 : audit_node(root_);
    if (pages != size_) machine::fail("a page map miscounts its pages");
}

} // namespace mm
