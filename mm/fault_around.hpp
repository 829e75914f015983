// FaultAround: how many pages of a file one fault maps. Most of a fault's time is the way into the kernel and
// back; another page that is in memory already costs a tenth of it. But a page that nobody wanted is mapped
// in vain, and people look at what is mapped. So the first touch brings one page, and only who touches them
// in order gets more at once: two, four, up to sixteen (as many as Linux always maps, fault_around_bytes).
#pragma once

#include <algorithm>
#include <cstdint>

namespace mm {

struct PageFault;

class FaultAround {
public:
    static constexpr uint32_t Most = 16;

    // Page `index` is being mapped for the program: how many to map, from this one on. At least 1.
    uint32_t next(uint64_t index)
    {
        if (index != expected_) {
            count_ = 1;
        } else {
            count_ = std::min(count_ * 2, Most);
        }
        expected_ = index + count_;
        return count_;
    }

private:
    uint64_t expected_ = UINT64_MAX; // the page after the last ones
    uint32_t count_ = 1;             // how many those were
};

// Maps those of the `count` pages behind the one of this fault that the object has in memory and the area
// shows. They are as good as never used: nobody has touched them.
void map_following(PageFault &fault, uint32_t count);

} // namespace mm
