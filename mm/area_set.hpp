// AreaSet: the areas of one address space, ordered by address, in an AVL tree in which every node also knows
// the largest free gap below an area of its subtree. Everything is O(log n) in the number of areas.
//
// Boost.Intrusive's trees cannot carry the gap through rotations; that is why this one is ours.
#pragma once

#include "mm/vm_area.hpp"

#include <optional>

namespace mm {

class AreaSet {
public:
    uint64_t size() const { return size_; }

    // The area that contains `address`, or nullptr.
    VmArea *find(VirtAddr address) const;
    // The first area that ends above `address` (contains it, or the next one above), or nullptr.
    VmArea *first_ending_above(VirtAddr address) const;
    VmArea *first() const;
    VmArea *last() const;
    static VmArea *next(const VmArea &area);
    static VmArea *previous(const VmArea &area);

    // `area` must not overlap another one. The set does not own its areas.
    void insert(VmArea &area);
    void remove(VmArea &area);
    // After area.range.begin or .end was changed in place, without passing a neighbour.
    void begin_changed(VmArea &area);
    void end_changed(VmArea &area);

    // The highest address at which `size` bytes (whole pages) are free within [low, high), guard gaps kept.
    std::optional<VirtAddr> highest_gap(uint64_t size, VirtAddr low, VirtAddr high) const;
    // The same, lowest first.
    std::optional<VirtAddr> lowest_gap(uint64_t size, VirtAddr low, VirtAddr high) const;

    // Checks order, alignment, balance and gaps. Calls machine::fail.
    void audit() const;

private:
    VmArea *&link_to(VmArea &area);
    void replace(VmArea &area, VmArea *with);
    VmArea *rotate_left(VmArea &top);
    VmArea *rotate_right(VmArea &top);
    VmArea *rebalance(VmArea &top);
    void update_upward(VmArea *area);
    void measure_gap(VmArea &area);

    VmArea *root_ = nullptr;
    uint64_t size_ = 0;
};

} // namespace mm
