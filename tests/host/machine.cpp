// The simulated processors and their memory; and mm/machine.hpp on top of them.
#include "tests/host/machine.hpp"

#include "mm/anonymous.hpp"
#include "mm/frame_allocator.hpp"
#include "mm/kernel_heap.hpp"
#include "mm/memory_object.hpp"
#include "mm/memory_wait.hpp"
#include "mm/page_table.hpp"
#include "mm/pool.hpp"
#include "mm/swap.hpp"
#include "mm/swap_cache.hpp"
#include "mm/transfers.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

namespace host {

using mm::Access;
using mm::PageSize;
using mm::PhysAddr;
using mm::VirtAddr;
using Pte = mm::PageTableEntry;

namespace {

constexpr uint64_t MaxFrames = (uint64_t{80} << 30) >> mm::PageShift; // 64 GiB of RAM and room for holes
constexpr uint64_t WindowBytes = MaxFrames * PageSize;
constexpr uint64_t DescriptorBytes = MaxFrames * sizeof(mm::Frame);
constexpr uint64_t Group = uint64_t{1} << mm::MaxOrder;

// Address space without memory: what is not RAM faults, and RAM costs only what is touched.
char *reserve(void *at, uint64_t bytes)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (at != nullptr ? MAP_FIXED : 0);
    void *place = mmap(at, bytes, PROT_NONE, flags, -1, 0);
    if (place == MAP_FAILED) {
        perror("tests/host: cannot reserve address space for the simulated RAM");
        abort();
    }
    return static_cast<char *>(place);
}

char *memory()
{
    return reinterpret_cast<char *>(mm::machine::window_base);
}
char *descriptors()
{
    return reinterpret_cast<char *>(mm::machine::frame_array_base);
}

void open(char *from, uint64_t bytes)
{
    if (mprotect(from, bytes, PROT_READ | PROT_WRITE) != 0) {
        perror("tests/host: cannot open the simulated RAM");
        abort();
    }
}

std::string hex(uint64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "0x%lx", static_cast<unsigned long>(value));
    return text;
}

#if VITRINE_CHECKED
void on_free(PhysAddr frame)
{
    machine().check_unreachable(frame, "freed");
}
#endif

} // namespace

Machine &machine()
{
    static Machine the_machine;
    return the_machine;
}

void Machine::reset_without_frames(const std::vector<RamRange> &ram)
{
    *this = Machine{};
    ram_ = ram;
    reserve(memory(), WindowBytes);
    reserve(descriptors(), DescriptorBytes);
    for (const RamRange &range : ram) {
        open(memory() + range.first * PageSize, range.count * PageSize);
        uint64_t first = range.first / Group * Group;
        uint64_t end = (range.first + range.count + Group - 1) / Group * Group;
        open(descriptors() + first * sizeof(mm::Frame), (end - first) * sizeof(mm::Frame));
    }
    mm::reset_frame_allocator();
    mm::reset_kernel_heap();
    mm::reset_pool();
    mm::reset_zero_page();
    mm::reset_swap();
    mm::swap_cache().reset();
    mm::reset_transfers();
    mm::reset_memory_waits();
    mm::reset_anonymous_objects();
#if VITRINE_CHECKED
    mm::frames().watch_free = on_free;
#endif
}

void Machine::reset(const std::vector<RamRange> &ram)
{
    reset_without_frames(ram);
    for (const RamRange &range : ram) mm::frames().add_free(range.first, range.count);
}

// ---- Translation

