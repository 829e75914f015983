// Several threads in several address spaces, all short of memory, in interleavings that a seed chooses.
//
// Every byte that is looked at has one writer, and threads change places only where they sleep: so what a
// byte must be is known at any time, whoever runs when. Between rounds nobody is in the middle of anything:
// then all is audited.
//
// A failure prints a line that replays the crowd it happened in, alone.
#include "tests/host/random.hpp"
#include "tests/host/swapping.hpp"

#include <algorithm>

namespace {

using namespace host;

constexpr unsigned Threads = 3;
constexpr VirtAddr PrivateAt{0x10000000}, SharedAt{0x20000000}, OwnAt{0x30000000};

struct CrowdOptions {
    uint64_t frames = 96;
    uint32_t slots = 300;
    unsigned rounds = 3, steps = 60; // steps of each thread in each round
    bool disk_errors = false, swapoff = false, signals = false;
    uint64_t fail_allocation = UINT64_MAX; // the number of the one that fails
};

class Crowd {
public:
    Crowd(const CrowdOptions &options, Random &random);
    void run();

    uint64_t reads = 0, writes = 0, refused = 0, swapoffs = 0;

private:
    static constexpr uint64_t PrivatePages = 40, SharedPages = 24, OwnPages = 16;
    struct Page {
        std::array<uint8_t, Threads> bytes{};
    };
    struct Own { // what one thread alone maps and unmaps
        bool mapped = false;
        Protection protection = ReadWrite;
        uint8_t byte = 0;
    };

    void live(unsigned thread);
    void step(unsigned thread);
    void touch(unsigned thread);
    void touch_own(unsigned thread);
    void change_own(unsigned thread);
    void switch_area();
    FaultResult access(unsigned thread, VirtAddr at, Access access, uint8_t &value);
    bool may_fail(FaultResult result, unsigned thread) const;
    Page &page_at(unsigned thread, VirtAddr at);
    void check_everything();
    [[noreturn]] void contradict(unsigned thread, const std::string &what) const;
    uint64_t below(uint64_t end) { return random_.below(end); }
    bool one_in(uint64_t n) { return random_.one_in(n); }

