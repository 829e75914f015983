// Changing pages and taking new ones. See worker.hpp.
#include "user/priority/worker.hpp"

#include "user/lib/address.hpp"
#include "user/lib/pattern.hpp"

#include <cstdio>
#include <cstdlib>

namespace exhibit {

namespace {

void check(bool worked, const char *call)
{
    if (worked) return;
    std::perror(call);
    std::exit(1);
}

std::uintptr_t reserve(std::size_t pages)
{
    // One page more than is used: two areas that touch would be one.
    void *where =
        mmap(nullptr, (pages + 1) * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check(where != MAP_FAILED && mprotect(where, page_size, PROT_NONE) == 0, "mmap");
    const std::uintptr_t start = address_of(where) + page_size;
    use_small_pages(start, pages * page_size);
    return start;
}

std::uint64_t value_of(std::size_t index, std::uint64_t changes)
{
    return changes == 0 ? 0 : pattern_word(changes, index);
}

} // namespace

Worker::Worker(std::size_t memory_pages, std::size_t burst)
    : kept_(reserve(memory_pages / 3)), passing_(reserve(memory_pages)), kept_pages_(memory_pages / 3),
      blocks_(memory_pages / burst), burst_(memory_pages / blocks_)
{}

bool Worker::change_some()
{
    if (!change(block_ * kept_pages_ / blocks_, (block_ + 1) * kept_pages_ / blocks_)) return false;
    take_anew(block_);
    block_ = (block_ + 1) % blocks_;
    changes_ += block_ == 0;
    return true;
}

bool Worker::change(std::size_t begin, std::size_t end)
{
    for (std::size_t index = begin; index < end; ++index) {
        // One word: enough to make the page dirty, and quick.
        auto &word = *static_cast<volatile std::uint64_t *>(pointer_to(kept_ + index * page_size));
        if (word != value_of(index, changes_)) return false;
        word = value_of(index, changes_ + 1);
    }
    return true;
}

void Worker::take_anew(std::size_t block) const
{
    const std::size_t bytes = burst_ * page_size;
    void *start = pointer_to(passing_ + block * bytes);
    check(madvise(start, bytes, MADV_DONTNEED) == 0, "madvise(MADV_DONTNEED)");
    check(madvise(start, bytes, MADV_POPULATE_WRITE) == 0, "madvise(MADV_POPULATE_WRITE)");
}

} // namespace exhibit
