"""frames: what the frame allocator has given to whom."""
from . import kernel
from .command import Command


class Frames(Command):
    """frames: how many frames of physical memory are free, and what the others are used for.

The kinds are those of mm::FrameKind. Free ones are in the buddy system, or in the processor's own two stacks,
from which single frames are taken without a lock."""

    NAME = "frames"

    def run(self, words):
        allocator = kernel.symbol("mm::the_frame_allocator")
        total = int(allocator["total_"])
        if total == 0:
            print("no frames yet: init_frames is still to come in kernel_main")
            return
        kinds = kernel.enumerators("mm::FrameKind")
        kinds.remove("Count")
        processors = list(elements(allocator["processors_"]))
        used = [sum(kernel.number(one) for one in column) % (1 << 64)
                for column in zip(*(elements(processor["used"]) for processor in processors))]
        used[kinds.index("Free")] = total - sum(used)
        for kind, count in zip(kinds, used):
            print(f"{kind:<12} {count:>8} frames {count << 2:>10} KiB")
        print(f"{'total':<12} {total:>8} frames {total << 2:>10} KiB")
        stacks = " and ".join(
            f"{sum(int(processor[f'{name}_size']) for processor in processors)} in {meaning}"
            for name, meaning in (("stack", "the processor's stack"), ("zeroed", "its stack of zeroed ones"))
        )
        print(f"of the free ones {stacks}")


def elements(array):
    """Those of a std::array."""
    inner = array["_M_elems"]
    first, last = inner.type.strip_typedefs().range()
    return (inner[index] for index in range(first, last + 1))


def register():
    Frames()
