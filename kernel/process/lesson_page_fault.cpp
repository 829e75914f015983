// Why an access to memory was not possible.
#include "kernel/process/lesson.hpp"
#include "kernel/process/region.hpp"
#include "mm/address_space.hpp"

namespace kernel {

namespace {

// How far from the stack pointer an access still looks like one to the stack: a large local array, or the red
// zone.
constexpr uint64_t NearStackPointer = uint64_t{1} << 20;
// So far past the break somebody may have counted wrong; further away it is another mistake.
constexpr uint64_t NearBreak = uint64_t{1} << 30;

class PageFaultLesson {
public:
    PageFaultLesson(lib::TextSink &sink, const Process &process, const TrapFrame &frame,
                    const SignalInfo &info)
        : sink_(sink), process_(process), space_(process.space()), frame_(frame), info_(info),
          address_(info.fault.address)
    {}

    void tell()
    {
        lib::format(sink_, "{} {:#x}", access_name(), address_.value());
        switch (info_.result) {
        case mm::FaultResult::Denied:
            return tell_denied();
        case mm::FaultResult::BusError:
            return tell_bus_error();
        default:
            return tell_not_mapped();
        }
    }

private:
    std::string_view access_name() const
    {
        switch (info_.fault.access) {
        case mm::Access::Read:
            return "read from";
        case mm::Access::Write:
            return "write to";
        case mm::Access::Execute:
            return "jump to";
        }
        return "";
    }
    bool executes() const { return info_.fault.access == mm::Access::Execute; }
    bool writes() const { return info_.fault.access == mm::Access::Write; }

    void tell_not_mapped()
    {
        if (address_ < mm::UserBegin) return tell_null();
        if (address_ >= mm::UserEnd) return tell_kernel_half();
        if (space_.is_flat() && !space_.flat_range().contains(address_)) return tell_outside_of_piece();
        const mm::VmArea *above = space_.areas().first_ending_above(address_);
        if (above != nullptr && is_stack(*above) && looks_like_stack(*above)) {
            if (space_.is_flat()) return tell_stack_in_piece(*above);
            return tell_stack(*above);
        }
        const mm::VmArea *below = above == nullptr ? space_.areas().last() : space_.areas().previous(*above);
        if (is_past_break(below)) return tell_past_break();
        tell_hole(below, above);
    }

    void tell_null()
    {
        if (executes() && address_ == mm::VirtAddr{}) {
            sink_.put(": a function pointer that is null was called");
        } else if (address_ == mm::VirtAddr{}) {
            sink_.put(": a null pointer was used");
        } else if (executes()) {
            sink_.put(
                ": this is no function: a function pointer or return address was overwritten, or is null");
        } else {
            sink_.put(": a null pointer was used, ");
            write_distance(sink_, address_.value());
            sink_.put(" further on (a member of a struct, an element of an array)");
        }
        sink_.put(". Nothing is ever mapped below 0x10000, so that such mistakes are noticed");
    }

    void tell_kernel_half()
    {
        lib::format(sink_, ": a program's memory ends at {:#x}, and what is above belongs to the kernel",
                    mm::UserEnd.value());
    }

    // memory=pool. What a base and a limit register would say, the page tables say here.
    void tell_outside_of_piece()
    {
        mm::VirtRange range = space_.flat_range();
        bool below = address_ < range.begin;
        sink_.put(", ");
        write_distance(sink_, below ? range.begin - address_ : address_ - range.end + 1);
        lib::format(sink_, " {}: outside of its piece: base {:#x}, limit {:#x} (",
                    below ? "before the first byte of all its memory" : "past the end of all its memory",
                    range.begin.value(), range.size());
        write_distance(sink_, range.size());
        sink_.put("). What lies beyond is no memory of this program, and may be another's");
    }

    bool is_stack(const mm::VmArea &area) const { return region_kind(process_, area) == RegionKind::Stack; }

    bool looks_like_stack(const mm::VmArea &stack) const
    {
        if (space_.is_flat() && stack.range.begin - address_ <= mm::PageSize) return true; // the guard page
        uint64_t rsp = frame_.rsp, at = address_.value();
        bool near_pointer = at + NearStackPointer >= rsp && at <= rsp + NearStackPointer;
        if (space_.is_flat()) return near_pointer;
        return near_pointer || stack.range.begin - address_ <= mm::StackGuardGap;
    }

    void tell_stack_in_piece(const mm::VmArea &stack)
    {
        uint64_t distance = stack.range.begin - address_;
        sink_.put(", ");
        write_distance(sink_, distance);
        sink_.put(" below the stack's lowest page");
        if (distance <= mm::PageSize) sink_.put(", in the guard page");
        sink_.put(": the stack has had all of its ");
        write_distance(sink_, stack.range.size());
        sink_.put(" from the start, and cannot grow: in one contiguous piece of memory there is no room for "
                  "that (option pool_stack). Endless recursion, or large local variables?");
    }

