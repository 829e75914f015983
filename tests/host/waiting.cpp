// Who runs next, and how the baton gets there.
#include "tests/host/waiting.hpp"

#include "mm/reclaim.hpp"
#include "tests/host/swap_device.hpp"

namespace host {

namespace {

// Between two yields, or ends of threads. Whoever needs more than that goes round in circles.
constexpr uint64_t MostChoices = 1000000;

} // namespace

Scheduler &scheduler()
{
    static Scheduler the_scheduler;
    return the_scheduler;
}

Scheduler::~Scheduler()
{
    abandon_threads();
}

// A thread that has not ended waits for its turn for ever: what it holds is in a machine that is gone.
void Scheduler::abandon_threads()
{
    if (reclaimer_ && reclaimer_->state_ == State::Idle) {
        quitting_ = true;
        reclaimer_->turn_.release();
        reclaimer_->thread_.join();
        reclaimer_.reset();
    }
    if (reclaimer_) threads_.push_back(std::move(reclaimer_));
    for (auto &thread : threads_) {
        if (thread->state_ == State::Ended) {
            thread->thread_.join();
        } else {
            thread->thread_.detach();
            (void)thread.release();
        }
    }
    threads_.clear();
}

void Scheduler::reset(const SchedulerOptions &options, Choices choices)
{
    abandon_threads();
    options_ = options;
    choices_ = std::move(choices);
    plain_ = std::make_unique<SimulatedThread>();
    plain_->name = "the test";
    current_ = plain_.get();
    loaded_.fill(nullptr);
    failure_ = nullptr;
    interrupt_ = reclaimer_wanted_ = quitting_ = false;
    switches_ = balances_ = choices_without_progress_ = rounds_ = 0;
    if (!options.reclaimer) return;
    reclaimer_ = std::make_unique<SimulatedThread>();
    reclaimer_->name = "the reclaimer";
    reclaimer_->processor = options.reclaimer_processor;
    reclaimer_->state_ = State::Idle;
    reclaimer_->body_ = [this] { reclaim(); };
    start(*reclaimer_);
}

SimulatedThread &Scheduler::spawn(std::string name, unsigned processor, mm::AddressSpace *space,
                                  std::function<void()> body)
{
    threads_.push_back(std::make_unique<SimulatedThread>());
    SimulatedThread &thread = *threads_.back();
    thread.name = std::move(name);
    thread.id = static_cast<uint32_t>(threads_.size());
    thread.processor = processor;
    thread.space = space;
    thread.body_ = std::move(body);
    start(thread);
    return thread;
}

void Scheduler::start(SimulatedThread &thread)
{
    thread.thread_ = std::thread([this, &thread] { live(thread); });
}

void Scheduler::live(SimulatedThread &thread)
{
    thread.turn_.acquire();
    try {
        if (!quitting_) take_turn(thread);
        thread.body_();
    } catch (...) {
        failure_ = std::current_exception();
    }
    thread.state_ = State::Ended;
    choices_without_progress_ = 0;
    if (quitting_)
        return; // the plain thread has the turn all the time, and waits only until this one is gone
    SimulatedThread *next = plain_.get();
    try {
        next = choose();
    } catch (...) {
        failure_ = std::current_exception();
    }
    current_ = next;
    next->turn_.release();
}

void Scheduler::reclaim()
{
    while (!quitting_) {
        if (reclaimer_wanted_) {
            reclaimer_wanted_ = false;
            balances_++;
            mm::balance();
        } else {
            reclaimer_->state_ = State::Idle;
            give_turn();
        }
    }
}

// ---- The plain thread waits for others.

bool Scheduler::run(WhenStuck when_stuck)
{
    wait_for_others(when_stuck == WhenStuck::Fail ? Until::AllHaveEnded : Until::AllHaveEndedOrStuck);
    for (auto &thread : threads_) {
        if (!thread->has_ended()) return false;
    }
    unload_spaces();
    return true;
}

void Scheduler::settle()
{
    wait_for_others(Until::Stuck);
}

void Scheduler::wait_for_others(Until until)
{
    if (current_ != plain_.get()) throw Failure("only the test's own thread can wait for the others");
    until_ = until;
    plain_->state_ = State::Joining;
    give_turn();
}

void Scheduler::unload_spaces()
{
    unsigned before = machine().processor;
    for (unsigned i = 0; i < loaded_.size(); i++) {
        if (loaded_[i] == nullptr) continue;
        machine().processor = i;
        machine().unload_root();
        loaded_[i]->deactivate();
        loaded_[i] = nullptr;
    }
    machine().processor = before;
}

void Scheduler::leave_space()
{
    mm::AddressSpace *&loaded = loaded_[current_->processor];
    if (loaded != nullptr && loaded == current_->space) {
        machine().unload_root();
        loaded->deactivate();
        loaded = nullptr;
    }
    current_->space = nullptr;
}

// ---- The baton

// The current thread's state says when it may have the turn again.
void Scheduler::give_turn()
{
    SimulatedThread &self = *current_;
    if (&self == plain_.get()) self.processor = machine().processor;
    SimulatedThread *next;
    try {
        next = choose();
    } catch (...) {
        self.state_ = State::Runnable; // it goes on, with the failure
        throw;
    }
    if (next != &self) {
        switches_++;
        current_ = next;
        next->turn_.release();
        self.turn_.acquire();
        if (quitting_) return;
    }
    take_turn(self);
}

void Scheduler::take_turn(SimulatedThread &self)
{
    self.state_ = State::Runnable;
    bool other_processor = machine().processor != self.processor;
    machine().processor = self.processor;
    if (&self == plain_.get() && failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    if (other_processor && options_.drain) mm::frames().drain();
    mm::AddressSpace *&loaded = loaded_[self.processor];
    if (self.space == nullptr || loaded == self.space) return;
    if (loaded != nullptr) loaded->deactivate();
    self.space->activate();
    loaded = self.space;
}

bool Scheduler::plain_goes_on() const
{
    if (failure_) return true;
    if (plain_->state_ != State::Joining || until_ == Until::Stuck) return false;
    for (auto &thread : threads_) {
        if (!thread->has_ended()) return false;
    }
    return true;
}

std::vector<SimulatedThread *> Scheduler::in_state(State state) const
{
    std::vector<SimulatedThread *> found;
    auto look_at = [&](SimulatedThread *thread) {
        if (thread != nullptr && thread->state_ == state) found.push_back(thread);
    };
    look_at(plain_.get());
    for (auto &thread : threads_) look_at(thread.get());
    look_at(reclaimer_.get());
    return found;
}

SimulatedThread *Scheduler::choose()
{
    while (!plain_goes_on()) {
        if (++choices_without_progress_ > MostChoices)
            throw Failure("everybody is busy and nobody gets anywhere: " + who_sleeps());
        auto runnable = in_state(State::Runnable);
        bool device = swap_device().completable() != 0;
        if (runnable.empty() && !device) return stuck();
        if (options_.spurious != 0 && below(options_.spurious) == 0) {
            auto sleepers = in_state(State::Sleeping);
            if (!sleepers.empty()) runnable = {sleepers[below(sleepers.size())]};
        }
        if (device && (runnable.empty() || below(8) < options_.device_eighths))
            complete_transfer();
        else
            return runnable[choices_ ? below(runnable.size()) : rounds_++ % runnable.size()];
    }
    return plain_.get();
}

SimulatedThread *Scheduler::stuck() const
{
    if (plain_->state_ == State::Joining && until_ != Until::AllHaveEnded) return plain_.get();
    throw Failure("deadlock: nobody can run, and no transfer can complete. " + who_sleeps());
}

void Scheduler::complete_transfer()
{
    struct Interrupt {
        bool &flag;
        explicit Interrupt(bool &its) : flag(its) { flag = true; }
        ~Interrupt() { flag = false; }
    } interrupt(interrupt_);
    swap_device().complete_one(below(swap_device().completable()));
}

std::string Scheduler::who_sleeps() const
{
    std::string text;
    for (SimulatedThread *thread : in_state(State::Sleeping)) {
        text += thread->name + " (" + std::to_string(thread->id) + ", nice " + std::to_string(thread->nice) +
                (thread->dying ? ", dying" : "") + ") sleeps";
        text += thread->doing.empty() ? "; " : " in " + thread->doing + "; ";
    }
    if (reclaimer_wanted_) text += "the reclaimer is wanted; ";
    return text + std::to_string(mm::memory_waiters()) + " wait for memory; " +
           std::to_string(mm::frames().free_count()) + " frames are free; " +
           std::to_string(swap_device().under_way()) + " transfers are under way, " +
           std::to_string(swap_device().completable()) + " of them can complete";
}

bool Scheduler::reclaimer_is_idle() const
{
    return !reclaimer_ || (reclaimer_->state_ == State::Idle && !reclaimer_wanted_);
}

// ---- What threads do

void Scheduler::yield()
{
    not_in_interrupt("yields");
    choices_without_progress_ = 0;
    current_->state_ = State::Runnable;
    give_turn();
}

void Scheduler::kill(SimulatedThread &thread)
{
    thread.dying = true;
    if (!thread.has_ended()) wake(thread);
}

void Scheduler::not_in_interrupt(const char *what) const
{
    if (interrupt_) throw Failure(std::string("an interrupt ") + what);
}

void Scheduler::prepare()
{
    not_in_interrupt("prepares to sleep");
    current_->prepared_ = true;
    current_->woken_ = false;
}

void Scheduler::sleep()
{
    not_in_interrupt("sleeps");
    SimulatedThread &self = *current_;
    if (!self.prepared_) throw Failure(self.name + " sleeps without having announced it");
    self.sleeps_++;
    if (!self.woken_) {
        self.state_ = State::Sleeping;
        give_turn();
    } else if (below(4) == 3) {
        self.state_ = State::Runnable;
        give_turn();
    }
    self.prepared_ = self.woken_ = false;
}

void Scheduler::wake(SimulatedThread &thread)
{
    if (thread.has_ended()) throw Failure("a thread is woken that has ended");
    if (!thread.prepared_) return; // before it looked: it will see for itself
    thread.woken_ = true;
    if (thread.state_ == State::Sleeping) thread.state_ = State::Runnable;
}

void Scheduler::wake_reclaimer()
{
    reclaimer_wanted_ = true;
    if (reclaimer_ && reclaimer_->state_ == State::Idle) reclaimer_->state_ = State::Runnable;
}

} // namespace host

// ---- The seam

namespace mm::waiting {

namespace {

host::SimulatedThread &simulated(Thread thread)
{
    return *static_cast<host::SimulatedThread *>(thread);
}

} // namespace

Thread current()
{
    host::scheduler().not_in_interrupt("asks for the current thread");
    return &host::scheduler().current();
}

void prepare()
{
    host::scheduler().prepare();
}

void sleep()
{
    host::scheduler().sleep();
}

void wake(Thread thread)
{
    host::scheduler().wake(simulated(thread));
}

bool pause()
{
    host::scheduler().yield();
    return !is_dying(current());
}

int priority(Thread thread)
{
    return simulated(thread).nice;
}

bool is_dying(Thread thread)
{
    return simulated(thread).dying;
}

uint32_t id(Thread thread)
{
    return simulated(thread).id;
}

void wake_reclaimer()
{
    host::scheduler().wake_reclaimer();
}

} // namespace mm::waiting
