"""What membench's metrics are: group, section, what one operation is, and the floor that belongs to it."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Metric:
    name: str
    group: str
    section: str
    what: str
    floor: str = ""


SECTIONS = {
    "calls": "Into the kernel and back",
    "faults": "Page faults and giving pages back",
    "areas": "Areas of the address space",
    "files": "Files in memory",
    "processes": "Processes",
    "disk": "Disk",
    "swap": "Swap",
    "processor": "The processor alone (no kernel in it: the same on both, or the comparison is wrong)",
}

# A disk's time means nothing under icount: the clock jumps over the waiting.
WITHOUT_INSTRUCTIONS = {"shared_write_msync", "msync_only"}

ZEROING = "floor_fault_avx"
MAPPING = "floor_fault_prezeroed"

METRICS = [Metric(*row) for row in [
    ("syscall_getppid", "syscall", "calls", "null system call", "floor_syscall_full_frame"),
    ("pipe_write_read_1", "pipe1", "calls", "a byte written to a pipe and read back, same process"),
    ("pipe_pingpong_roundtrip", "pingpong", "calls", "a byte to another process and back, two pipes"),
    ("pipe_throughput_64k", "pipe", "calls", "a pipe between two processes, 64 KiB a call"),
    ("pipe_throughput_per_64k", "pipe", "calls", "the same, for 64 KiB: copied in, copied out, two switches"),
    ("anon_fault", "anon", "faults", "first write to an anonymous page (64 MiB)", ZEROING),
    ("anon_unmap_page", "anon", "faults", "munmap of those, per page"),
    ("brk_fault", "brk", "faults", "first write to a page below the break", ZEROING),
    ("brk_unmap_page", "brk", "faults", "the break back down, per page"),
    ("stack_fault", "stack", "faults", "the stack grows, per page (4 MiB)", ZEROING),
    ("zero_read_fault", "zero", "faults", "first read of a page (the shared page of zeros)", MAPPING),
    ("zero_then_write_fault", "zero", "faults", "a write after that read", ZEROING),
    ("sparse_64g_fault", "sparse", "faults", "a write that needs page tables of its own (64 GiB area)"),
    ("sparse_64g_mmap", "sparse", "areas", "mmap of 64 GiB, nothing touched"),
    ("sparse_64g_munmap", "sparse", "areas", "munmap of 64 GiB with 64 pages touched"),
    ("sparse_64g_total", "sparse", "areas", "64 GiB: mmap, 64 touches, munmap"),
    ("mmap_munmap_1", "mmap1", "areas", "mmap and munmap of one page, untouched"),
    ("mmap_touch_munmap_64", "mmap64", "areas", "mmap, touch and munmap of 64 pages"),
    ("mprotect_toggle", "mprotect", "areas", "one mprotect of a touched page"),
    ("mprotect_ro_rw_write", "mprotect", "areas", "read-only, writable again, and a write"),
    ("vma_create_upto_1000", "vma1k", "areas", "an mmap, while making 1,000 areas"),
    ("vma_mmap_munmap_1_at_1000", "vma1k", "areas", "mmap and munmap among 1,000 areas"),
    ("vma_fault_at_1000", "vma1k", "areas", "a first write among 1,000 areas", ZEROING),
    ("vma_gap_mmap_munmap_2_at_500", "vma1k", "areas", "two pages wanted, 500 one-page holes in the way"),
    ("vma_munmap_touched_at_500", "vma1k", "areas", "munmap of a touched page among 500 areas"),
    ("vma_create_upto_10000", "vma10k", "areas", "an mmap, while making 10,000 areas"),
    ("vma_mmap_munmap_1_at_10000", "vma10k", "areas", "mmap and munmap among 10,000 areas"),
    ("vma_fault_at_10000", "vma10k", "areas", "a first write among 10,000 areas", ZEROING),
    ("vma_gap_mmap_munmap_2_at_5000", "vma10k", "areas", "two pages wanted, 5,000 one-page holes in the way"),
    ("vma_munmap_touched_at_5000", "vma10k", "areas", "munmap of a touched page among 5,000 areas"),
    ("file_fault_page", "file", "files", "a mapped file in memory, every page touched, per page"),
    ("file_fault_per_64k_touch", "file", "files", "the same, one touch per 64 KiB"),
    ("file_read_64k_cached", "file", "files", "read(2) of a file in memory, 64 KiB at a time"),
    ("shared_dirty_fault", "msync", "files", "first write to a clean page of a shared file mapping"),
    ("shared_write_msync", "msync", "files", "16 MiB touched, filled and written back (ext4)"),
    ("msync_only", "msync", "files", "its msync(MS_SYNC)"),
    ("fork_exit_wait_min", "fork", "processes", "fork, _exit, wait4 of a small process"),
    ("fork_exit_wait_16m", "fork", "processes", "the same with 16 MiB touched"),
    ("cow_fault", "cow", "processes", "a child writes to a page it shares"),
    ("cow_reuse_fault", "cow", "processes", "the parent writes again when the child has gone"),
    ("fork_exec_wait", "exec", "processes", "fork, exec of a tiny program, wait4"),
    ("blk_write_1m", "blk", "disk", "written past the page cache, 1 MiB at a time"),
    ("blk_write_128k", "blk", "disk", "the same, 128 KiB at a time"),
    ("blk_write_4k", "blk", "disk", "the same, 4 KiB at a time"),
    ("blk_read_1m", "blk", "disk", "read past the page cache, 1 MiB at a time"),
    ("blk_read_128k", "blk", "disk", "the same, 128 KiB at a time"),
    ("blk_read_32k", "blk", "disk", "the same, 32 KiB at a time"),
    ("blk_read_4k", "blk", "disk", "the same, 4 KiB at a time"),
    ("swap_write_seq", "swap", "swap", "384 MiB filled in a machine of 256 MiB"),
    ("swap_read_seq1", "swap", "swap", "read back in order and checked"),
    ("swap_read_seq2", "swap", "swap", "read back in order once more"),
    ("swap_read_random", "swap", "swap", "4,000 of those pages at random"),
    ("memcpy_16m_sse", "memcpy", "processor", "16 MiB copied, 16 bytes at a time"),
    ("memcpy_16m_mov", "memcpy", "processor", "8 bytes at a time"),
    ("memcpy_16m_movsq", "memcpy", "processor", "rep movsq"),
    ("memcpy_16m_movsb", "memcpy", "processor", "rep movsb"),
    ("zero_page_stosq", "floor", "processor", "a warm page zeroed, rep stosq"),
    ("zero_page_stosb", "floor", "processor", "rep stosb"),
    ("zero_page_mov", "floor", "processor", "8 bytes at a time"),
    ("zero_page_sse", "floor", "processor", "16 bytes at a time"),
    ("rdtsc", "floor", "processor", "the clock itself"),
]]

BY_NAME = {metric.name: metric for metric in METRICS}
# What switches comes before what touches much memory: QEMU's emulated TLB grows with that, takes 100 ms to shrink again
# (accel/tcg/cputlb.c, tlb_mmu_resize_locked), and each load of CR3 clears all of it.
GROUPS = ("syscall pipe1 pingpong pipe anon brk stack zero mmap1 mmap64 mprotect fork cow file msync exec vma1k vma10k sparse"
          " memcpy floor").split()
# In boots of their own, with the disks of disks.py, and by the wall clock alone.
DISK_GROUPS = ["blk", "swap"]
DISK_SECTIONS = ["disk", "swap"]
# How many times Linux's rate it should be: with what Linux reads at once by itself, and with what serves it best.
GOALS = {"swap_write_seq": (2.0, None), "swap_read_seq2": (4.0, 2.5), "swap_read_random": (1.3, None)}
BEST_PAGE_CLUSTER = 5  # 32 pages, the most that Linux reads around a fault (mm/swap_state.c, SWAP_RA_ORDER_CEILING)
# Whose operations zero pages.
ZEROING_GROUPS = "anon brk stack zero mmap64 vma1k vma10k sparse".split()