    CrowdOptions options_;
    Random &random_;
    unsigned space_count_;
    std::vector<AddressSpace *> spaces_;
    std::array<unsigned, Threads> space_of_{};
    std::array<SimulatedThread *, Threads> threads_{};
    std::array<bool, Threads> dead_{};
    std::array<std::array<Page, PrivatePages>, Threads> private_{}; // by space
    std::array<Page, SharedPages> shared_{};
    std::array<std::array<Own, OwnPages>, Threads> own_{};
};

Crowd::Crowd(const CrowdOptions &options, Random &random)
    : options_(options), random_(random), space_count_(2 + static_cast<unsigned>(random.below(2)))
{
    SwapSetup setup;
    setup.frames = options.frames;
    setup.slots = options.slots;
    setup.policy = static_cast<mm::PolicyName>(below(static_cast<uint64_t>(mm::PolicyName::Count)));
    setup.scheduler.spurious = one_in(2) ? 0 : 6;
    setup.scheduler.device_eighths = 1 + below(7);
    setup.scheduler.reclaimer = !one_in(4);
    set_up_swapping(setup, [this](uint64_t end) { return below(end); });
    using Moment = SwapDevice::WriteMoment;
    swap_device().write_moment = one_in(2) ? Moment::Submission : Moment::Completion;

    MemoryObject *object = nullptr;
    for (unsigned i = 0; i < space_count_; i++) {
        auto space = AddressSpace::create();
        if (!space.ok()) throw Failure("no memory for a space of the crowd");
        spaces_.push_back(*space);
        MapRequest request;
        request.protection = ReadWrite;
        request.placement = MapRequest::Placement::Fixed;
        request.address = PrivateAt;
        request.length = PrivatePages * PageSize;
        bool ok = spaces_[i]->map(request).ok();
        request.address = SharedAt;
        request.length = SharedPages * PageSize;
        request.flags.shared = true;
        request.object = object;
        ok = ok && spaces_[i]->map(request).ok();
        if (!ok) throw Failure("no memory for the areas of the crowd");
        object = spaces_[0]->areas().find(SharedAt)->object;
    }
    for (unsigned thread = 0; thread < Threads; thread++) space_of_[thread] = thread % space_count_;
}

void Crowd::contradict(unsigned thread, const std::string &what) const
{
    throw Failure("thread " + std::to_string(thread) + ", " + threads_[thread]->doing + ": " + what);
}

void Crowd::run()
{
    if (options_.fail_allocation != UINT64_MAX) mm::frames().fail_allocations(options_.fail_allocation);
    for (unsigned round = 0; round < options_.rounds; round++) {
        bool one_processor = one_in(3);
        for (unsigned thread = 0; thread < Threads; thread++) {
            if (dead_[thread]) continue;
            threads_[thread] =
                &scheduler().spawn("thread " + std::to_string(thread), one_processor ? 0 : thread,
                                   spaces_[space_of_[thread]], [this, thread] { live(thread); });
            threads_[thread]->nice = static_cast<int>(below(40)) - 20;
        }
        if (options_.swapoff && one_in(2))
            scheduler().spawn("swapoff", 3, nullptr, [this] { switch_area(); });
        scheduler().run();
        if (one_in(2)) scheduler().settle();
        machine().processor = 0;
        audit_all(spaces_);
        check_everything();
    }
    mm::frames().fail_allocations(0, 0);
    swap_device().repair();
    for (AddressSpace *space : spaces_) space->drop();
    take_down_swapping();
    mm::drain_heap();
    for (FrameKind kind :
         {FrameKind::PageTable, FrameKind::KernelHeap, FrameKind::Anonymous, FrameKind::File}) {
        if (mm::frames().count(kind) != 0)
            throw Failure("frames of kind " + std::to_string(static_cast<int>(kind)) + " are lost");
    }
    mm::frames().audit();
}

void Crowd::live(unsigned thread)
{
    for (unsigned i = 0; i < options_.steps && !dead_[thread]; i++) {
        step(thread);
        scheduler().yield();
    }
}

void Crowd::step(unsigned thread)
{
    using Direction = mm::PageTransfer::Direction;
    if (options_.disk_errors && one_in(20))
        swap_device().fail_transfers(below(6), 1 + below(2), one_in(2) ? Direction::In : Direction::Out);
    if (options_.signals && one_in(100)) scheduler().kill(*threads_[below(Threads)]);
    if (one_in(20)) {
        threads_[thread]->nice = static_cast<int>(below(40)) - 20;
        mm::priorities_changed();
    }
    if (one_in(8))
        change_own(thread);
    else if (one_in(4))
        touch_own(thread);
    else
        touch(thread);
}

// Makes one access as user mode does, with all the faults it takes. A read's value is there when it is
// Resolved; nobody else has run since.
FaultResult Crowd::access(unsigned thread, VirtAddr at, Access access, uint8_t &value)
{
    AddressSpace &space = *spaces_[space_of_[thread]];
    PhysAddr root = space.page_table().root();
    threads_[thread]->doing =
        (access == Access::Write ? "writing " : "reading ") + std::to_string(at.value());
    for (int faults = 0; faults < 1000; faults++) {
        bool done =
            access == Access::Write ? machine().write(root, at, value) : machine().read(root, at, value);
        if (done) {
            (access == Access::Write ? writes : reads)++;
            return FaultResult::Resolved;
        }
        FaultResult result =
            space.fault(Fault{machine().last_fault()}); // a copy: others fault while this one sleeps
        if (result == FaultResult::Resolved) continue;
        if (!may_fail(result, thread))
            contradict(thread, "the fault's result is " + std::to_string(static_cast<int>(result)));
        if (result == FaultResult::Interrupted) dead_[thread] = true;
        refused++;
        return result;
    }
    contradict(thread, "a fault that is resolved comes again and again");
}

bool Crowd::may_fail(FaultResult result, unsigned thread) const
{
    switch (result) {
    case FaultResult::BusError:
        return options_.disk_errors;
    case FaultResult::Interrupted:
        return threads_[thread]->dying;
    case FaultResult::NoMemory:
        // Everything of everybody fits into frames and slots together, while there is an area.
        return !mm::swap_area_information(0) || options_.disk_errors ||
               options_.fail_allocation != UINT64_MAX || options_.slots < 200;
    default:
        return false;
    }
}

Crowd::Page &Crowd::page_at(unsigned thread, VirtAddr at)
{
    if (at >= SharedAt) return shared_[(at - SharedAt) / PageSize];
    return private_[space_of_[thread]][(at - PrivateAt) / PageSize];
}

// Somewhere in what several threads use: each byte has its writer.
void Crowd::touch(unsigned thread)
{
    bool shared = one_in(2);
    VirtAddr page =
        shared ? SharedAt + below(SharedPages) * PageSize : PrivateAt + below(PrivatePages) * PageSize;
    if (one_in(2)) {
        auto value = static_cast<uint8_t>(below(256));
        if (access(thread, page + 100 * thread, Access::Write, value) == FaultResult::Resolved)
            page_at(thread, page).bytes[thread] = value;
        return;
    }
    auto writer = static_cast<unsigned>(below(Threads));
    uint8_t seen = 0;
    if (access(thread, page + 100 * writer, Access::Read, seen) != FaultResult::Resolved) return;
    if (seen != page_at(thread, page).bytes[writer])
        contradict(thread, "the byte is " + std::to_string(seen));
}

// In what is this thread's alone.
void Crowd::touch_own(unsigned thread)
{
    uint64_t index = below(OwnPages);
    Own &own = own_[thread][index];
    if (!own.mapped) return;
    VirtAddr at = OwnAt + (thread * OwnPages + index) * PageSize;
    if (own.protection.write && one_in(2)) {
        auto value = static_cast<uint8_t>(below(256));
        if (access(thread, at, Access::Write, value) == FaultResult::Resolved) own.byte = value;
        return;
    }
    uint8_t seen = 0;
    if (access(thread, at, Access::Read, seen) == FaultResult::Resolved && seen != own.byte)
        contradict(thread, "the byte of its own is " + std::to_string(seen));
}

void Crowd::change_own(unsigned thread)
{
    AddressSpace &space = *spaces_[space_of_[thread]];
    uint64_t first = below(OwnPages), count = 1 + below(OwnPages - first);
    VirtAddr at = OwnAt + (thread * OwnPages + first) * PageSize;
    uint64_t length = count * PageSize;
    std::span<Own> part(&own_[thread][first], count);
    bool all_mapped = std::ranges::all_of(part, [](const Own &own) { return own.mapped; });
    threads_[thread]->doing = "changing what it has at " + std::to_string(at.value());
    if (!all_mapped || one_in(4)) {
        MapRequest request;
        request.address = at;
        request.length = length;
        request.protection = ReadWrite;
        request.placement = MapRequest::Placement::Fixed;
        request.populate = one_in(3);
        if (space.map(request).ok()) {
            std::ranges::fill(part, Own{.mapped = true});
        } else {
            // As far as it went.
            for (uint64_t i = 0; i < count; i++) {
                if (space.areas().find(at + i * PageSize) == nullptr) part[i] = Own{};
            }
        }
        return;
    }
    switch (below(6)) {
    case 0:
        if (space.unmap(at, length).ok()) std::ranges::fill(part, Own{});
        break;
    case 1:
        if (space.advise(at, length, Advice::DontNeed).ok()) {
            for (Own &own : part) own.byte = 0;
        }
        break;
    case 2: {
        Protection protection = one_in(2) ? ReadWrite : ReadOnly;
        (void)space.protect(at, length, protection);
        for (uint64_t i = 0; i < count; i++)
            part[i].protection = space.areas().find(at + i * PageSize)->protection;
        break;
    }
    case 3:
        (void)space.lock(at, std::min<uint64_t>(length, 4 * PageSize), one_in(2));
        if (one_in(2)) scheduler().yield();
        (void)space.unlock(at, length);
        break;
    default:
        (void)space.advise(at, length, Advice::Cold);
    }
}

// Takes an area out of use and puts it back, while the others go on.
void Crowd::switch_area()
{
    for (int i = 0; i < 2; i++) {
        for (uint64_t wait = below(30); wait > 0; wait--) scheduler().yield();
        if (!mm::swap_area_information(0)) {
            (void)add_swap_area(options_.slots);
            continue;
        }
        auto removed = remove_swap_area(0);
        swapoffs += removed.ok();
        if (removed.ok()) {
            for (uint64_t wait = below(10); wait > 0; wait--) scheduler().yield();
            (void)add_swap_area(options_.slots);
        }
    }
}

// All bytes of everybody, wherever they are, without touching anything.
void Crowd::check_everything()
{
    for (unsigned i = 0; i < space_count_; i++) {
        auto check = [&](VirtAddr at, std::span<const uint8_t> bytes, const char *what) {
            const mm::PageTableEntry *entry = spaces_[i]->page_table().find(at);
            const uint8_t *found = entry != nullptr ? page_bytes(*entry) : nullptr;
            if (found == nullptr && at >= SharedAt && at < OwnAt) return; // the object has it, perhaps
            for (unsigned writer = 0; writer < bytes.size(); writer++) {
                if ((found != nullptr ? found[100 * writer] : 0) != bytes[writer])
                    throw Failure(std::string("after a round, a byte of ") + what + " of space " +
                                  std::to_string(i) + " is another one");
            }
        };
        for (uint64_t page = 0; page < PrivatePages; page++)
            check(PrivateAt + page * PageSize, private_[i][page].bytes, "private memory");
        for (uint64_t page = 0; page < SharedPages; page++)
            check(SharedAt + page * PageSize, shared_[page].bytes, "shared memory");
        for (unsigned thread = 0; thread < Threads; thread++) {
            if (space_of_[thread] != i) continue;
            for (uint64_t page = 0; page < OwnPages; page++) {
                if (own_[thread][page].mapped)
                    check(OwnAt + (thread * OwnPages + page) * PageSize, {&own_[thread][page].byte, 1},
                          "a thread's own memory");
            }
        }
    }
}

uint64_t number_from_environment(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text != nullptr ? strtoull(text, nullptr, 0) : otherwise;
}

struct CrowdTally {
    uint64_t reads = 0, writes = 0, refused = 0, swapoffs = 0, switches = 0, in = 0, out = 0, torn = 0;
};

// Crowds, each with another seed; `options_of(i)` are those of the i-th.
template <typename OptionsOf> void run_crowds(const char *test, uint64_t count, OptionsOf &&options_of)
{
    CrowdTally tally;
    bool replay = getenv("VITRINE_SEED") != nullptr;
    uint64_t first = number_from_environment("VITRINE_CROWD", 0);
    for (uint64_t i = first; i < first + count; i++) {
        Random random(Random::seed() + i);
        try {
            Crowd crowd(options_of(i), random);
            crowd.run();
            tally.reads += crowd.reads;
            tally.writes += crowd.writes;
            tally.refused += crowd.refused;
            tally.swapoffs += crowd.swapoffs;
            tally.switches += scheduler().switches();
            tally.in += swap_device().calls.pages_read;
            tally.out += swap_device().calls.pages_written;
            tally.torn += swap_device().torn();
        } catch (const Failure &failure) {
            mm::frames().fail_allocations(0, 0);
            FAIL() << failure.what() << "\nreplay: VITRINE_SEED=" << Random::seed() << " VITRINE_CROWD=" << i
                   << " build/host/swap_threads_test --gtest_filter='*." << test << "'";
        }
        if (replay) break;
    }
    printf("  %lu reads, %lu writes, %lu refused, %lu pages in, %lu out (%lu changed meanwhile), %lu "
           "swapoffs, %lu "
           "switches\n",
           tally.reads, tally.writes, tally.refused, tally.in, tally.out, tally.torn, tally.swapoffs,
           tally.switches);
    if (replay) return;
    EXPECT_GT(tally.in, count);
    EXPECT_GT(tally.out, count);
    EXPECT_GT(tally.switches, 10 * count);
}

uint64_t crowds(uint64_t usual)
{
    return number_from_environment("VITRINE_CROWDS", usual);
}

TEST(SwapThreads, Interleavings)
{
    run_crowds("Interleavings", crowds(400), [](uint64_t i) {
        CrowdOptions options;
        options.frames = 72 + i % 5 * 8;
        return options;
    });
}

TEST(SwapThreads, LittleSwap)
{
    run_crowds("LittleSwap", crowds(200), [](uint64_t i) {
        CrowdOptions options;
        options.slots = 20 + i % 60;
        return options;
    });
}

TEST(SwapThreads, DiskErrors)
{
    run_crowds("DiskErrors", crowds(300), [](uint64_t) {
        CrowdOptions options;
        options.disk_errors = true;
        return options;
    });
}

TEST(SwapThreads, Signals)
{
    run_crowds("Signals", crowds(200), [](uint64_t) {
        CrowdOptions options;
        options.signals = true;
        return options;
    });
}

TEST(SwapThreads, SwapIsSwitchedOff)
{
    run_crowds("SwapIsSwitchedOff", crowds(300), [](uint64_t i) {
        CrowdOptions options;
        options.swapoff = true;
        options.frames = i % 2 != 0 ? 96 : 220; // too few frames for all that comes back, or enough
        return options;
    });
}

// The same crowds again and again, and each time another allocation fails.
TEST(SwapThreads, EachAllocationFails)
{
    run_crowds("EachAllocationFails", crowds(400), [](uint64_t i) {
        CrowdOptions options;
        options.rounds = 1;
        options.fail_allocation = i;
        return options;
    });
}

} // namespace
