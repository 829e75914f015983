// The random calls, and what must be true after each.
#include "tests/host/space_world.hpp"

#include "mm/swap_cache.hpp"
#include "tests/host/pool.hpp"

#include <algorithm>
#include <exception>

namespace host {

namespace {

constexpr VirtAddr WindowEnd{0x7ffff7fff000}; // where mmap begins to look for room
constexpr uint64_t StackPages = 3;

std::string text(VirtAddr address, const SpaceModel &model)
{
    return "page " + std::to_string(model.number(address));
}

std::string text(Protection protection)
{
    return std::string(protection.read ? "r" : "-") + (protection.write ? "w" : "-") +
           (protection.execute ? "x" : "-");
}

std::string text(const Answer &answer)
{
    return answer.ok() ? "success" : "error " + std::to_string(static_cast<int>(answer.error));
}

Answer answer(const Result<VirtAddr> &result)
{
    return {.error = result.error(), .address = result.ok() ? *result : VirtAddr{}};
}

Answer answer(const Result<void> &result)
{
    return {.error = result.error(), .address = {}};
}

} // namespace

const char *name_of(Operation operation)
{
    constexpr const char *Names[] = {"map",    "unmap",    "protect",     "remap",     "advise",
                                     "break",  "read",     "write",       "execute",   "lock",
                                     "unlock", "lock_all", "synchronise", "residency", "fork"};
    static_assert(std::size(Names) == static_cast<size_t>(Operation::Count));
    return Names[static_cast<size_t>(operation)];
}

World::World(const WorldOptions &options, Choices choices, Tally &tally)
    : options_(options), choices_(std::move(choices)), tally_(tally),
      file_(options.file_pages * PageSize - 300), references_(options.recorded_pages)
{
    // Some frames between the pieces and around them, too.
    uint64_t pool_pages = options.flat ? (Spaces + 1) * options.window_pages + 50 : 0;
    if (swaps())
        set_up_swap();
    else
        machine().reset({{256, options.frames + pool_pages}});
    if (options.flat) set_up_pool(pool_pages);
    auto object = MemoryObject::create(MemoryObject::Kind::File, &file_);
    if (!object.ok()) throw Failure("no memory for the world's file");
    file_object_ = *object;
    runs_.fill(-1);
    VirtAddr base = WindowEnd - options.window_pages * PageSize;
    for (unsigned i = 0; i < Spaces; i++) {
        auto space = AddressSpace::create();
        if (!space.ok()) throw Failure("no memory for a space of the world");
        spaces_[i] = *space;
        if (options.flat)
            set_up_flat_space(i);
        else
            set_up_ordinary_space(i);
        VirtAddr heap = base + 4 * PageSize;
        spaces_[i]->start_break(heap);
        models_[i]->break_begin = models_[i]->current_break = heap;
    }
    before_ = std::make_unique<SpaceModel>(*models_[0]);
    if (options_.recorded_pages != 0) begin_recording();
    run_on(0, 0);
    run_on(1, 1);
    run_on(2, 2);
}

void World::set_up_ordinary_space(unsigned number)
{
    AddressSpace &space = *spaces_[number];
    VirtAddr base = WindowEnd - options_.window_pages * PageSize;
    uint64_t filler_pages = 0;
    for (VirtRange filler : {VirtRange{mm::UserBegin, base}, VirtRange{WindowEnd, mm::UserEnd}}) {
        MapRequest request;
        request.address = filler.begin;
        request.length = filler.size();
        request.flags.no_reserve = true;
        request.placement = MapRequest::Placement::Fixed;
        if (!space.map(request).ok()) throw Failure("no memory for the surroundings of the window");
        filler_pages += filler.pages();
    }
    models_[number] =
        std::make_unique<SpaceModel>(base, options_.window_pages, filler_pages, file_, *file_object_);
    VirtAddr stack_top = WindowEnd - 8 * PageSize;
    if (!space.map_stack(stack_top, StackPages * PageSize, ReadWrite).ok()) throw Failure("no stack");
    models_[number]->map_stack(stack_top, StackPages);
}

void World::set_up_flat_space(unsigned number)
{
    VirtAddr base = WindowEnd - options_.window_pages * PageSize;
    auto piece = mm::pool().allocate(options_.window_pages, number);
    bool done = piece.ok() && spaces_[number]->live_in(**piece, base).ok() &&
                spaces_[number]->map_stack(WindowEnd, StackPages * PageSize, ReadWrite).ok();
    if (!done) throw Failure("no piece for a flat space of the world");
    models_[number] = std::make_unique<SpaceModel>(base, options_.window_pages, 0, file_, *file_object_);
    models_[number]->live_flat(StackPages);
}

World::~World()
{
    // After a failure nothing can be relied on; the next world begins with a new machine.
    if (std::uncaught_exceptions() != 0) return;
    mm::frames().fail_allocations(0, 0);
    for (unsigned i = 0; i < Processors; i++) {
        machine().processor = i;
        machine().unload_root();
        spaces_[static_cast<size_t>(runs_[i])]->deactivate();
    }
    for (AddressSpace *space : spaces_) space->drop();
    if (recorder_ != nullptr) recorder_->destroy();
    tally_.references += references_.compared();
    file_object_->drop();
    if (swaps()) {
        swap_device().repair();
        tally_.pages_out += swap_device().calls.pages_written;
        tally_.pages_in += swap_device().calls.pages_read;
        tally_.disk_errors += swap_device().calls.failed;
        take_down_swapping();
    }
    if (options_.flat) take_down_pool();
    mm::drain_heap();
    for (FrameKind kind :
         {FrameKind::PageTable, FrameKind::KernelHeap, FrameKind::Anonymous, FrameKind::File}) {
        EXPECT_EQ(mm::frames().count(kind), 0u) << "frames of kind " << static_cast<int>(kind) << " are lost";
    }
}

void World::run_on(unsigned processor, unsigned space)
{
    machine().processor = processor;
    if (runs_[processor] >= 0) spaces_[static_cast<size_t>(runs_[processor])]->deactivate();
    spaces_[space]->activate();
    runs_[processor] = static_cast<int>(space);
}

void World::contradict(const std::string &what) const
{
    throw Failure("step " + std::to_string(steps_) + ", space " + std::to_string(current_) + ", processor " +
                  std::to_string(processor_) + ": " + text_ + ": " + what);
}

void World::step()
{
    steps_++;
    if (one_in(40)) change_surroundings();
    if (swaps()) change_swap();
    processor_ = static_cast<unsigned>(below(Processors));
    machine().processor = processor_;
    current_ = static_cast<unsigned>(runs_[processor_]);
    space_ = spaces_[current_];
    model_ = models_[current_].get();
    // Frames in other processors' stacks do not count as free; without them "out of memory" is easy to tell.
    if (mm::frames().free_count() < 220) mm::frames().drain();

    if (space_->areas().size() > options_.most_areas || (!swaps() && mm::frames().free_count() < 12)) {
        if (one_in(2)) return unmap();
    }
    // Locked pages do not go: there must be others.
    if (swaps() && locked_pages() > options_.frames / 6) {
        if (one_in(2)) return one_in(2) ? unlock() : lock_all();
    }
    if (swaps() && one_in(60)) return fork();
    // Pages that nobody touches stay where they are.
    if (swaps() && !one_in(3)) return touch(one_in(2) ? Access::Write : Access::Read);
    if (one_in(40)) return fork();
    switch (below(32)) {
    case 0 ... 4:
        return map();
    case 5 ... 6:
        return unmap();
    case 7 ... 9:
        return protect();
    case 10 ... 12:
        return remap();
    case 13 ... 14:
        return advise();
    case 15 ... 16:
        return set_break();
    case 17 ... 20:
        return touch(Access::Read);
    case 21 ... 26:
        return touch(Access::Write);
    case 27:
        return touch(Access::Execute);
    case 28:
        return one_in(2) ? lock() : unlock();
    case 29:
        return one_in(4) ? lock_all() : unlock();
    case 30:
        return synchronise();
    default:
        return residency();
    }
}

// ---- Choices

Protection World::some_protection()
{
    constexpr Protection Likely[] = {NoAccess, ReadOnly, ReadWrite, ReadWrite, ReadWrite, All, ReadExecute};
    return Likely[below(std::size(Likely))];
}

// Often where something begins or ends.
uint64_t World::some_page()
{
    uint64_t page = below(model_->size());
    if (one_in(2)) return page;
    for (uint64_t i = page; i > 0; i--) {
        if (model_->page(i).mapped != model_->page(i - 1).mapped) return i;
    }
    return page;
}

World::Place World::some_place()
{
    uint64_t page = some_page();
    uint64_t pages = 1 + below(one_in(16) ? 6 * options_.usual_pages : options_.usual_pages);
    return {model_->address(page), std::min(pages, model_->size() - page)};
}

// Bytes: mostly whole pages, sometimes less, which is rounded up.
uint64_t World::some_length(uint64_t pages)
{
    if (one_in(64)) return 0;
    return pages * PageSize - (one_in(4) ? below(PageSize) : 0);
}

MemoryObject *World::some_shared_object()
{
    const SpaceModel &model = *models_[below(Spaces)];
    uint64_t start = below(model.size());
    for (uint64_t i = 0; i < model.size(); i++) {
        const ModelPage &page = model.page((start + i) % model.size());
        if (page.mapped && page.flags.shared && page.object != file_object_) return page.object;
    }
    return nullptr;
}

// ---- Calls

void World::begin(Operation operation, std::string what)
{
    operation_ = operation;
    text_ = name_of(operation) + (" " + std::move(what));
    before_->assign(*model_);
    memory_is_short_ = swaps() || mm::frames().free_count() < 24;
    injected_ = options_.inject_failures && one_in(12);
    if (injected_) {
        mm::frames().fail_allocations(below(6), 1 + below(3));
        memory_is_short_ = true;
    }
    disk_failures_before_ = swap_device().calls.failed;
}

void World::end(const Answer &expected, const Answer &actual, Errno otherwise)
{
    mm::frames().fail_allocations(0, 0);
    memory_is_short_ |= mm::frames().free_count() < 24;
    pages_may_lack_ |= injected_ || mm::frames().free_count() < 24;
    auto index = static_cast<size_t>(operation_);
    tally_.calls[index]++;
    tally_.successes[index] += actual.ok();
    // The same error may have come earlier than expected: then less was done. (Advice does nothing that could
    // fail for want of memory after something that is seen.)
    bool out_of_memory = memory_is_short_ && (actual.error == Errno::NoMemory || actual.error == otherwise);
    // A page that could not be read is as good as one that could not be had.
    out_of_memory |= disk_failed() && !actual.ok();
    bool as_expected = actual.error == expected.error && actual.address == expected.address;
    if (as_expected && (!out_of_memory || operation_ == Operation::Advise)) {
        adopt_new_objects();
    } else if (out_of_memory) {
        adopt_partial_change();
    } else {
        contradict("the answer is " + text(actual) + " " + text(actual.address, *model_) + ", expected was " +
                   text(expected) + " " + text(expected.address, *model_));
    }
    compare();
    if (recorder_ != nullptr) compare_references();
    if (steps_ % 256 == 0) forget_unused_objects();
    // Whole audits of everything.
    if (steps_ % options_.audit_every == 0) {
        try {
            audit_all(spaces_);
        } catch (const Failure &failure) {
            contradict(failure.what());
        }
    }
}

void World::map()
{
    MapRequest request;
    Place place = some_place();
    request.length = some_length(one_in(200) ? 300 : place.pages);
    request.protection = some_protection();
    request.flags.no_reserve = one_in(10);
    request.populate = one_in(10);
    switch (below(8)) {
    case 0:
        request.flags.shared = true;
        break;
    case 1 ... 2: // a file
        request.object = file_object_;
        request.offset = below(options_.file_pages);
        request.flags.shared = one_in(3);
        if (request.flags.shared) {
            request.flags.may_write = false;
            request.protection.write = false;
        }
        break;
    case 3: // what another one has made
        request.object = some_shared_object();
        request.flags.shared = request.object != nullptr;
        request.offset = request.object != nullptr ? below(6) : 0;
        break;
    default:
        request.flags.grows_down = one_in(40);
    }
    if (one_in(30)) {
        request.flags.locked = true;
        request.flags.lock_on_fault = one_in(2);
    }
    switch (below(8)) {
    case 0 ... 3:
        request.address = one_in(4) ? place.address + below(PageSize) : VirtAddr{};
        break;
    case 4 ... 6:
        request.placement = MapRequest::Placement::Fixed;
        request.address = place.address + (one_in(40) ? 16 : 0);
        request.length = std::min(request.length, place.pages * PageSize);
        break;
    default:
        request.placement = MapRequest::Placement::FixedNoReplace;
        request.address = place.address;
        request.length = std::min(request.length, place.pages * PageSize);
    }
    begin(Operation::Map, text(request.address, *model_) + " length " + std::to_string(request.length) + " " +
                              text(request.protection) + (request.flags.shared ? " shared" : "") +
                              (request.object == file_object_ ? " file" : "") + " placement " +
                              std::to_string(static_cast<int>(request.placement)));
    // Whoever asks holds a reference: the request may replace the last area that shows the object.
    if (request.object != nullptr) request.object->share();
    Answer expected = model_->map(request);
    Answer actual = answer(space_->map(request));
    if (request.object != nullptr) request.object->drop();
    end(expected, actual);
}

void World::unmap()
{
    Place place = some_place();
    uint64_t length = some_length(place.pages);
    VirtAddr at = place.address + (one_in(50) ? 8 : 0);
    begin(Operation::Unmap, text(at, *model_) + " length " + std::to_string(length));
    Answer expected = model_->unmap(at, length);
    end(expected, answer(space_->unmap(at, length)));
}

void World::protect()
{
    Place place = some_place();
    uint64_t length = some_length(place.pages);
    VirtAddr at = place.address + (one_in(50) ? 8 : 0);
    Protection protection = some_protection();
    auto extent = ProtectExtent::AsGiven;
    const ModelPage &first = model_->page(static_cast<uint64_t>(model_->number(place.address)));
    if (one_in(50) && length != 0 && !(first.mapped && first.flags.grows_down)) {
        extent = one_in(2) && first.mapped ? ProtectExtent::GrowsDown : ProtectExtent::GrowsUp;
    }
    begin(Operation::Protect, text(at, *model_) + " length " + std::to_string(length) + " " +
                                  text(protection) + " extent " + std::to_string(static_cast<int>(extent)));
    Answer expected = model_->protect(at, length, protection, extent);
    Answer actual = answer(space_->protect(at, length, protection, extent));
    // RLIMIT_DATA is held against each area as a whole, which the model does not know.
    if (model_->limits.data != mm::Unlimited) memory_is_short_ = true;
    end(expected, actual);
}

void World::remap()
{
    Place from = some_place(), to = some_place();
    RemapRequest request;
    request.old_address = from.address;
    request.old_size = some_length(one_in(24) ? 0 : from.pages);
    if (!one_in(12)) {
        // The rest of an area, or a part of it.
        VirtAddr end = end_of_area(from.address);
        uint64_t rest = end > from.address ? (end - from.address) / PageSize : 1;
        if (model_->number(end) <= static_cast<int64_t>(model_->size()))
            request.old_size = std::min(rest, one_in(2) ? rest : from.pages) * PageSize;
    }
    request.may_move = !one_in(3);
    request.fixed = one_in(3);
    request.new_size = one_in(4) ? request.old_size : some_length(to.pages);
    request.new_address = one_in(40) ? to.address + 16 : to.address;
    const ModelPage &first = model_->page(static_cast<uint64_t>(model_->number(from.address)));
    if (one_in(6) && !first.flags.locked) {
        request.dont_unmap = true;
        request.new_size = request.old_size;
    }
    uint64_t room = model_->size() - static_cast<uint64_t>(model_->number(to.address));
    if (request.fixed || request.dont_unmap)
        request.new_size = std::min(request.new_size, room * PageSize - 16);
    if (request.dont_unmap) request.old_size = request.new_size;
    VirtAddr area_end = end_of_area(from.address);
    begin(Operation::Remap, text(from.address, *model_) + " from " + std::to_string(request.old_size) +
                                " to " + std::to_string(request.new_size) +
                                (request.may_move ? " may move" : "") + (request.fixed ? " fixed" : "") +
                                (request.dont_unmap ? " dont unmap" : "") + " " +
                                text(request.new_address, *model_));
    Answer expected = model_->remap(request, area_end);
    end(expected, answer(space_->remap(request)));
}

void World::advise()
{
    constexpr Advice Advices[] = {Advice::DontNeed,  Advice::DontNeed,     Advice::DontNeedLocked,
                                  Advice::Free,      Advice::PopulateRead, Advice::PopulateWrite,
                                  Advice::WillNeed,  Advice::Cold,         Advice::Ignored,
                                  Advice::DontFork,  Advice::DoFork,       Advice::WipeOnFork,
                                  Advice::KeepOnFork};
    Place place = some_place();
    uint64_t length = some_length(place.pages);
    VirtAddr at = place.address + (one_in(50) ? 8 : 0);
    Advice advice = Advices[below(std::size(Advices))];
    begin(Operation::Advise, text(at, *model_) + " length " + std::to_string(length) + " advice " +
                                 std::to_string(static_cast<int>(advice)));
    Answer expected = model_->advise(at, length, advice);
    end(expected, answer(space_->advise(at, length, advice)), Errno::TryAgain);
}

void World::set_break()
{
    VirtAddr wanted = model_->break_begin + below(24 * PageSize);
    if (one_in(4)) wanted = model_->current_break + below(2 * PageSize) - PageSize;
    if (one_in(30)) wanted = model_->address(below(model_->size())) + below(PageSize);
    begin(Operation::Break, text(wanted, *model_) + " and " + std::to_string(wanted.offset_in_page()));
    VirtAddr old = model_->current_break;
    Answer expected{.error = {}, .address = model_->set_break(wanted)};
    Answer actual{.error = {}, .address = space_->set_break(wanted)};
    bool refused = actual.address != wanted;
    if (refused && expected.address == wanted && actual.address == old) {
        // Refused for want of memory.
        model_->current_break = old;
        actual.error = Errno::NoMemory;
    }
    end(expected, actual);
    if (space_->current_break() != model_->current_break) contradict("the break is another one");
    tally_.successes[static_cast<size_t>(Operation::Break)] -= refused && actual.ok();
}

void World::touch(Access access)
{
    auto number = some_page();
    // Mostly what is there.
    for (int i = 0; i < 3 && !model_->page(number).mapped; i++) number = below(model_->size());
    VirtAddr at = model_->address(number) + SpaceModel::Offset;
    auto value = static_cast<uint8_t>(1 + below(255));
    Operation operation = access == Access::Read    ? Operation::Read
                          : access == Access::Write ? Operation::Write
                                                    : Operation::Execute;
    begin(operation, text(at, *model_));
    const VmArea *above = space_->areas().first_ending_above(at);
    SharedBytes shared_before = shared_;
    FaultResult expected =
        model_->access(at, access, value, above != nullptr ? above->range.end : VirtAddr{}, shared_);

    PhysAddr root = space_->page_table().root();
    auto faults_counted = [&] { return space_->counts().minor_faults + space_->counts().major_faults; };
    uint64_t faults = faults_counted();
    uint8_t seen = 0;
    auto try_it = [&] {
        return access == Access::Read    ? machine().read(root, at, seen)
               : access == Access::Write ? machine().write(root, at, value)
                                         : machine().execute(root, at);
    };
    FaultResult actual = FaultResult::Resolved;
    bool faulted = !try_it();
    if (faulted) actual = space_->fault(Fault{machine().last_fault()});
    if (faulted && actual == FaultResult::Resolved && !try_it()) contradict("a resolved fault comes again");
    count_fault(faulted && actual == FaultResult::Resolved, faults_counted() - faults);
    if (is_recorded() && actual == FaultResult::Resolved)
        references_.access(at.page_down(), access == Access::Write);
    if (actual == FaultResult::Resolved && access == Access::Read &&
        seen != model_->byte(model_->page(number), shared_))
        contradict("the byte read is " + std::to_string(seen));

    if (swaps() && actual == FaultResult::NoMemory && !injected_ && pages_can_go())
        contradict("there is no memory, although pages could go");
    if (actual == FaultResult::NoMemory || (actual == FaultResult::BusError && disk_failed())) {
        // What the model has written already was not. (The stack may have grown.)
        shared_ = shared_before;
        ModelPage &page = model_->page(number);
        page.written = before_->page(number).written;
        page.value = before_->page(number).value;
    }
    auto as_answer = [](FaultResult result) {
        constexpr Errno Errors[] = {
            Errno{},         Errno::BadAddress, Errno::AccessDenied, Errno::InputOutput,
            Errno::NoMemory, Errno::Interrupted};
        return Answer{.error = Errors[static_cast<size_t>(result)], .address = {}};
    };
    end(as_answer(expected), as_answer(actual));
}

// Every fault once; of a recorded space only those that the program would have had without.
void World::count_fault(bool faulted, uint64_t counted) const
{
    if (counted > faulted || (!is_recorded() && counted != faulted))
        contradict("the fault is counted wrongly");
}

void World::lock()
{
    Place place = some_place();
    uint64_t length = some_length(place.pages);
    bool on_fault = one_in(3);
    begin(Operation::Lock, text(place.address, *model_) + " length " + std::to_string(length));
    Answer expected = model_->lock(place.address, length, on_fault);
    end(expected, answer(space_->lock(place.address, length, on_fault)), Errno::TryAgain);
}

void World::unlock()
{
    Place place = some_place();
    uint64_t length = some_length(place.pages);
    begin(Operation::Unlock, text(place.address, *model_) + " length " + std::to_string(length));
    Answer expected = model_->unlock(place.address, length);
    end(expected, answer(space_->unlock(place.address, length)));
}

void World::lock_all()
{
    bool current = one_in(3), future = one_in(4), on_fault = one_in(2);
    if (one_in(2)) current = future = false;
    begin(Operation::LockAll, std::string(current ? "current " : "") + (future ? "future " : ""));
    bool all = current || future;
    model_->lock_all(current, future, on_fault);
    end(Answer{}, answer(all ? space_->lock_all(current, future, on_fault) : space_->unlock_all()));
}

void World::synchronise()
{
    Place place = some_place();
    uint64_t length = some_length(place.pages);
    bool asynchronous = one_in(2), invalidate = one_in(2);
    begin(Operation::Synchronise, text(place.address, *model_) + " length " + std::to_string(length));
    Answer expected = model_->synchronise(place.address, length, asynchronous, invalidate);
    end(expected, answer(space_->synchronise(place.address, length, asynchronous, invalidate)));
}

void World::residency()
{
    Place place = some_place();
    begin(Operation::Residency, text(place.address, *model_) + " pages " + std::to_string(place.pages));
    uint64_t next = 0;
    auto first = static_cast<uint64_t>(model_->number(place.address));
    Answer expected;
    uint64_t mapped = 0;
    while (mapped < place.pages && model_->page(first + mapped).mapped) mapped++;
    if (mapped < place.pages) expected.error = Errno::NoMemory;
    auto check = [&](uint64_t i, bool resident) -> Result<void> {
        if (i != next++) contradict("the answers are out of order");
        const ModelPage &page = model_->page(first + i);
        bool present = space_->inspect(model_->address(first + i)).present;
        if (page.object != nullptr) present |= page.object->has_page(page.index);
        mm::PageInformation page_information = space_->inspect(model_->address(first + i));
        bool on_disk = page_information.swapped;
        if (on_disk) present = mm::swap_cache().has(page_information.slot);
        if (resident != present || (page.written && !resident && !on_disk)) contradict("a wrong answer");
        return {};
    };
    auto result = space_->residency(place.address, place.pages * PageSize, check);
    if (next != mapped) contradict("the answers do not end at the hole");
    end(expected, answer(result));
}

// What happens around programs: other limits, another program on a processor, files that leave the cache.
void World::change_surroundings()
{
    switch (below(6)) {
    case 0: {
        auto space = below(Spaces);
        mm::MemoryLimits limits;
        if (one_in(3)) {
            uint64_t mapped = spaces_[space]->counts().mapped;
            limits.address_space = (mapped + below(options_.window_pages / 4)) * PageSize + below(PageSize);
        }
        if (one_in(3)) limits.data = (1 + below(options_.window_pages / 2)) * PageSize + below(PageSize);
        if (one_in(3)) limits.stack = (StackPages + below(20)) * PageSize;
        spaces_[space]->limits = models_[space]->limits = limits;
        break;
    }
    case 1:
        file_object_->drain();
        break;
    default:
        run_on(static_cast<unsigned>(below(Processors)), static_cast<unsigned>(below(Spaces)));
    }
}

// ---- Comparisons

VirtAddr World::end_of_area(VirtAddr address) const
{
    const VmArea *area = space_->areas().find(address);
    return area != nullptr ? area->range.end : address;
}

namespace {

// The area as the model would describe its page at `address`.
ModelPage described(const VmArea *area, VirtAddr address)
{
    ModelPage page;
    if (area == nullptr) return page;
    page.mapped = true;
    page.protection = area->protection;
    page.flags = area->flags;
    if (!area->is_private_anonymous()) {
        page.object = area->object;
        page.index = area->index_of(address);
    }
    return page;
}

} // namespace

// Shared memory that mmap has just made: now its object is known, and that it is all zeros.
void World::adopt_new_objects()
{
    MemoryObject *created = nullptr;
    for (uint64_t i = 0; i < model_->size(); i++) {
        ModelPage &page = model_->page(i);
        if (!page.mapped || !page.flags.shared || page.object != nullptr) continue;
        const VmArea *area = space_->areas().find(model_->address(i));
        if (area == nullptr) contradict("nothing is mapped where shared memory should be");
        page.object = created = area->object;
    }
    if (created != nullptr) std::erase_if(shared_, [&](auto &entry) { return entry.first.first == created; });
}

void World::forget_unused_objects()
{
    std::erase_if(shared_, [&](auto &entry) {
        for (auto &model : models_) {
            for (uint64_t i = 0; i < model->size(); i++) {
                if (model->page(i).object == entry.first.first) return false;
            }
        }
        return true;
    });
}

// Memory ran out in the middle: each page must be as before, or as it would have been, or, where something
// was to be replaced, gone already.
void World::adopt_partial_change()
{
    bool replaces = operation_ == Operation::Map || operation_ == Operation::Remap;
    for (uint64_t i = 0; i < model_->size(); i++) {
        VirtAddr address = model_->address(i);
        ModelPage actual = described(space_->areas().find(address), address);
        const ModelPage &old = before_->page(i);
        if (actual.maps_as(old))
            model_->page(i) = old;
        else if (replaces && !actual.mapped)
            model_->page(i) = ModelPage{};
        else if (!actual.maps_as(model_->page(i)))
            contradict("after it failed, page " + std::to_string(i) + " is neither old nor new");
    }
    if (operation_ == Operation::Break) model_->current_break = before_->current_break;
}

void World::compare()
{
    for (unsigned i = 0; i < Spaces; i++) {
        const SpaceModel &model = *models_[i];
        compare_contents(*spaces_[i], model);
        if (i != current_ && steps_ % 16 != 0)
            continue; // what others map is nothing that this space could change
        uint64_t number = 0;
        auto must_be = [&](const ModelPage &actual) {
            if (!actual.maps_as(model.page(number)))
                contradict("page " + std::to_string(number) + " of space " + std::to_string(i) +
                           " is mapped differently");
        };
        const VmArea *area = spaces_[i]->areas().first_ending_above(model.base());
        for (; area != nullptr && number < model.size(); area = mm::AreaSet::next(*area)) {
            for (; number < model.size() && model.address(number) < area->range.begin; number++) must_be({});
            ModelPage actual = described(area, model.address(number));
            for (; number < model.size() && model.address(number) < area->range.end; number++) {
                must_be(actual);
                actual.index += actual.object != nullptr;
            }
        }
        for (; number < model.size(); number++) must_be({});
    }
}

void World::begin_recording()
{
    static uint64_t now;
    auto recorder = mm::ReferenceRecorder::create(
        options_.recorded_pages, [] { return ++now; }, [] {});
    if (!recorder.ok()) throw Failure("no memory for the world's recorder");
    recorder_ = *recorder;
    spaces_[0]->record(*recorder_);
}

void World::compare_references()
{
    try {
        references_.compare(*recorder_);
    } catch (const Failure &failure) {
        contradict(failure.what());
    }
}

void World::compare_contents(const AddressSpace &space, const SpaceModel &model) const
{
    uint64_t next = 0;
    auto skip_to = [&](uint64_t number) {
        for (; next < number; next++) {
            const ModelPage &page = model.page(next);
            bool is_accessible = page.mapped && !page.protection.none() && !model.is_past_end(page);
            if (model.is_flat() && is_accessible && !pages_may_lack_)
                contradict("page " + std::to_string(next) + " of a flat space is not there");
            if (model.page(next).written)
                contradict("page " + std::to_string(next) + ", which was written, is lost");
        }
    };
    space.page_table().inspect({model.base(), WindowEnd}, [&](VirtAddr at, mm::PageTableEntry entry) {
        auto number = static_cast<uint64_t>(model.number(at));
        skip_to(number);
        next = number + 1;
        const ModelPage &page = model.page(number);
        const uint8_t *bytes = page_bytes(entry) + SpaceModel::Offset;
        if (bytes[0] != model.byte(page, shared_) || bytes[1] != model.neighbour_byte(page))
            contradict("page " + std::to_string(number) + " has other contents");
    });
    skip_to(model.size());
}

} // namespace host
