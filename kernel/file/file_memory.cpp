// Holding pages of files and copying from and to them. See file_memory.hpp.
#include "kernel/file/file_memory.hpp"

#include "kernel/process/scheduler.hpp"
#include "kernel/signal/signal.hpp"
#include "mm/held_page.hpp"
#include "mm/page_frame.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace kernel {

using lib::Errno;
using lib::Result;

namespace {

constexpr uint64_t LongCut = 256; // so many pages go before others have their turn

// A page of a file for a copy from or to it: it stays where it is meanwhile. Most are in memory; then neither
// is anything waited for nor a reference of the object taken, which the file has.
class PageUse {
public:
    PageUse() = default;
    ~PageUse()
    {
        if (present_ != mm::PhysAddr{}) mm::drop_page(present_);
    }
    PageUse(const PageUse &) = delete;
    PageUse &operator=(const PageUse &) = delete;

    // Whether it is in memory.
    bool take_present(const mm::MemoryObject &object, uint64_t index)
    {
        present_ = object.hold_present(index);
        return present_ != mm::PhysAddr{};
    }
    // Sleeps until it is.
    Result<void> take(mm::MemoryObject &object, uint64_t index)
    {
        if (take_present(object, index)) [[likely]]
            return {};
        held_ = TRY(mm::HeldPage::of(object, index));
        return {};
    }
    // The same to write to it. NoSpace: there is no memory for it, and a file has no other place.
    Result<void> take_to_write(mm::MemoryObject &object, uint64_t index)
    {
        auto taken = take(object, index);
        return !taken.ok() && taken.error() == Errno::NoMemory ? Errno::NoSpace : taken;
    }
    std::byte *bytes() const
    {
        if (present_ != mm::PhysAddr{}) [[likely]]
            return static_cast<std::byte *>(mm::machine::window(present_));
        return held_.bytes();
    }

private:
    mm::PhysAddr present_;
    mm::HeldPage held_;
};

struct Part {
    uint64_t index;
    size_t begin, count; // in the page
};
Part part_at(uint64_t offset, uint64_t bytes)
{
    size_t begin = offset & (mm::PageSize - 1);
    return {offset >> mm::PageShift, begin, std::min<uint64_t>(mm::PageSize - begin, bytes)};
}

} // namespace

Result<void> FileMemory::prepare(mm::PageSource &source)
{
    if (!object_) object_ = TRY(mm::MemoryObject::create(mm::MemoryObject::Kind::SharedAnonymous, &source));
    return {};
}

void FileMemory::forget()
{
    if (auto *object = std::exchange(object_, nullptr)) object->drop();
}

bool FileMemory::has(uint64_t index) const
{
    return object_ && (object_->has_page(index) || object_->slot_of(index) != mm::SwapSlot{});
}

Result<size_t> FileMemory::read(uint64_t offset, size_t bytes, UserBuffer &to) const
{
    size_t done = 0;
    while (done < bytes) {
        Part part = part_at(offset + done, bytes - done);
        PageUse page;
        bool is_there = object_ && page.take_present(*object_, part.index);
        if (!is_there && has(part.index)) [[unlikely]] {
            auto taken = page.take(*object_, part.index);
            if (taken.ok())
                is_there = true;
            else if (taken.error() == Errno::BadAddress) // the file has got shorter meanwhile
                return done;
            else
                return done ? Result<size_t>{done} : taken.error();
        }
        size_t stored =
            is_there ? to.store(page.bytes() + part.begin, part.count) : to.store_zeros(part.count);
        done += stored;
        if (stored < part.count) return done_or_fault(done, true);
    }
    return done;
}

Result<size_t> FileMemory::read(uint64_t offset, std::span<std::byte> to) const
{
    for (size_t done = 0; done < to.size();) {
        Part part = part_at(offset + done, to.size() - done);
        if (has(part.index)) {
            PageUse page;
            TRY_VOID(page.take(*object_, part.index));
            std::memcpy(to.data() + done, page.bytes() + part.begin, part.count);
        } else {
            std::memset(to.data() + done, 0, part.count);
        }
        done += part.count;
    }
    return to.size();
}

Result<size_t> FileMemory::write_page_part(uint64_t offset, size_t bytes, UserBuffer &from)
{
    Part part = part_at(offset, bytes);
    PageUse page;
    if (!page.take_present(*object_, part.index)) {
        if (part.count == mm::PageSize && !has(part.index)) {
            auto written = write_new_page(part.index, from);
            if (written.ok() || written.error() != Errno::TryAgain) return written;
        }
        TRY_VOID(page.take_to_write(*object_, part.index));
    }
    return from.load(page.bytes() + part.begin, part.count);
}

