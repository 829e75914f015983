#include "kernel/test_provocations.hpp"

#include "kernel/address_map.hpp"
#include "kernel/cpu/features.hpp"
#include "kernel/cpu/interrupts.hpp"
#include "kernel/device/disks.hpp"
#include "kernel/kernel_tables.hpp"
#include "kernel/log.hpp"
#include "kernel/panic.hpp"
#include "mm/frame_allocator.hpp"
#include "mm/page_table_entry.hpp"

#include <cstring>
#include <iterator>

namespace kernel {

// trap/provocations.asm
extern "C" [[noreturn]] void provoke_double_fault();
extern "C" [[noreturn]] void provoke_triple_fault();

namespace {

constexpr unsigned char Return = 0xc3; // the RET instruction

// So that the compiler does not see what is wrong with an address.
template <typename T> T *hidden(T *pointer)
{
    uint64_t volatile value = reinterpret_cast<uint64_t>(pointer);
    return reinterpret_cast<T *>(value);
}

using Function = void (*)();

void call(const void *address)
{
    hidden(reinterpret_cast<Function>(reinterpret_cast<uint64_t>(address)))();
}

void text_write()
{
    *reinterpret_cast<volatile unsigned char *>(hidden(&text_write)) = Return;
}

const unsigned char constant[] = {1, 2, 3, 4};

void rodata_write()
{
    *const_cast<volatile unsigned char *>(hidden(constant)) = 0;
}

unsigned char data[] = {Return};

void data_exec()
{
    call(data);
}

[[gnu::noinline]] unsigned recurse(unsigned depth)
{
    volatile char frame[256];
    frame[0] = static_cast<char>(depth);
    return depth == UINT32_MAX ? 0 : recurse(depth + 1) + static_cast<unsigned>(frame[0]);
}

void stack_overflow()
{
    log_info("the stack held {} calls", recurse(0));
}

uint64_t volatile nowhere = 0;

void null_read()
{
    unsigned char found = *reinterpret_cast<volatile unsigned char *>(nowhere);
    log_info("the null pointer leads to {}", found);
}

// A page that a program could use, at UserBegin: in the kernel's own root, whose lower half is empty.
void *make_user_page()
{
    mm::PhysAddr table = kernel_root();
    for (unsigned level = 4; level >= 1; level--) {
        auto frame = mm::frames().allocate_zeroed(mm::FrameKind::Reserved);
        if (!frame.ok()) panic("no memory for this test");
        uint64_t index = mm::UserBegin.value() >> (mm::PageShift + 9 * (level - 1)) & 511;
        table_entries(table)[index] = mm::PageTableEntry::table(frame.value()).raw();
        table = frame.value();
    }
    std::memset(table_entries(table), Return, mm::PageSize);
    return reinterpret_cast<void *>(mm::UserBegin.value());
}

void user_exec()
{
    if (!cpu_features().smep) refuse("test=user_exec: this processor has no SMEP");
    call(make_user_page());
}

void user_read()
{
    if (!cpu_features().smap) refuse("test=user_read: this processor has no SMAP");
    log_info("user memory contains {}", *static_cast<volatile unsigned char *>(make_user_page()));
}

void ask_for_panic()
{
    panic("asked for by test=panic");
}

// The first disk answers nothing any more; what becomes of its requests, the programs see.
void stop_disk()
{
    if (disk_count() == 0) refuse("test=disk_stops: there is no disk");
    disk(0).provoke_silence();
}

struct Provocation {
    std::string_view name;
    void (*make)();
    bool goes_on = false; // the programs are to run with it
};

constexpr Provocation Provocations[] = {
    {"text_write", text_write},
    {"rodata_write", rodata_write},
    {"data_exec", data_exec},
    {"stack_overflow", stack_overflow},
    {"null_read", null_read},
    {"user_exec", user_exec},
    {"user_read", user_read},
    {"panic", ask_for_panic},
    {"disk_stops", stop_disk, true},
    {"double_fault", provoke_double_fault},
    {"triple_fault", provoke_triple_fault},
    {"hang", halt_for_ever},
};

const Provocation *find(std::string_view name)
{
    for (const Provocation &provocation : Provocations) {
        if (provocation.name == name) return &provocation;
    }
    return nullptr;
}

} // namespace

bool is_provocation(std::string_view name)
{
    return find(name) != nullptr;
}

void provoke(std::string_view name)
{
    const Provocation *provocation = find(name);
    if (provocation == nullptr) refuse("there is no test={}", name);
    log_info("test={}: what follows is on purpose", name);
    provocation->make();
    if (provocation->goes_on) return;
    panic("test={}: nothing stopped it", name);
}

} // namespace kernel