// `as_processor`: sets Accessed on the way, as a real walk does.
Machine::Walk Machine::walk(PhysAddr root, VirtAddr address, bool as_processor) const
{
    Walk result;
    result.user = result.translation.writable = result.translation.executable = true;
    uint64_t table = root.page();
    for (unsigned level = 4; level >= 1; level--) {
        result.tables[4 - level] = table;
        auto *entries = reinterpret_cast<uint64_t *>(memory() + table * PageSize);
        uint64_t &raw = entries[mm::PageTable::index(address, level)];
        if (!(raw & Pte::Present)) return result;
        uint64_t number = Pte{raw}.address().page();
        bool is_ram = false;
        for (const RamRange &range : ram_) is_ram |= number - range.first < range.count;
        if (!is_ram)
            throw Failure("a page-table entry leads to " + hex(number * PageSize) + ", where no RAM is");
        if (mm::machine::frame_array()[number].kind == mm::FrameKind::Free ||
            mm::machine::frame_array()[number].kind == mm::FrameKind::Pool)
            throw Failure("the page-table entry for " + hex(address.value()) + " leads to a free frame");
        if (level > 1 && raw & Pte::Large)
            throw Failure("an entry above the leaves has the large-page bit set");
        if (as_processor) raw |= Pte::Accessed;
        result.translation.writable &= (raw & Pte::Writable) != 0;
        result.translation.executable &= !(raw & Pte::NoExecute);
        result.user &= (raw & Pte::User) != 0;
        result.leaf = &raw;
        table = number;
    }
    result.present = true;
    result.translation.frame = table;
    result.translation.dirty = (*result.leaf & Pte::Dirty) != 0;
    return result;
}

// A cached translation may give less than the page table (that costs a spurious fault), never more.
void Machine::check(const Processor &processor, uint64_t page, const Translation &cached) const
{
    auto number = static_cast<unsigned>(&processor - processors_.data());
    std::string who =
        "processor " + std::to_string(number) + " has a stale translation of " + hex(page << mm::PageShift);
    Walk now = walk(processor.root, VirtAddr::of_page(page), false);
    if (!now.present || !now.user) throw Failure(who + ": the page is mapped no more");
    if (now.translation.frame != cached.frame) throw Failure(who + ": another frame is mapped there now");
    if (cached.writable && !now.translation.writable) throw Failure(who + ": writing is forbidden now");
    if (cached.executable && !now.translation.executable) throw Failure(who + ": executing is forbidden now");
    if (cached.dirty && !now.translation.dirty)
        throw Failure(who + ": the entry is clean, but further writes would not mark it dirty");
}

bool Machine::fault(VirtAddr address, Access access, bool present)
{
    last_fault_ = {.address = address, .access = access, .user = true, .present = present};
    return false;
}

bool Machine::access(PhysAddr root, VirtAddr address, Access access)
{
    Processor &own = processors_[processor];
    if (own.root != root) throw Failure("the test accesses a space that is not loaded on this processor");
    if (address >= VirtAddr{uint64_t{1} << 47}) return fault(address, access, false);
    auto forbids = [access](const Translation &translation) {
        return (access == Access::Write && !translation.writable) ||
               (access == Access::Execute && !translation.executable);
    };

    uint64_t page = address.page();
    auto cached = own.tlb.find(page);
    if (cached != own.tlb.end()) {
        check(own, page, cached->second);
        if (forbids(cached->second)) {
            // The fault itself makes the processor forget the translation (SDM vol. 3A, 4.10.4.1).
            forget(own, page);
            return fault(address, access, true);
        }
    }
    if (cached == own.tlb.end() || (access == Access::Write && !cached->second.dirty)) {
        Walk found = walk(root, address, true);
        own.tables.insert(found.tables.begin(), found.tables.end());
        own.tables.erase(0); // levels that the walk did not reach
        own.tables.erase(root.page());
        if (!found.present) return fault(address, access, false);
        if (!found.user || forbids(found.translation)) return fault(address, access, true);
        if (access == Access::Write) {
            *found.leaf |= Pte::Dirty;
            found.translation.dirty = true;
        }
        forget(own, page);
        cached = own.tlb.emplace(page, found.translation).first;
        translations_to_[found.translation.frame]++;
    }
    last_physical_ = PhysAddr::of_page(cached->second.frame) + address.offset_in_page();
    return true;
}

bool Machine::read(PhysAddr root, VirtAddr address, uint8_t &value)
{
    if (!access(root, address, Access::Read)) return false;
    value = *static_cast<uint8_t *>(mm::machine::window(last_physical_));
    return true;
}

bool Machine::write(PhysAddr root, VirtAddr address, uint8_t value)
{
    if (!access(root, address, Access::Write)) return false;
    *static_cast<uint8_t *>(mm::machine::window(last_physical_)) = value;
    return true;
}