// A page that is not there and will be written as a whole need not be zeroed before: nobody sees its frame
// until it is filled, and what the program's memory does not fill is zeroed then. TryAgain: there is no
// memory just now, and nothing has happened.
Result<size_t> FileMemory::write_new_page(uint64_t index, UserBuffer &from)
{
    auto frame = object_->new_page(index);
    if (!frame.ok()) return frame.error() == Errno::NoMemory ? Errno::TryAgain : frame.error();
    auto *bytes = static_cast<std::byte *>(mm::machine::window(*frame));
    size_t loaded = from.load(bytes, mm::PageSize); // may sleep
    std::memset(bytes + loaded, 0, mm::PageSize - loaded);
    if (object_->insert_page(*frame).ok()) [[likely]]
        return loaded;
    // Somebody who shows the file has touched the page meanwhile.
    PageUse other;
    auto taken = other.take_to_write(*object_, index);
    if (taken.ok()) std::memcpy(other.bytes(), bytes, loaded);
    object_->discard_page(*frame);
    if (!taken.ok()) return taken.error();
    return loaded;
}

Result<void> FileMemory::write(uint64_t offset, std::span<const std::byte> from)
{
    constexpr uint64_t LongWork = 16; // pages, before others have their turn
    for (size_t done = 0; done < from.size();) {
        Part part = part_at(offset + done, from.size() - done);
        PageUse page;
        TRY_VOID(page.take_to_write(*object_, part.index));
        std::memcpy(page.bytes() + part.begin, from.data() + done, part.count);
        done += part.count;
        if (part.index % LongWork != LongWork - 1 || continue_long_work()) continue;
        if (is_dying(current_thread())) return Errno::Interrupted;
    }
    return {};
}

Result<void> FileMemory::zero(uint64_t offset, uint64_t bytes)
{
    uint64_t end = offset + bytes;
    while (offset < end) {
        Part part = part_at(offset, end - offset);
        if (!has(part.index)) {
            uint64_t next = next_page(part.index);
            if (next >= mm::round_up_to_page(end) >> mm::PageShift) break;
            offset = next << mm::PageShift;
            continue;
        }
        PageUse page;
        TRY_VOID(page.take_to_write(*object_, part.index));
        std::memset(page.bytes() + part.begin, 0, part.count);
        offset += part.count;
    }
    return {};
}

Result<void> FileMemory::fill(uint64_t begin, uint64_t end)
{
    constexpr uint64_t LongWork = 16; // pages, before others have their turn
    for (uint64_t index = begin; index < end; index++) {
        {
            PageUse page;
            TRY_VOID(page.take_to_write(*object_, index));
        }
        if (index % LongWork == 0 && !continue_long_work()) return Errno::Interrupted;
    }
    return {};
}

void FileMemory::truncate(uint64_t pages)
{
    if (object_ == nullptr) return;
    for (uint64_t at = object_->next_page(pages); at != UINT64_MAX; at = object_->next_page(at)) {
        object_->truncate_part(at, at + LongCut);
        (void)continue_long_work();
    }
    object_->truncate(pages); // copies, too, of pages that are not there
}

// Whoever shows them may touch them meanwhile, and they begin anew: no page is looked at twice.
void FileMemory::discard(uint64_t begin, uint64_t end)
{
    for (uint64_t at = next_page(begin); at < end; at = next_page(at + LongCut)) {
        object_->discard(at, std::min(LongCut, end - at));
        (void)continue_long_work();
    }
}

Result<void> FileMemory::make_hole(uint64_t offset, uint64_t bytes)
{
    uint64_t end = offset + bytes;
    uint64_t first = mm::round_up_to_page(offset), last = end & ~(mm::PageSize - 1);
    if (first >= last) return zero(offset, bytes);
    TRY_VOID(zero(offset, first - offset));
    TRY_VOID(zero(last, end - last));
    discard(first >> mm::PageShift, last >> mm::PageShift);
    return {};
}

uint64_t FileMemory::next_page(uint64_t index) const
{
    return object_ ? object_->next_page(index) : UINT64_MAX;
}

uint64_t FileMemory::next_hole(uint64_t index) const
{
    while (has(index)) index++;
    return index;
}

} // namespace kernel
