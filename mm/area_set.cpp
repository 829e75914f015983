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

bool is_balanced(const VmArea &area)
{
    return static_cast<unsigned>(balance(area) + 1) <= 2;
}

// From the children, which must be right.
[[gnu::always_inline]] inline void summarise(VmArea &area)
{
    int height = 0;
    uint64_t largest = area.tree.gap;
    for (const VmArea *child : {area.tree.left, area.tree.right}) {
        if (child == nullptr) continue;
        if (child->tree.height > height) height = child->tree.height;
        if (child->tree.largest_gap > largest) largest = child->tree.largest_gap;
    }
    area.tree.height = height + 1;
    area.tree.largest_gap = largest;
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
    // All gaps are right before the tree is repaired, so that no ancestor changes twice.
    measure_gap(area);
    VmArea *successor = next(area);
    if (successor != nullptr) measure_gap(*successor);
    summarise(area);
    update_upward(parent);
    update_upward(successor);
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
    if (successor != nullptr) measure_gap(*successor);
    update_upward(changed);
    update_upward(successor);
}

void AreaSet::begin_changed(VmArea &area)
{
    measure_gap(area);
    update_upward(&area);
}

void AreaSet::end_changed(VmArea &area)
{
    if (VmArea *above = next(area)) begin_changed(*above);
}

// Both searches walk the tree in order (this one from the right, the other from the left), but enter a
// subtree only when it has a gap that is large enough and may lie within the limits.
std::optional<VirtAddr> AreaSet::highest_gap(uint64_t size, VirtAddr low, VirtAddr high) const
{
    const VmArea *area = last();
    VirtRange above{area != nullptr ? std::max(area->range.end, low) : low, high};
    if (fits(size, above)) return high - size;
    if (largest_gap(root_) < size) return std::nullopt;

    area = root_;
    while (true) {
        // All gaps on the right begin above the area, all on the left end below it.
        while (largest_gap(area->tree.right) >= size && area->range.end < high) area = area->tree.right;
        while (true) {
            if (area->tree.gap >= size) {
                VirtRange gap = gap_below(*area, low, high);
                if (fits(size, gap)) return gap.end - size;
            }
            if (area->range.begin <= low) return std::nullopt;
            if (largest_gap(area->tree.left) >= size) break;
            const VmArea *below;
            do {
                below = area;
                area = area->tree.parent;
                if (area == nullptr) return std::nullopt;
            } while (area->tree.right != below);
        }
        area = area->tree.left;
    }
}

std::optional<VirtAddr> AreaSet::lowest_gap(uint64_t size, VirtAddr low, VirtAddr high) const
{
    const VmArea *area = largest_gap(root_) >= size ? root_ : nullptr;
    while (area != nullptr) {
        while (largest_gap(area->tree.left) >= size && area->range.begin > low) area = area->tree.left;
        while (area != nullptr) {
            if (area->tree.gap >= size) {
                VirtRange gap = gap_below(*area, low, high);
                if (fits(size, gap)) return gap.begin;
            }
            if (area->range.end < high && largest_gap(area->tree.right) >= size) break;
            const VmArea *below;
            do {
                below = area;
                area = area->tree.parent;
            } while (area != nullptr && area->tree.left != below);
        }
        if (area != nullptr) area = area->tree.right;
    }
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

// Of a subtree that is higher on one side by two. Returns the node that is on top of it now.
VmArea *AreaSet::rebalance(VmArea &top)
{
    if (balance(top) > 0) {
        if (balance(*top.tree.left) < 0) rotate_left(*top.tree.left);
        return rotate_right(top);
    }
    if (balance(*top.tree.right) > 0) rotate_right(*top.tree.right);
    return rotate_left(top);
}

// After `area` or one of its children changed: repairs what the ancestors know, until nothing changes any
// more.
void AreaSet::update_upward(VmArea *area)
{
    while (area != nullptr) {
        int old_height = area->tree.height;
        uint64_t old_largest = area->tree.largest_gap;
        summarise(*area);
        if (!is_balanced(*area)) [[unlikely]]
            area = rebalance(*area);
        if (area->tree.height == old_height && area->tree.largest_gap == old_largest) return;
        area = area->tree.parent;
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
