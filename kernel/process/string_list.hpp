// StringList: strings of any number and length, packed one after the other with their final zeros into pages
// of the kernel's heap: how the arguments and the environment of a program travel from one address space into
// the next (execve(2)).
//
// Nothing is contiguous beyond a page, so six megabytes of arguments need no large block.
#pragma once

#include "lib/result.hpp"
#include "mm/address.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace kernel {

using lib::Errno;
using lib::Result;

// MAX_ARG_STRLEN: the longest string, its final zero included.
inline constexpr size_t MaxArgument = 32 * mm::PageSize;

class StringList {
public:
    StringList() = default;
    ~StringList();
    StringList(const StringList &) = delete;
    StringList &operator=(const StringList &) = delete;

    // `text` contains no zero. NoMemory, ArgumentListTooLong (MaxArgument).
    Result<void> append(std::string_view text);
    // A string of the current program, which may change it meanwhile. BadAddress besides. May sleep.
    Result<void> append_from_user(mm::VirtAddr text);
    Result<void> append_all(const StringList &others);
    // The first string leaves; there is one.
    void drop_first();

    void swap(StringList &other);

    size_t count() const { return count_; }
    size_t bytes() const { return bytes_; } // with the final zeros

    // visitor(bytes, size) -> Result<void> for one piece after the other; strings run over their borders.
    template <typename Visitor> Result<void> for_each_piece(Visitor &&visitor) const
    {
        size_t begin = begin_;
        for (const Page *page = first_; page != nullptr; page = page->next) {
            TRY_VOID(visitor(page->text + begin, page->used - begin));
            begin = 0;
        }
        return {};
    }

private:
    struct Page {
        Page *next = nullptr;
        size_t used = 0;
        char text[mm::PageSize - 2 * sizeof(uint64_t)];

        size_t room() const { return sizeof text - used; }
    };

    Result<void> make_room();
    Result<void> put(const char *from, size_t size);

    Page *first_ = nullptr;
    Page *last_ = nullptr;
    size_t begin_ = 0; // of the first string in the first page
    size_t count_ = 0;
    size_t bytes_ = 0;
};

} // namespace kernel
