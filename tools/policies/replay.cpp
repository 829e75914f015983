// References, faults, and the Accessed bits that the policies see.
#include "tools/policies/replay.hpp"

#include "tests/host/machine.hpp"

namespace policies {

using mm::frames;
using mm::NoFrame;
using mm::PhysAddr;

Replay::Replay(uint32_t pages, const Rules &rules)
    : rules_(rules), head_(*frames().allocate(mm::FrameKind::Reserved)), frame_of_(pages, NoFrame),
      page_of_(frames().end_of_ram(), NoPage), used_(frames().end_of_ram(), 0),
      until_sampling_(rules.sample_every)
{
    ring_.init(static_cast<uint32_t>(head_.page()));
    replacement_.choose_policy(rules.policy);
    // Spread, for xorshift's first numbers resemble each other when there are few ones in the seeds.
    replacement_.seed(rules.seed * 0x9e3779b97f4a7c15);
    replacement_.sample_when_told(rules.sample_every != 0);
}

Replay::~Replay()
{
    for (uint32_t frame : frame_of_) {
        if (frame != NoFrame) frames().free(PhysAddr::of_page(frame));
    }
    frames().free(head_);
}

bool Replay::test_and_clear(uint32_t frame)
{
    bool was_used = used_[frame] != 0;
    used_[frame] = 0;
    return was_used;
}

// The processor sets the bit in every reference; in the one that loads the page too, when the instruction is
// executed once more.
bool Replay::reference(uint32_t page)
{
    bool is_fault = frame_of_[page] == NoFrame;
    if (is_fault) load(page);
    used_[frame_of_[page]] = 1;
    if (rules_.sample_every == 1) {
        replacement_.sample_only(ring_, *this, frame_of_[page]);
    } else if (rules_.sample_every != 0 && --until_sampling_ == 0) {
        replacement_.sample(ring_, *this);
        until_sampling_ = rules_.sample_every;
    }
    return is_fault;
}

void Replay::load(uint32_t page)
{
    victim_ = NoPage;
    if (resident_ == rules_.frames) {
        for (uint32_t i = 0; i < rules_.at_once; i++) give_up_one();
    }
    auto frame = static_cast<uint32_t>((*frames().allocate(mm::FrameKind::Anonymous)).page());
    frame_of_[page] = frame;
    page_of_[frame] = page;
    ring_.join(frame);
    resident_++;
}

void Replay::give_up_one()
{
    uint32_t frame = replacement_.choose(ring_, *this, resident_);
    victim_ = page_of_[frame];
    ring_.remove(frame);
    frame_of_[victim_] = NoFrame;
    page_of_[frame] = NoPage;
    used_[frame] = 0;
    frames().free(PhysAddr::of_page(frame));
    resident_--;
}

uint64_t count_faults(const Trace &trace, const Rules &rules)
{
    // One frame for the ring's head; more would only be misses of Random.
    host::machine().reset({{host::Machine::SmallRam.first, rules.frames + uint64_t{1}}});
    Replay replay(trace.pages, rules);
    uint64_t faults = 0;
    for (uint32_t page : trace.references) faults += replay.reference(page);
    return faults;
}

} // namespace policies
