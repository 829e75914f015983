// Making a pool, and what must be true when everybody has left it.
#include "tests/host/pool.hpp"

#include "mm/kernel_heap.hpp"
#include "tests/host/machine.hpp"

namespace host {

void set_up_pool(uint64_t pages, mm::Fit fit)
{
    auto begin = mm::frames().take_extent(pages, mm::FrameKind::Pool);
    if (!begin.ok() || !mm::pool().init(*begin, pages, fit).ok())
        throw Failure("no memory for the test's pool");
}

void take_down_pool()
{
    mm::pool().audit();
    auto statistics = mm::pool().statistics();
    if (statistics.pieces != 0) throw Failure("a piece of the pool has not come back");
    if (mm::frames().count(mm::FrameKind::Pool) != statistics.pages)
        throw Failure("frames of the pool have not come back");
    mm::destroy(const_cast<mm::PoolExtent *>(mm::pool().first()));
    mm::reset_pool();
}

} // namespace host
