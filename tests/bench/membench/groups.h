// groups.h: the groups of measurements. Each returns 0, or a negative error number when it could not measure.
#pragma once
#include "options.h"
#include "report.h"

int group_tsc(void); // group_calls.c: the cheapest ways into the kernel and back
int group_syscall(void);
int group_pipe1(void);
int group_pingpong(void);
int group_pipe(void);
int group_anon(void); // group_anonymous.c: first touches of anonymous memory
int group_brk(void);
int group_zero(void);
int group_sparse(void);
int group_stack(void); // group_stack.c: the stack grows
int group_mmap1(void); // group_areas.c: mmap, munmap, mprotect
int group_mmap64(void);
int group_mprotect(void);
int group_vma1k(void); // group_many_areas.c: the same with thousands of areas
int group_vma10k(void);
int group_fork(void); // group_process.c: fork, copy on write, exec
int group_cow(void);
int group_exec(void);
int group_file(void); // group_file.c: files, read, mapped and written
int group_msync(void);
int group_memcpy(void); // group_copy.c: what the processor can do with warm memory
int group_floor(void);
int group_blk(void);  // group_disk.c: a raw disk
int group_swap(void); // group_swap.c: more memory than there is
