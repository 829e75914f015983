// HeldPage: a page of shared memory or of a file, while the kernel reads or writes it through its window on
// memory: for read(2) and write(2) of a file whose pages are memory, for one.
//
// It is there when it has been obtained, and stays: the reclaimer lets pages be that somebody uses without an
// entry for them. What is written needs no mark. A page of shared memory goes to disk whenever it leaves
// memory, whatever the Dirty bits of its entries say, because it keeps no slot once it is back.
//
// The holder may sleep. If the object is truncated meanwhile, the frame stays the holder's, and nobody else
// sees any more what is written to it.
#pragma once

#include "lib/result.hpp"
#include "mm/address.hpp"

#include <cstddef>
#include <utility>

namespace mm {

using lib::Errno;
using lib::Result;
class MemoryObject;

class HeldPage {
public:
    // Page `index` of the object, fetched if need be; sleeps until it is there. The caller has a reference of
    // the object. BadAddress: past the end of the file. NoMemory: nothing could be freed. InputOutput: the
    // disk or the source failed. Interrupted: the thread is dying.
    static Result<HeldPage> of(MemoryObject &object, uint64_t index);

    constexpr HeldPage() = default; // none
    HeldPage(HeldPage &&other) noexcept : frame_(std::exchange(other.frame_, PhysAddr{})) {}
    HeldPage &operator=(HeldPage &&other) noexcept
    {
        std::swap(frame_, other.frame_);
        return *this;
    }
    ~HeldPage();

    // Its PageSize bytes.
    std::byte *bytes() const;
    PhysAddr frame() const { return frame_; }

private:
    explicit HeldPage(PhysAddr frame) : frame_(frame) {}

    PhysAddr frame_; // 0, which never is a page: none
};

} // namespace mm
