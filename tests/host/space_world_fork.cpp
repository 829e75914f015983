// Worlds whose programs fork.
#include "mm/pool.hpp"
#include "tests/host/space_world.hpp"

#include <utility>

namespace host {

// The child takes the place of another space, whose program ends.
void World::fork()
{
    unsigned target = (current_ + 1 + static_cast<unsigned>(below(Spaces - 1))) % Spaces;
    if (recorder_ != nullptr && target == 0) target = 3 - current_; // the recorded one stays
    begin(Operation::Fork, "to space " + std::to_string(target));
    auto forked = fork_space();
    if (forked.ok()) {
        AddressSpace *old = std::exchange(spaces_[target], *forked);
        for (unsigned i = 0; i < Processors; i++) {
            if (runs_[i] != static_cast<int>(target)) continue;
            machine().processor = i;
            (*forked)->activate();
            old->deactivate();
        }
        machine().processor = processor_;
        old->drop();
        models_[target]->become_child_of(*model_);
    }
    end(Answer{}, Answer{.error = forked.error(), .address = {}});
}

Result<AddressSpace *> World::fork_space()
{
    if (!options_.flat) return space_->fork();
    auto piece = mm::pool().allocate(options_.window_pages, 100);
    if (!piece.ok()) return piece.error();
    return space_->fork_into(**piece);
}

uint64_t World::locked_pages() const
{
    uint64_t locked = 0;
    for (const AddressSpace *space : spaces_) locked += space->counts().locked;
    return locked;
}

} // namespace host
