#include "kernel/process/init.hpp"

#include "kernel/panic.hpp"
#include "kernel/process/process_group.hpp"
#include "kernel/process/process_table.hpp"
#include "mm/frame_allocator.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

namespace {
constinit Process *init = nullptr;
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
    if (!made) refuse("there is not enough memory for processes");
    init->set_name("init");
    init->cwd_ = std::move(cwd);
    init->limits_ = ResourceLimits::defaults(mm::frames().total() * mm::PageSize);
    init->main_thread_ = &current_thread();
    init->begun_ = true;
}

Process &wait_for_any_child_of_init()
{
    Process *ended = nullptr;
    wait_until(init->child_changed_, [&] {
        for (Process &child : init->children_) {
            if (child.has_ended()) ended = &child;
        }
        return ended != nullptr;
    });
    return *ended;
}

} // namespace kernel
