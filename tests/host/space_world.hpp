// A world of address spaces under random calls, each compared with the model; audited after every step.
#pragma once

#include "tests/host/reference_oracle.hpp"
#include "tests/host/space_model.hpp"
#include "tests/host/swapping.hpp"

#include <array>

namespace host {

struct WorldOptions {
    uint64_t frames = 288;
    uint64_t window_pages = 448; // per space
    uint64_t usual_pages = 12;   // most ranges are at most this long
    uint64_t most_areas = 64;    // with more than these, a space only unmaps
    uint64_t file_pages = 20;
    bool inject_failures = true;
    uint64_t audit_every = 1;
    // With slots, memory is short all the time and pages go out and come back; policy, watermarks and the
    // speed of the device are chosen by the world.
    uint32_t swap_slots = 0;
    bool disk_errors = false;
    // The spaces live in pieces of a pool. Without injected failures every page must be there at all times.
    bool flat = false;
    // The first space is recorded, in intervals of so many pages; 0: it is not.
    unsigned recorded_pages = 0;
};

enum class Operation : unsigned {
    Map,
    Unmap,
    Protect,
    Remap,
    Advise,
    Break,
    Read,
    Write,
    Execute,
    Lock,
    Unlock,
    LockAll,
    Synchronise,
    Residency,
    Fork,
    Count,
};
const char *name_of(Operation operation);

// How often each operation was called and succeeded, over all worlds.
struct Tally {
    std::array<uint64_t, static_cast<size_t>(Operation::Count)> calls{}, successes{};
    uint64_t pages_out = 0, pages_in = 0, disk_errors = 0, swapoffs = 0, references = 0;
};

class World {
public:
    World(const WorldOptions &options, Choices choices, Tally &tally);
    ~World();
    World(const World &) = delete;
    World &operator=(const World &) = delete;

    // One call. A contradiction is a Failure, whose sentence names call and arguments.
    void step();

private:
    static constexpr unsigned Spaces = 3, Processors = 3;

    struct Place {
        VirtAddr address;
        uint64_t pages;
    };

    uint64_t below(uint64_t end) { return choices_(end); }
    bool one_in(uint64_t n) { return below(n) == 0; }
    Protection some_protection();
    Place some_place();
    uint64_t some_page();
    uint64_t some_length(uint64_t pages);
    MemoryObject *some_shared_object();

    void map();
    void unmap();
    void protect();
    void remap();
    void advise();
    void set_break();
    void touch(Access access);
    void lock();
    void unlock();
    void lock_all();
    void synchronise();
    void residency();
    void fork();
    Result<AddressSpace *> fork_space();
    uint64_t locked_pages() const;
    void change_surroundings();
    void set_up_ordinary_space(unsigned number);
    void set_up_flat_space(unsigned number);
    void set_up_swap();
    void change_swap();
    void break_disk();
    void begin_recording();
    bool is_recorded() const { return recorder_ != nullptr && current_ == 0; }
    void count_fault(bool faulted, uint64_t counted) const;
    bool swaps() const { return options_.swap_slots != 0; }
    bool disk_failed() const { return swap_device().calls.failed != disk_failures_before_; }
    bool pages_can_go() const;

    void begin(Operation operation, std::string text);
    // Compares the answers. Without memory an answer of NoMemory (or `otherwise`) is right, too; what the
    // space looks like then must lie between before and after, and is taken over.
    void end(const Answer &expected, const Answer &actual, Errno otherwise = Errno::NoMemory);
    void adopt_partial_change();
    void adopt_new_objects();
    void forget_unused_objects();
    void compare();
    void compare_references();
    void compare_contents(const AddressSpace &space, const SpaceModel &model) const;
    VirtAddr end_of_area(VirtAddr address) const;
    void run_on(unsigned processor, unsigned space);
    [[noreturn]] void contradict(const std::string &what) const;

    WorldOptions options_;
    Choices choices_;
    Tally &tally_;
    TestFile file_;
    MemoryObject *file_object_ = nullptr;
    std::array<AddressSpace *, Spaces> spaces_{};
    std::array<std::unique_ptr<SpaceModel>, Spaces> models_;
    std::array<int, Processors> runs_{}; // which space a processor runs
    SharedBytes shared_;
    mm::ReferenceRecorder *recorder_ = nullptr;
    ReferenceOracle references_;
    unsigned current_ = 0; // space and processor of this step
    unsigned processor_ = 0;
    AddressSpace *space_ = nullptr;
    SpaceModel *model_ = nullptr;
    std::unique_ptr<SpaceModel> before_;
    Operation operation_ = Operation::Map;
    std::string text_;
    bool memory_is_short_ = false, injected_ = false;
    bool pages_may_lack_ = false; // in a flat space, since there once was no memory for tables
    uint64_t disk_failures_before_ = 0;
    uint64_t steps_ = 0;
};

} // namespace host
