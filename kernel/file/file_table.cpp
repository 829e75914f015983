// Descriptor numbers. See file_table.hpp.
#include "kernel/file/file_table.hpp"

#include "kernel/file/console_file.hpp"
#include "kernel/file/file_locks.hpp"
#include "mm/kernel_heap.hpp"

#include <algorithm>

namespace kernel {

namespace {

constexpr unsigned FirstCapacity = 64; // as on Linux (NR_OPEN_DEFAULT)

} // namespace

Result<FileTable *> FileTable::create()
{
    auto *table = mm::create<FileTable>();
    if (!table) return Errno::NoMemory;
    if (auto room = table->slots_.lock()->make_room(FirstCapacity - 1); !room.ok()) {
        table->drop();
        return room.error();
    }
    return table;
}

Result<FileTable *> FileTable::clone()
{
    auto *copy = mm::create<FileTable>();
    if (!copy) return Errno::NoMemory;
    if (auto copied = copy->slots_.lock()->copy(*slots_.lock()); !copied.ok()) {
        copy->drop();
        return copied.error();
    }
    return copy;
}

void FileTable::close_marked()
{
    for (int descriptor = next_open(0); descriptor >= 0; descriptor = next_open(descriptor + 1)) {
        auto marked = close_on_exec(descriptor);
        if (marked.ok() && *marked) (void)close(descriptor);
    }
}

FileTable::~FileTable()
{
    auto slots = slots_.lock();
    for (unsigned i = 0; i < slots->capacity; i++) {
        File *file = slots->array[i].file;
        if (!file) continue;
        release_locks_of(*this, file->inode());
        file->drop();
    }
    mm::heap_free(slots->array);
}

void FileTable::drop()
{
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) mm::destroy(this);
}

Result<void> FileTable::open_console()
{
    for (int descriptor = 0; descriptor < 3; descriptor++) {
        TRY_LET(file, open_console_file(descriptor));
        TRY_VOID(replace(descriptor, std::move(file), false));
    }
    return {};
}

Result<void> FileTable::Slots::make_room(unsigned descriptor)
{
    if (descriptor < capacity) return {};
    unsigned wanted = capacity ? capacity : FirstCapacity;
    while (wanted <= descriptor) wanted *= 2;
    auto *bigger = static_cast<Slot *>(mm::heap_allocate(wanted * sizeof(Slot)));
    if (!bigger) return Errno::NoMemory;
    for (unsigned i = 0; i < wanted; i++) new (&bigger[i]) Slot(i < capacity ? array[i] : Slot{});
    mm::heap_free(array);
    array = bigger;
    capacity = wanted;
    return {};
}

Result<void> FileTable::Slots::copy(const Slots &others)
{
    TRY_VOID(make_room(others.capacity - 1));
    none_free_below = others.none_free_below;
    for (unsigned i = 0; i < others.capacity; i++) {
        array[i] = others.array[i];
        if (array[i].file) array[i].file->share();
    }
    return {};
}

Result<Ref<File>> FileTable::find_any(int descriptor)
{
    auto slots = slots_.lock();
    Slot *slot = slots->find(descriptor);
    if (!slot) return Errno::BadDescriptor;
    return Ref<File>(*slot->file);
}

Result<int> FileTable::add(Ref<File> file, bool close_on_exec, uint64_t limit, unsigned lowest)
{
    auto slots = slots_.lock();
    unsigned descriptor = slots->lowest_free(lowest);
    if (descriptor >= limit) return Errno::TooManyFiles;
    TRY_VOID(slots->make_room(descriptor));
    slots->array[descriptor] = {.file = file.release(), .close_on_exec = close_on_exec};
    if (lowest <= slots->none_free_below) slots->none_free_below = descriptor + 1;
    return static_cast<int>(descriptor);
}

Result<void> FileTable::check_room(uint64_t limit)
{
    if (slots_.lock()->lowest_free(0) >= limit) return Errno::TooManyFiles;
    return {};
}

Result<void> FileTable::replace(int descriptor, Ref<File> file, bool close_on_exec)
{
    Ref<File> closed; // dropped when the lock is free again
    auto slots = slots_.lock();
    TRY_VOID(slots->make_room(static_cast<unsigned>(descriptor)));
    Slot &slot = slots->array[descriptor];
    closed = Ref<File>::adopt(slot.file);
    if (closed) release_locks_of(*this, closed->inode());
    slot = {.file = file.release(), .close_on_exec = close_on_exec};
    return {};
}

Result<void> FileTable::close(int descriptor)
{
    Ref<File> closed; // dropped when the lock is free again
    auto slots = slots_.lock();
    Slot *slot = slots->find(descriptor);
    if (!slot) return Errno::BadDescriptor;
    closed = Ref<File>::adopt(slot->file);
    release_locks_of(*this, closed->inode());
    *slot = {};
    slots->none_free_below = std::min(slots->none_free_below, static_cast<unsigned>(descriptor));
    return {};
}

void FileTable::close_range(unsigned first, unsigned last)
{
    for_each_open(first, last, [this](int descriptor) { (void)close(descriptor); });
}

void FileTable::mark_range(unsigned first, unsigned last)
{
    for_each_open(first, last, [this](int descriptor) { (void)set_close_on_exec(descriptor, true); });
}

Result<bool> FileTable::close_on_exec(int descriptor)
{
    auto slots = slots_.lock();
    Slot *slot = slots->find(descriptor);
    if (!slot) return Errno::BadDescriptor;
    return slot->close_on_exec;
}

Result<void> FileTable::set_close_on_exec(int descriptor, bool on)
{
    auto slots = slots_.lock();
    Slot *slot = slots->find(descriptor);
    if (!slot) return Errno::BadDescriptor;
    slot->close_on_exec = on;
    return {};
}

unsigned FileTable::capacity()
{
    return slots_.lock()->capacity;
}

int FileTable::next_open(int from)
{
    auto slots = slots_.lock();
    for (int i = from; i < static_cast<int>(slots->capacity); i++) {
        if (slots->find(i)) return i;
    }
    return -1;
}

} // namespace kernel
