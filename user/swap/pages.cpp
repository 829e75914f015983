// Writing, checking and changing pages. See pages.hpp.
#include "user/swap/pages.hpp"

#include "user/lib/address.hpp"
#include "user/lib/pattern.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <random>

namespace exhibit {

Pages::Pages(std::size_t count, std::uint64_t whose) : whose_(whose), versions_(count)
{
    void *where =
        mmap(nullptr, count * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (where == MAP_FAILED) {
        std::perror("mmap");
        std::exit(1);
    }
    start_ = address_of(where);
    use_small_pages(start_, count * page_size);
}

std::uintptr_t Pages::page(std::size_t index) const
{
    return start_ + index * page_size;
}

std::uint64_t Pages::seed(std::size_t index) const
{
    return whose_ << 40 | static_cast<std::uint64_t>(versions_[index]) << 32 | index;
}

bool Pages::check(std::size_t index)
{
    ++checked_;
    return page_holds(page(index), seed(index));
}

void Pages::write(std::size_t index)
{
    ++versions_[index];
    ++written_;
    fill_page(page(index), seed(index));
}

void Pages::write_all(const Progress &progress)
{
    for (std::size_t index = 0; index < count(); ++index) {
        write(index);
        progress(index + 1, count());
    }
}

bool Pages::check_all(const Progress &progress)
{
    for (std::size_t index = 0; index < count(); ++index) {
        if (!check(index)) return false;
        progress(index + 1, count());
    }
    return true;
}

bool Pages::change_some(std::size_t part, const Progress &progress)
{
    std::vector<std::uint32_t> order(count());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::shuffle(order, std::minstd_rand(static_cast<unsigned>(whose_)));
    order.resize(count() / part);
    for (std::size_t at = 0; at < order.size(); ++at) {
        if (!check(order[at])) return false;
        write(order[at]);
        progress(at + 1, order.size());
    }
    return true;
}

} // namespace exhibit
