// Holding pages of files and copying from and to them. See file_memory.hpp.
#include "kernel/file/file_memory.hpp"

#include "mm/page_frame.hpp"
#include "mm/reclaim.hpp"
#include "mm/transfers.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace kernel {

using lib::Errno;
using lib::Result;

namespace {

Errno error_of(mm::FaultResult result)
{
    switch (result) {
    case mm::FaultResult::NoMemory:
        return Errno::NoSpace; // tmpfs has no other place to be
    case mm::FaultResult::Interrupted:
        return Errno::Interrupted;
    default:
        return Errno::InputOutput;
    }
}

// A page of the object, there and in use by the kernel: it is neither paged out nor freed.
class HeldPage {
public:
    HeldPage() = default;
    ~HeldPage()
    {
        if (held_) mm::unpin(frame_);
    }
    HeldPage(const HeldPage &) = delete;
    HeldPage &operator=(const HeldPage &) = delete;

    // Sleeps until it has come from disk, or there is memory for it.
    Result<void> hold(mm::MemoryObject &object, uint64_t index)
    {
        for (;;) {
            auto page = object.page(index);
            if (page.ok()) [[likely]] {
                frame_ = *page;
                mm::pin(frame_);
                held_ = true;
                return {};
            }
            TRY_VOID(wait_for(object, index, page.error()));
        }
    }
    std::byte *bytes() const { return static_cast<std::byte *>(mm::machine::window(frame_)); }

private:
    static Result<void> wait_for(mm::MemoryObject &object, uint64_t index, Errno why)
    {
        mm::FaultResult result;
        if (why == Errno::NoMemory) {
            result = mm::wait_for_memory();
        } else if (why == Errno::TryAgain) {
            unsigned size = 0;
            result = mm::wait_for_arrival(object.slot_of(index), &size);
            if (result == mm::FaultResult::BusError && size > 1) {
                object.read_singly();
                return {};
            }
        } else {
            return why;
        }
        if (result == mm::FaultResult::Resolved) return {};
        return error_of(result);
    }

    mm::PhysAddr frame_;
    bool held_ = false;
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
        size_t stored;
        if (has(part.index)) {
            HeldPage page;
            auto held = page.hold(*object_, part.index);
            if (!held.ok()) return done ? Result<size_t>{done} : held.error();
            stored = to.store(page.bytes() + part.begin, part.count);
        } else {
            stored = to.store_zeros(part.count);
        }
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
            HeldPage page;
            TRY_VOID(page.hold(*object_, part.index));
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
    HeldPage page;
    TRY_VOID(page.hold(*object_, part.index));
    return from.load(page.bytes() + part.begin, part.count);
}

Result<void> FileMemory::write(uint64_t offset, std::span<const std::byte> from)
{
    for (size_t done = 0; done < from.size();) {
        Part part = part_at(offset + done, from.size() - done);
        HeldPage page;
        TRY_VOID(page.hold(*object_, part.index));
        std::memcpy(page.bytes() + part.begin, from.data() + done, part.count);
        done += part.count;
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
        HeldPage page;
        TRY_VOID(page.hold(*object_, part.index));
        std::memset(page.bytes() + part.begin, 0, part.count);
        offset += part.count;
    }
    return {};
}

Result<void> FileMemory::fill(uint64_t begin, uint64_t end)
{
    for (uint64_t index = begin; index < end; index++) {
        HeldPage page;
        TRY_VOID(page.hold(*object_, index));
    }
    return {};
}

void FileMemory::truncate(uint64_t pages)
{
    if (object_) object_->truncate(pages);
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
