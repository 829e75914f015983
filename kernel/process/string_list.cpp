#include "kernel/process/string_list.hpp"

#include "kernel/trap/user_copy.hpp"
#include "mm/kernel_heap.hpp"

#include <cstring>

namespace kernel {

StringList::~StringList()
{
    while (first_ != nullptr) {
        Page *next = first_->next;
        mm::heap_free(first_);
        first_ = next;
    }
}

// At least one byte in the last page.
Result<void> StringList::make_room()
{
    if (last_ != nullptr && last_->room() != 0) return {};
    auto *page = static_cast<Page *>(mm::heap_allocate(sizeof(Page)));
    if (page == nullptr) return Errno::NoMemory;
    page->next = nullptr;
    page->used = 0;
    (last_ != nullptr ? last_->next : first_) = page;
    last_ = page;
    return {};
}

Result<void> StringList::put(const char *from, size_t size)
{
    for (size_t done = 0; done < size;) {
        TRY_VOID(make_room());
        size_t part = std::min(size - done, last_->room());
        std::memcpy(last_->text + last_->used, from + done, part);
        last_->used += part;
        done += part;
    }
    return {};
}

Result<void> StringList::append(std::string_view text)
{
    if (text.size() + 1 > MaxArgument) return Errno::ArgumentListTooLong;
    TRY_VOID(put(text.data(), text.size()));
    TRY_VOID(put("", 1));
    count_++;
    bytes_ += text.size() + 1;
    return {};
}

Result<void> StringList::append_from_user(mm::VirtAddr text)
{
    for (size_t done = 0;;) {
        TRY_VOID(make_room());
        size_t room = last_->room();
        auto length = copy_string_from_user(last_->text + last_->used, text + done, room);
        if (!length.ok() && length.error() != Errno::NameTooLong) return length.error();
        size_t part = length.ok() ? *length + 1 : room;
        last_->used += part;
        done += part;
        if (done > MaxArgument) return Errno::ArgumentListTooLong;
        if (!length.ok()) continue;
        count_++;
        bytes_ += done;
        return {};
    }
}

Result<void> StringList::append_all(const StringList &others)
{
    TRY_VOID(others.for_each_piece([this](const char *text, size_t size) { return put(text, size); }));
    count_ += others.count_;
    bytes_ += others.bytes_;
    return {};
}

void StringList::swap(StringList &other)
{
    std::swap(first_, other.first_);
    std::swap(last_, other.last_);
    std::swap(begin_, other.begin_);
    std::swap(count_, other.count_);
    std::swap(bytes_, other.bytes_);
}

void StringList::drop_first()
{
    for (;;) {
        Page &page = *first_;
        const void *zero = std::memchr(page.text + begin_, '\0', page.used - begin_);
        size_t end = zero != nullptr ? static_cast<size_t>(static_cast<const char *>(zero) - page.text) + 1
                                     : page.used;
        bytes_ -= end - begin_;
        begin_ = end;
        if (begin_ == page.used && page.next != nullptr) {
            first_ = page.next;
            begin_ = 0;
            mm::heap_free(&page);
        }
        if (zero != nullptr) break;
    }
    count_--;
}

} // namespace kernel
