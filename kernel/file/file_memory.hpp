// FileMemory: the contents of a file that can be written: pages of memory, by their index, of which those
// that nobody has written are not there (a sparse file).
//
// They are the pages of a memory object, so that a program that maps the file and one that reads or writes it
// meet in the same frames, and so that they can be on a swap device. For a copy from or to a program a page
// is held: it stays where it is although the copy may sleep.
#pragma once

#include "kernel/file/user_buffer.hpp"
#include "lib/ref.hpp"
#include "lib/result.hpp"
#include "mm/memory_object.hpp"

#include <span>

namespace kernel {

class FileMemory {
public:
    FileMemory() = default;
    ~FileMemory() { forget(); }
    FileMemory(const FileMemory &) = delete;
    FileMemory &operator=(const FileMemory &) = delete;

    // Makes the object, empty; `source` fills the pages that come. Nothing happens when there is one.
    // NoMemory.
    lib::Result<void> prepare(mm::PageSource &source);
    // Gives it up, and what it holds with it; mappings keep it.
    void forget();
    bool exists() const { return object_ != nullptr; }
    mm::MemoryObject *object() const { return object_; }
    // Pages that are there, in memory or on a swap device.
    uint64_t pages() const { return object_ ? object_->cached_pages() : 0; }

    // Each may sleep. read() stores up to `bytes` bytes; fewer: the program's memory could not be touched, or
    // a page could not be had, and then the error counts if nothing was done. write() is for bytes below the
    // end that the source tells, and says how many of them it has loaded. Interrupted: the thread is dying.
    lib::Result<size_t> read(uint64_t offset, size_t bytes, UserBuffer &to) const;
    lib::Result<size_t> read(uint64_t offset, std::span<std::byte> to) const;
    lib::Result<size_t> write_page_part(uint64_t offset, size_t bytes, UserBuffer &from);
    lib::Result<void> write(uint64_t offset, std::span<const std::byte> from);
    // Bytes become zero; pages that are not there stay away.
    lib::Result<void> zero(uint64_t offset, uint64_t bytes);
    // The same, and whole pages are given back. Others have their turn meanwhile, and may touch them.
    lib::Result<void> make_hole(uint64_t offset, uint64_t bytes);
    // Makes pages [begin, end) be there. NoSpace, NoMemory; Interrupted: there is a signal.
    lib::Result<void> fill(uint64_t begin, uint64_t end);
    // Pages from `pages` on are gone, mapped or not, and the source says already that the file ends there.
    // Others have their turn meanwhile: the caller has the file's lock, or nobody else may write.
    void truncate(uint64_t pages);

    // The first page at or after `index` that is there (or is not).
    uint64_t next_page(uint64_t index) const;
    uint64_t next_hole(uint64_t index) const;

private:
    bool has(uint64_t index) const;
    void discard(uint64_t begin, uint64_t end);
    lib::Result<size_t> write_new_page(uint64_t index, UserBuffer &from);

    mm::MemoryObject *object_ = nullptr;
};

} // namespace kernel