    void tell_stack(const mm::VmArea &stack)
    {
        sink_.put(", ");
        write_distance(sink_, stack.range.begin - address_);
        sink_.put(" below the stack's lowest page: ");
        uint64_t limit = space_.limits.stack;
        if (stack.range.end - address_.page_down() > limit) {
            sink_.put("the stack hit its limit of ");
            write_distance(sink_, limit);
            sink_.put(" (RLIMIT_STACK). Endless recursion, or large local variables?");
            return;
        }
        const mm::VmArea *below = space_.areas().previous(stack);
        if (below != nullptr && address_.page_down() < below->range.end + mm::StackGuardGap) {
            sink_.put("the stack may not grow closer than 1 MiB to ");
            write_region(sink_, process_, *below);
            lib::format(sink_, ", which ends at {:#x}", below->range.end.value());
            return;
        }
        sink_.put("the stack could not grow, because the program's memory has reached a limit (RLIMIT_AS)");
    }

    bool is_past_break(const mm::VmArea *below) const
    {
        mm::VirtAddr end = space_.current_break();
        if (end == mm::VirtAddr{} || address_ < end || address_ - end > NearBreak) return false;
        return below == nullptr ||
               below->range.begin < end; // no other memory between the break and the address
    }

    void tell_past_break()
    {
        mm::VirtAddr end = space_.current_break();
        sink_.put(", ");
        if (address_ == end) {
            sink_.put("exactly at the program's break");
        } else {
            write_distance(sink_, address_ - end);
            lib::format(sink_, " past the program's break ({:#x})", end.value());
        }
        sink_.put(": nothing is mapped there until brk or malloc asks for it");
    }

    void tell_hole(const mm::VmArea *below, const mm::VmArea *above)
    {
        sink_.put(": nothing is mapped there");
        if (below == nullptr && above == nullptr) return;
        bool below_is_nearer = above == nullptr || (below != nullptr && address_ - below->range.end <
                                                                            above->range.begin - address_);
        const mm::VmArea &nearest = below_is_nearer ? *below : *above;
        sink_.put(". The nearest memory is ");
        write_region(sink_, process_, nearest);
        if (below_is_nearer) {
            lib::format(sink_, ", which ends at {:#x}: this is ", nearest.range.end.value());
            write_distance(sink_, address_ - nearest.range.end + 1);
            sink_.put(" past its end");
        } else {
            lib::format(sink_, ", which begins at {:#x}: this is ", nearest.range.begin.value());
            write_distance(sink_, nearest.range.begin - address_);
            sink_.put(" before it");
        }
    }

    void tell_denied()
    {
        const mm::VmArea *area = space_.areas().find(address_);
        if (area == nullptr) return; // another thread has unmapped it meanwhile
        sink_.put(", in ");
        write_region(sink_, process_, *area);
        lib::format(sink_, " ({:#x}-{:#x}): ", area->range.begin.value(), area->range.end.value());
        if (area->protection.none()) {
            sink_.put(
                "this memory is only reserved (PROT_NONE), and may not be used until mprotect allows it");
        } else if (executes()) {
            sink_.put("data is not code: no page that lacks PROT_EXEC can be executed (the NX bit)");
        } else if (writes()) {
            tell_write_denied(region_kind(process_, *area));
        } else {
            sink_.put("it may not be read");
        }
    }

    void tell_write_denied(RegionKind kind)
    {
        if (kind == RegionKind::Code)
            sink_.put("code can be read and executed, but not changed");
        else if (kind == RegionKind::Constants)
            sink_.put("constants can be read, but not changed");
        else
            sink_.put("it is read-only (no PROT_WRITE)");
    }

    void tell_bus_error()
    {
        const mm::VmArea *area = space_.areas().find(address_);
        if (area == nullptr) return;
        sink_.put(", in ");
        write_region(sink_, process_, *area);
        bool is_on_swap = space_.inspect(address_.page_down()).swapped;
        bool is_past_end =
            !area->is_private_anonymous() && area->index_of(address_.page_down()) >= area->object->end();
        if (area->object->source() == nullptr && is_past_end) {
            lib::format(sink_,
                        ": the memory that is shared was made with {} pages, and does not grow when a place "
                        "where it is shown does (mremap)",
                        area->object->end());
            return;
        }
        if (is_on_swap || area->object->source() == nullptr) {
            sink_.put(
                ": the page was on a swap disk, and the disk could not read it back; what it held is lost");
            return;
        }
        uint64_t position =
            (area->index_of(address_.page_down()) << mm::PageShift) + address_.offset_in_page();
        uint64_t size = area->object->source()->size();
        if (position < size) {
            sink_.put(": the file could not be read there");
        } else {
            lib::format(sink_, ": position {} of the file, which has only {} bytes: there is no page to show",
                        position, size);
        }
    }

    lib::TextSink &sink_;
    const Process &process_;
    const mm::AddressSpace &space_;
    const TrapFrame &frame_;
    const SignalInfo &info_;
    mm::VirtAddr address_;
};

} // namespace

void explain_page_fault(lib::TextSink &sink, const Process &process, const TrapFrame &frame,
                        const SignalInfo &info)
{
    PageFaultLesson(sink, process, frame, info).tell();
}

} // namespace kernel
