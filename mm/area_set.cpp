// The areas of one address space: an AVL tree (Adelson-Velsky and Landis, 1962) with the largest gap in each
// subtree.
//
// AVL: the two subtrees of every node differ in height by at most one, so that a tree of n nodes is at most
// 1.44 log2(n) high. Insertion and removal repair that on the way up by rotations.
#include "mm/area_set.hpp"

#include "mm/machine.hpp"

#include <algorithm>

namespace mm {

namespace {

int height(const VmArea *area)
{
    return area != nullptr ? area->tree.height : 0;
}

uint64_t largest_gap(const VmArea *area)
{
    return area != nullptr ? area->tree.largest_gap : 0;
}

// Positive: the left subtree is the higher one.
int balance(const VmArea &area)
{
    return height(area.tree.left) - height(area.tree.right);
}

// From the children, which must be right.
void summarise(VmArea &area)
{
    area.tree.height = 1 + std::max(height(area.tree.left), height(area.tree.right));
    area.tree.largest_gap =
        std::max({area.tree.gap, largest_gap(area.tree.left), largest_gap(area.tree.right)});
}

VmArea *leftmost(VmArea *area)
{
    while (area != nullptr && area->tree.left != nullptr) area = area->tree.left;
    return area;
}

VmArea *rightmost(VmArea *area)
{
    while (area != nullptr && area->tree.right != nullptr) area = area->tree.right;
    return area;
}

void set_left(VmArea &parent, VmArea *child)
{
    parent.tree.left = child;
    if (child != nullptr) child->tree.parent = &parent;
}

void set_right(VmArea &parent, VmArea *child)
{
    parent.tree.right = child;
    if (child != nullptr) child->tree.parent = &parent;
}

// The free space right below `area`, cut to [low, high).
VirtRange gap_below(const VmArea &area, VirtAddr low, VirtAddr high)
{
    VirtAddr end = area.guarded_begin();
    return {std::max(end - area.tree.gap, low), std::min(end, high)};
}

bool fits(uint64_t size, VirtRange range)
{
    return range.begin < range.end && range.size() >= size;
}

std::optional<VirtAddr> highest_below(const VmArea *area, uint64_t size, VirtAddr low, VirtAddr high)
{
    while (area != nullptr && area->tree.largest_gap >= size) {
        // All gaps on the right begin above this area.
        if (area->range.end < high) {
            if (auto found = highest_below(area->tree.right, size, low, high)) return found;
        }
        VirtRange gap = gap_below(*area, low, high);
        if (area->tree.gap >= size && fits(size, gap)) return gap.end - size;
        if (area->range.begin <= low) return std::nullopt; // all gaps on the left end below this area
        area = area->tree.left;
    }
    return std::nullopt;
}

std::optional<VirtAddr> lowest_below(const VmArea *area, uint64_t size, VirtAddr low, VirtAddr high)
{
    while (area != nullptr && area->tree.largest_gap >= size) {
        if (area->range.begin > low) {
            if (auto found = lowest_below(area->tree.left, size, low, high)) return found;
        }
        VirtRange gap = gap_below(*area, low, high);
        if (area->tree.gap >= size && fits(size, gap)) return gap.begin;
        if (area->range.end >= high) return std::nullopt;
        area = area->tree.right;
    }
    return std::nullopt;
}

} // namespace

VmArea *AreaSet::find(VirtAddr address) const
{
    VmArea *area = root_;
    while (area != nullptr && !area->range.contains(address)) {
        area = address < area->range.begin ? area->tree.left : area->tree.right;
    }
    return area;
}

VmArea *AreaSet::first_ending_above(VirtAddr address) const
{
    VmArea *best = nullptr;
    for (VmArea *area = root_; area != nullptr;) {
        if (area->range.end > address) {
            best = area;
            if (area->range.begin <= address) break;
            area = area->tree.left;
        } else {
            area = area->tree.right;
        }
    }
    return best;
}

VmArea *AreaSet::first() const
{
    return leftmost(root_);
}

VmArea *AreaSet::last() const
{
    return rightmost(root_);
}

VmArea *AreaSet::next(const VmArea &area)
{
    if (area.tree.right != nullptr) return leftmost(area.tree.right);
    const VmArea *below = &area;
    VmArea *above = area.tree.parent;
    while (above != nullptr && above->tree.right == below) {
        below = above;
        above = above->tree.parent;
    }
    return above;
}

VmArea *AreaSet::previous(const VmArea &area)
{
    if (area.tree.left != nullptr) return rightmost(area.tree.left);
    const VmArea *below = &area;
    VmArea *above = area.tree.parent;
    while (above != nullptr && above->tree.left == below) {
        below = above;
        above = above->tree.parent;
    }
    return above;
}

void AreaSet::insert(VmArea &area)
{
    VmArea *parent = nullptr;
    VmArea **link = &root_;
    while (*link != nullptr) {
        parent = *link;
        link = area.range.begin < parent->range.begin ? &parent->tree.left : &parent->tree.right;
    }
    area.tree = {};
    area.tree.parent = parent;
    *link = &area;
    size_++;
    resized(area);
}

void AreaSet::remove(VmArea &area)
{
    VmArea *successor = next(area);
    VmArea *changed; // the lowest node whose subtree is another one now
    if (area.tree.left != nullptr && area.tree.right != nullptr) {
        // The successor, which has no left child, leaves its place and takes the area's.
        changed = successor->tree.parent == &area ? successor : successor->tree.parent;
        if (changed != successor) {
            replace(*successor, successor->tree.right);
            set_right(*successor, area.tree.right);
        }
        set_left(*successor, area.tree.left);
        replace(area, successor);
        successor->tree.height = area.tree.height;
        successor->tree.largest_gap = area.tree.largest_gap;
    } else {
        changed = area.tree.parent;
        replace(area, area.tree.left != nullptr ? area.tree.left : area.tree.right);
    }
    area.tree = {};
    size_--;
    update_upward(changed);
    if (successor != nullptr) {
        measure_gap(*successor);
        update_upward(successor);
    }
}

void AreaSet::resized(VmArea &area)
{
    measure_gap(area);
    // A new leaf changes its parent's height even when its own summary is what it began with.
    summarise(area);
    if (area.tree.parent != nullptr) update_upward(area.tree.parent);
    if (VmArea *above = next(area)) {
        measure_gap(*above);
        update_upward(above);
    }
}

std::optional<VirtAddr> AreaSet::highest_gap(uint64_t size, VirtAddr low, VirtAddr high) const
{
    const VmArea *top = last();
    VirtRange above{top != nullptr ? std::max(top->range.end, low) : low, high};
    if (fits(size, above)) return high - size;
    return highest_below(root_, size, low, high);
}

std::optional<VirtAddr> AreaSet::lowest_gap(uint64_t size, VirtAddr low, VirtAddr high) const
{
    if (auto found = lowest_below(root_, size, low, high)) return found;
    const VmArea *top = last();
    VirtRange above{top != nullptr ? std::max(top->range.end, low) : low, high};
    if (fits(size, above)) return above.begin;
    return std::nullopt;
}

void AreaSet::measure_gap(VmArea &area)
{
    const VmArea *below = previous(area);
    VirtAddr free_from = below != nullptr ? below->range.end : VirtAddr{};
    VirtAddr free_to = area.guarded_begin();
    area.tree.gap = free_to > free_from ? free_to - free_from : 0;
}

// The pointer that leads to `area`: its parent's, or the root.
VmArea *&AreaSet::link_to(VmArea &area)
{
    VmArea *parent = area.tree.parent;
    if (parent == nullptr) return root_;
    return parent->tree.left == &area ? parent->tree.left : parent->tree.right;
}

void AreaSet::replace(VmArea &area, VmArea *with)
{
    link_to(area) = with;
    if (with != nullptr) with->tree.parent = area.tree.parent;
}

//     top              right
//    /   \             /   \ .
//   a    right   ->  top    c
//        /   \      /   \ .
//       b     c    a     b
VmArea *AreaSet::rotate_left(VmArea &top)
{
    VmArea &right = *top.tree.right;
    replace(top, &right);
    set_right(top, right.tree.left);
    set_left(right, &top);
    summarise(top);
    summarise(right);
    return &right;
}

VmArea *AreaSet::rotate_right(VmArea &top)
{
    VmArea &left = *top.tree.left;
    replace(top, &left);
    set_left(top, left.tree.right);
    set_right(left, &top);
    summarise(top);
    summarise(left);
    return &left;
}

// Returns the node that is on top of this subtree now.
VmArea *AreaSet::rebalance(VmArea &top)
{
    if (balance(top) > 1) {
        if (balance(*top.tree.left) < 0) rotate_left(*top.tree.left);
        return rotate_right(top);
    }
    if (balance(top) < -1) {
        if (balance(*top.tree.right) > 0) rotate_right(*top.tree.right);
        return rotate_left(top);
    }
    return &top;
}

// After `area` or one of its children changed: repairs what the ancestors know, until nothing changes any
// more.
void AreaSet::update_upward(VmArea *area)
{
    while (area != nullptr) {
        int old_height = area->tree.height;
        uint64_t old_largest = area->tree.largest_gap;
        summarise(*area);
        VmArea *top = rebalance(*area);
        if (top->tree.height == old_height && top->tree.largest_gap == old_largest) return;
        area = top->tree.parent;
    }
}

void AreaSet::audit() const
{
    auto require = [](bool holds, const char *what) {
        if (!holds) machine::fail(what);
    };
    require(root_ == nullptr || root_->tree.parent == nullptr, "area set: the root has a parent");
    uint64_t seen = 0;
    VirtAddr free_from{};
    for (const VmArea *area = first(); area != nullptr; area = next(*area)) {
        const auto &tree = area->tree;
        require(!area->range.empty(), "area set: an area is empty");
        require(area->range.begin.is_page_aligned() && area->range.end.is_page_aligned(),
                "area set: an area is not page-aligned");
        require(area->range.begin >= free_from, "area set: areas overlap or are out of order");
        require((tree.left == nullptr || tree.left->tree.parent == area) &&
                    (tree.right == nullptr || tree.right->tree.parent == area),
                "area set: a child does not point back to its parent");
        require(tree.height == 1 + std::max(height(tree.left), height(tree.right)),
                "area set: a height is wrong");
        require(balance(*area) >= -1 && balance(*area) <= 1, "area set: the tree is out of balance");
        VirtAddr free_to = area->guarded_begin();
        require(tree.gap == (free_to > free_from ? free_to - free_from : 0), "area set: a gap is wrong");
        require(tree.largest_gap == std::max({tree.gap, largest_gap(tree.left), largest_gap(tree.right)}),
                "area set: a largest gap is wrong");
        free_from = area->range.end;
        seen++;
    }
    require(seen == size_, "area set: the size is not the number of areas");
}

} // namespace mm
