// Choosing pages and giving them up until there are frames enough: by a thread of the kernel in good time, by
// those who need them when it is late.
#include "mm/reclaim.hpp"

#include "mm/address_space.hpp"
#include "mm/memory_events.hpp"
#include "mm/memory_wait.hpp"
#include "mm/page_frame.hpp"
#include "mm/page_out.hpp"
#include "mm/reverse_map.hpp"
#include "mm/swap.hpp"
#include "mm/transfers.hpp"

#include <algorithm>

namespace mm {

namespace {

constinit Replacement the_replacement;
constinit Watermarks marks;

// The Accessed bits of all entries that lead to a page. Processors may go on using a translation that they
// remember without setting the bit again; that costs a wrong guess, and flushing it would cost more (Linux
// does the same).
class AccessedBits final : public PageUse {
public:
    bool test_and_clear(uint32_t frame) override
    {
        bool used = false;
        memory_counters().pgscan++;
        ReverseMap::for_each_mapper(frame, [&](const Mapper &mapper) {
            PageTableEntry entry = *mapper.slot.entry;
            if (!entry.has_frame() || !entry.accessed()) return;
            used = true;
            *mapper.slot.entry = entry.without(PageTableEntry::Accessed);
        });
        return used;
    }
};

uint64_t page_count()
{
    return frames().count(FrameKind::Anonymous) + frames().count(FrameKind::File);
}

// So many pages of files stay when nothing else can go: with fewer, programs would do nothing but fetch their
// own code again, one page for another, for ever.
uint64_t least_file_pages()
{
    return std::clamp<uint64_t>(frames().total() / 256, 32, 1024);
}

// Whether a look at the pages could make any free: some can be dropped, or there is a place for those that
// cannot.
bool is_hopeful()
{
    SwapStatistics swap = swap_statistics();
    return free_slots() != 0 || swap.cached > swap.stuck ||
           frames().count(FrameKind::File) > least_file_pages();
}

// How many pages are chosen at a time: enough for a good request of the disk, few compared with all memory.
unsigned group_size()
{
    return static_cast<unsigned>(std::clamp<uint64_t>(frames().total() / 512, 16, MaxPageOut));
}

struct Reclaimed {
    unsigned looked_at = 0, freed = 0, started = 0;
};

Reclaimed reclaim_group()
{
    AccessedBits use;
    uint32_t chosen[MaxPageOut];
    unsigned count = 0, wanted = group_size();
    uint64_t pages = page_count();
    while (count < wanted) {
        uint32_t frame = the_replacement.choose(page_ring(), use, pages);
        if (frame == NoFrame) break;
        hold_page(frame);
        chosen[count++] = frame;
    }
    PagedOut out = page_out({chosen, count});
    return {count, out.freed, out.started};
}

// Looks for pages until some go. False: all were looked at, and none can.
bool reclaim_some(Reclaimed &reclaimed)
{
    if (!is_hopeful()) return false;
    reclaimed = {};
    if (!may_take_transfer_out())
        return true; // most pages would only be looked at; better wait for some to arrive
    uint64_t patience = 2 * page_count() + MaxPageOut; // clock passes each page twice
    for (uint64_t looked_at = 0; looked_at < patience;) {
        reclaimed = reclaim_group();
        if (reclaimed.freed + reclaimed.started != 0) return true;
        if (reclaimed.looked_at == 0) return false;
        if (transfers_going_out() != 0) return true; // when they are done there is more room to write to
        looked_at += reclaimed.looked_at;
    }
    return false;
}

} // namespace

Watermarks usual_watermarks(uint64_t total)
{
    uint64_t minimum = std::clamp<uint64_t>(total / 128, 24, 2048);
    return {.minimum = minimum, .low = 2 * minimum, .high = 3 * minimum};
}

void init_reclaim(const Watermarks &watermarks, PolicyName policy)
{
    marks = watermarks;
    the_replacement = Replacement{};
    the_replacement.choose_policy(policy);
    frames().set_watermarks(watermarks.minimum, watermarks.low);
}

Replacement &replacement()
{
    return the_replacement;
}

void balance()
{
    while (frames().pooled() + pages_going_out() < marks.high) {
        Reclaimed reclaimed;
        if (!reclaim_some(reclaimed)) break;
        if (reclaimed.freed != 0) wake_memory_waiters();
        if (reclaimed.freed + reclaimed.started != 0) continue;
        ArrivalWait wait; // all transfers that may go out are under way
        if (wait.is_needed()) wait.sleep();
    }
}

FaultResult wait_for_memory()
{
    waiting::Thread self = waiting::current();
    auto tell = [&](MemoryEvent::What what, int number) {
        note({.what = what, .id = waiting::id(self), .number = static_cast<uint32_t>(number)});
    };
    MemoryWait wait;
    bool has_slept = false;
    memory_counters().allocstall++;
    for (;;) {
        if (waiting::is_dying(self)) return FaultResult::Interrupted;
        if (wait.is_first()) {
            if (frames().has_for_pages()) break;
            Reclaimed reclaimed;
            bool is_hopeless = !reclaim_some(reclaimed);
            if (reclaimed.freed != 0) continue;
            if (is_hopeless && !are_transfers_under_way()) {
                if (abandon_removals()) continue;
                tell(MemoryEvent::What::OutOfMemory, 0);
                return FaultResult::NoMemory;
            }
        }
        if (frames().has_for_pages() && wait.is_first()) break;
        if (!has_slept) tell(MemoryEvent::What::WaitsForMemory, waiting::priority(self) + 20);
        has_slept = true;
        wait.sleep();
    }
    if (has_slept) tell(MemoryEvent::What::GotMemory, waiting::priority(self) + 20);
    return FaultResult::Resolved;
}

// MADV_PAGEOUT: what is mapped in the range goes now, a group at a time.
void AddressSpace::page_out(VirtRange range)
{
    for (VirtAddr at = range.begin; at < range.end;) {
        uint32_t chosen[MaxPageOut];
        unsigned count = 0;
        {
            Turn turn(*this);
            page_table_.inspect_until({at, range.end}, [&](VirtAddr page, PageTableEntry entry) {
                at = page + PageSize;
                if (!entry.has_frame() || entry.is_zero_page()) return true;
                auto frame = static_cast<uint32_t>(entry.address().page());
                if (hold_page(frame)) chosen[count++] = frame;
                return count < MaxPageOut;
            });
        }
        if (count == 0) return;
        mm::page_out({chosen, count});
        ArrivalWait wait;
        if (transfers_going_out() != 0 && wait.is_needed()) wait.sleep();
        if (waiting::is_dying(waiting::current())) return;
    }
}

} // namespace mm
