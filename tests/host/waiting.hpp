// The deterministic scheduler behind mm/waiting.hpp: simulated threads, of which one runs at a time, and
// which one goes on is a choice that a seed repeats.
//
// A simulated thread is a thread of the host with a baton: it runs until it sleeps (mm::waiting::sleep) or
// says yield(), as kernel code is not preempted. There the baton goes on: to a thread that can run, to the
// reclaimer, or a transfer of the swap device completes, which is an interrupt. The test's own flow of
// control is such a thread, too, the plain one; a test that makes no others calls mm/ as usual, and while it
// sleeps, transfers complete.
//
// When nobody can run and nothing is under way, everything has come to a halt: a Failure that says who
// sleeps.
#pragma once

#include "mm/address_space.hpp"
#include "mm/waiting.hpp"
#include "tests/host/machine.hpp"

#include <array>
#include <exception>
#include <functional>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

namespace host {

// Where choices come from: a random generator, or a fuzzer's bytes. below(n) is less than n.
using Choices = std::function<uint64_t(uint64_t)>;

// A thread as the test sees it. What is public may be set at any time.
class SimulatedThread {
public:
    std::string name;
    std::string doing; // for the sentence of a failure
    uint32_t id = 0;
    int nice = 0;
    bool dying = false;
    unsigned processor = 0;
    // Loaded on the processor when this thread runs there; null: whatever is loaded stays, as with a thread
    // of the kernel.
    mm::AddressSpace *space = nullptr;

    bool has_ended() const { return state_ == State::Ended; }
    bool is_asleep() const { return state_ == State::Sleeping; }
    // How often it slept.
    uint64_t sleeps() const { return sleeps_; }

private:
    friend class Scheduler;
    enum class State : uint8_t { Runnable, Sleeping, Idle, Joining, Ended };

    State state_ = State::Runnable;
    bool prepared_ = false, woken_ = false;
    uint64_t sleeps_ = 0;
    std::function<void()> body_;
    std::thread thread_;
    std::binary_semaphore turn_{0};
};

struct SchedulerOptions {
    // There is a thread that calls mm::balance() when mm/ asks for it, on this processor.
    bool reclaimer = true;
    unsigned reclaimer_processor = 7;
    // How often, one in so many choices, a sleeper wakes for no reason; 0: never.
    uint64_t spurious = 0;
    // Of so many choices, while there are both, how many complete a transfer rather than run a thread.
    uint64_t device_eighths = 4;
    // Frames in the stacks of processors are found by all (FrameAllocator::drain) at each switch between two.
    bool drain = true;
};

class Scheduler {
public:
    ~Scheduler();
    // Forgets all threads but the plain one; those that have not ended run never again. After
    // Machine::reset(). Without choices transfers complete at once, and the thread that was spawned first
    // goes first.
    void reset(const SchedulerOptions &options = {}, Choices choices = {});

    // A thread that begins to run in the next run().
    SimulatedThread &spawn(std::string name, unsigned processor, mm::AddressSpace *space,
                           std::function<void()> body);
    // Runs the others until all have ended: true. What one of them fails with is thrown here. False, if that
    // is `WhenStuck::Return`: nobody can run, and no transfer can complete.
    enum class WhenStuck : uint8_t { Fail, Return };
    bool run(WhenStuck when_stuck = WhenStuck::Fail);
    // Runs the others, and completes transfers, until none of them has anything to do.
    void settle();

    // A place where others may run: where a thread returns to user mode, say.
    void yield();
    // As a signal does: the thread is dying, and waits no more.
    void kill(SimulatedThread &thread);
    // The current thread leaves its space, and runs without one.
    void leave_space();

    SimulatedThread &current() { return *current_; }
    SimulatedThread &plain() { return *plain_; }
    bool reclaimer_is_idle() const;
    uint64_t switches() const { return switches_; }
    uint64_t balances() const { return balances_; }

    // ---- The other side: mm/waiting.hpp's functions end here.
    void prepare();
    void sleep();
    void wake(SimulatedThread &thread);
    void wake_reclaimer();
    void not_in_interrupt(const char *what) const;

private:
    using State = SimulatedThread::State;

    enum class Until : uint8_t { AllHaveEnded, AllHaveEndedOrStuck, Stuck };

    void start(SimulatedThread &thread);
    void live(SimulatedThread &thread);
    void wait_for_others(Until until);
    void give_turn();
    void take_turn(SimulatedThread &self);
    SimulatedThread *choose();
    SimulatedThread *stuck() const;
    bool plain_goes_on() const;
    std::vector<SimulatedThread *> in_state(SimulatedThread::State state) const;
    void complete_transfer();
    void reclaim();
    void unload_spaces();
    void abandon_threads();
    std::string who_sleeps() const;
    uint64_t below(uint64_t end) { return choices_ ? choices_(end) : 0; }

    SchedulerOptions options_;
    Choices choices_;
    std::vector<std::unique_ptr<SimulatedThread>> threads_; // the spawned ones
    std::unique_ptr<SimulatedThread> plain_ = std::make_unique<SimulatedThread>();
    std::unique_ptr<SimulatedThread> reclaimer_;
    SimulatedThread *current_ = plain_.get();
    std::array<mm::AddressSpace *, mm::machine::MaxProcessors> loaded_{}; // by this scheduler
    Until until_ = Until::AllHaveEnded;
    std::exception_ptr failure_;
    bool interrupt_ = false, reclaimer_wanted_ = false, quitting_ = false;
    uint64_t switches_ = 0, balances_ = 0, choices_without_progress_ = 0, rounds_ = 0;
};

// The one scheduler of the test program.
Scheduler &scheduler();

} // namespace host
