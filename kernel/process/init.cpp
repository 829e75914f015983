#include "kernel/process/init.hpp"

#include "kernel/panic.hpp"
#include "kernel/process/process_group.hpp"
#include "kernel/process/process_table.hpp"
#include "mm/frame_allocator.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

namespace {
constinit Process *init = nullptr;
constinit bool was_woken = false;
constexpr uint32_t FirstUmask = 022;
} // namespace

bool is_started_by_init(const Process &process)
{
    return process.parent() == &init_process() && process.pid() == process.session_id();
}

Process &init_process()
{
    return *init;
}

void become_init(Ref<Inode> cwd)
{
    init = mm::create<Process>();
    bool made = init != nullptr;
    if (made) made = process_table().lock()->add(*init).ok();
    if (made) made = begin_session(*init).ok();
    auto directories = Directories::create(std::move(cwd), FirstUmask);
    made = made && directories.ok();
    if (!made) refuse("there is not enough memory for processes");
    init->set_name("init");
    init->directories_ = *directories;
    init->limits_ = ResourceLimits::defaults(mm::frames().total() * mm::PageSize);
    init->main_thread_ = &current_thread();
    init->begun_ = true;
}

Process *wait_for_child_of_init(uint64_t deadline)
{
    Process *ended = nullptr;
    wait_until(
        init->child_changed_,
        [&] {
            for (Process &child : init->children_) {
                if (child.has_ended()) ended = &child;
            }
            return ended != nullptr || std::exchange(was_woken, false);
        },
        deadline);
    return ended;
}

void wake_init()
{
    was_woken = true;
    init->child_changed_.wake_all();
}

} // namespace kernel