bool Machine::execute(PhysAddr root, VirtAddr address)
{
    return access(root, address, Access::Execute);
}

// ---- What processors forget

void Machine::forget(Processor &processor, uint64_t page)
{
    auto cached = processor.tlb.find(page);
    if (cached == processor.tlb.end()) return;
    auto frame = translations_to_.find(cached->second.frame);
    if (--frame->second == 0) translations_to_.erase(frame);
    processor.tlb.erase(cached);
}

void Machine::forget_all(Processor &processor)
{
    while (!processor.tlb.empty()) forget(processor, processor.tlb.begin()->first);
    processor.tables.clear();
}

void Machine::load_root(PhysAddr root)
{
    Processor &own = processors_[processor];
    forget_all(own);
    own.root = root;
}

// `page` null: all pages.
void Machine::invalidate(PhysAddr root, mm::machine::ProcessorSet active, const VirtAddr *page)
{
    for (unsigned i = 0; i < processors_.size(); i++) {
        if (!(active >> i & 1) || processors_[i].root != root) continue;
        if (page == nullptr) {
            forget_all(processors_[i]);
        } else {
            forget(processors_[i], page->page());
            processors_[i].tables.clear();
        }
    }
}

void Machine::check_unreachable(PhysAddr frame, const char *doing) const
{
    if (translations_to_.contains(frame.page()))
        throw Failure("frame " + hex(frame.value()) + " is " + doing +
                      " before its translation was invalidated");
    for (const Processor &processor : processors_) {
        if (processor.root != PhysAddr{} && processor.root == frame)
            throw Failure(std::string("a top-level page table is ") + doing +
                          " while a processor has it loaded");
        if (processor.tables.contains(frame.page()))
            throw Failure("page table " + hex(frame.value()) + " is " + doing +
                          " before processors forgot what leads to it");
    }
}

void Machine::check_writes_are_seen(PhysAddr frame, const char *doing) const
{
    if (!translations_to_.contains(frame.page())) return;
    for (const Processor &processor : processors_) {
        for (const auto &[page, cached] : processor.tlb) {
            if (cached.frame != frame.page()) continue;
            check(processor, page, cached);
            if (cached.writable && cached.dirty)
                throw Failure("frame " + hex(frame.value()) + " is " + doing +
                              " while a processor can write to it unnoticed");
        }
    }
}

void Machine::audit() const
{
    for (const Processor &processor : processors_) {
        for (const auto &[page, translation] : processor.tlb) check(processor, page, translation);
    }
}

} // namespace host

// ---- The seam

namespace mm::machine {

unsigned current_processor()
{
    return host::machine().processor;
}

std::byte *const window_base = reinterpret_cast<std::byte *>(host::reserve(nullptr, host::WindowBytes));
Frame *const frame_array_base = reinterpret_cast<Frame *>(host::reserve(nullptr, host::DescriptorBytes));

void zero_frame(PhysAddr frame)
{
    host::machine().calls.zero_frame++;
    host::machine().check_unreachable(frame, "filled");
    memset(window(frame), 0, PageSize);
}

void copy_frame(PhysAddr to, PhysAddr from)
{
    host::machine().calls.copy_frame++;
    host::machine().check_unreachable(to, "filled");
    memcpy(window(to), window(from), PageSize);
}

void invalidate_page(PhysAddr root, ProcessorSet active, VirtAddr page)
{
    host::machine().calls.invalidate_page++;
    host::machine().invalidate(root, active, &page);
}

void invalidate_all(PhysAddr root, ProcessorSet active)
{
    host::machine().calls.invalidate_all++;
    host::machine().invalidate(root, active, nullptr);
}

void load_root(PhysAddr root)
{
    host::machine().load_root(root);
}

// Entries that no user access may ever go through, and that nobody may change.
void share_kernel_half(PhysAddr root)
{
    auto *entries = static_cast<uint64_t *>(window(root));
    for (uint64_t i = 256; i < 512; i++) entries[i] = i << PageShift | PageTableEntry::Present;
}

void fail(const char *what)
{
    throw host::Failure(what);
}

} // namespace mm::machine
