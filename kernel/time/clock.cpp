#include "kernel/time/clock.hpp"

namespace kernel {

WaitResult sleep_until(uint64_t deadline)
{
    WaitQueue nobody_wakes;
    return wait_until(
        nobody_wakes, [] { return false; }, deadline);
}

} // namespace kernel
