// The oracle of the address space's property test: the same calls on an array with one element a page. It
// knows nothing of trees, entries or frames; what it says is what the manual pages say.
//
// The model covers a window of the address space. All addresses around it are taken by inaccessible fillers,
// so that every search for room ends in the window.
#pragma once

#include "tests/host/space.hpp"

#include <map>
#include <set>
#include <vector>

namespace host {

struct ModelPage {
    bool mapped = false;
    Protection protection{};
    AreaFlags flags{};
    MemoryObject *object = nullptr; // null: private anonymous
    uint64_t index = 0;             // in the object
    uint64_t end = UINT64_MAX;      // one past the last page of shared memory
    bool written = false;           // the program has a copy of its own, of which it changed one byte
    uint8_t value = 0;

    // Same mapping; what was written does not matter. (`accounted` is Linux's affair alone.)
    bool maps_as(const ModelPage &other) const;
};

// What all programs see alike: one byte of each page of each shared object, where it is not what it was at
// first.
using SharedBytes = std::map<std::pair<MemoryObject *, uint64_t>, uint8_t>;

// The answer of a call: an error or none, and a value where the call has one.
struct Answer {
    Errno error{};
    VirtAddr address;
    bool ok() const { return error == Errno{}; }
};

class SpaceModel {
public:
    SpaceModel(VirtAddr base, uint64_t pages, uint64_t filler_pages, const TestFile &file,
               MemoryObject &file_object);

    // Becomes like another model of the same file and size, without a new array.
    void assign(const SpaceModel &other);

    // fork(2).
    void become_child_of(const SpaceModel &parent);

    VirtAddr base() const { return base_; }
    uint64_t size() const { return pages_.size(); }
    VirtAddr address(uint64_t page) const { return base_ + page * PageSize; }
    // The page of the window at `address`; a negative or too large number is outside.
    int64_t number(VirtAddr address) const;
    ModelPage &page(uint64_t number) { return pages_[number]; }
    const ModelPage &page(uint64_t number) const { return pages_[number]; }

    Answer map(const MapRequest &request);
    Answer unmap(VirtAddr address, uint64_t length);
    Answer protect(VirtAddr address, uint64_t length, Protection protection, ProtectExtent extent);
    // `area_end`: where the area at the old address ends (where areas are joined is no affair of the model).
    Answer remap(const RemapRequest &request, VirtAddr area_end);
    Answer advise(VirtAddr address, uint64_t length, Advice advice);
    Answer synchronise(VirtAddr address, uint64_t length, bool asynchronous, bool invalidate);
    Answer lock(VirtAddr address, uint64_t length, bool on_fault);
    Answer unlock(VirtAddr address, uint64_t length);
    void lock_all(bool current, bool future, bool on_fault);
    VirtAddr set_break(VirtAddr wanted);
    // `stack_end`: where the area above the address ends.
    FaultResult access(VirtAddr address, Access access, uint8_t value, VirtAddr stack_end,
                       SharedBytes &shared);

    void map_stack(VirtAddr top, uint64_t pages);

    // The byte at Offset of a mapped page, and the one after it, which no program ever writes.
    static constexpr uint64_t Offset = 1234;
    uint8_t byte(const ModelPage &page, const SharedBytes &shared) const;
    uint8_t neighbour_byte(const ModelPage &page) const;

    // A space that lives flat in a piece: the window is all of it, and the highest pages are the stack, below
    // a guard page.
    void live_flat(uint64_t stack_pages);
    bool is_flat() const { return is_flat_; }

    mm::MemoryLimits limits;
    VirtAddr break_begin, current_break;

    bool is_past_end(const ModelPage &page) const;

private:
    bool may_grow(Protection protection, AreaFlags flags, uint64_t pages) const;
    bool guarded(uint64_t page) const;
    Answer find_place(VirtAddr hint, uint64_t pages) const;
    bool grow_stack(uint64_t page, VirtAddr stack_end);
    Errno set_locked(VirtAddr address, uint64_t length, bool locked, bool on_fault);
    void clear(uint64_t begin, uint64_t end);
    Errno populate(uint64_t begin, uint64_t end) const;

    VirtAddr base_;
    std::vector<ModelPage> pages_;
    uint64_t filler_pages_;
    bool is_flat_ = false;
    uint64_t map_top_; // mmap looks for room below this page
    const TestFile &file_;
    MemoryObject &file_object_;
    AreaFlags future_{};
};

} // namespace host
