// FileTable: which open file description each descriptor number of a process means. Processes hold it by reference,
// so that threads can share one.
#pragma once

#include "kernel/file/file.hpp"

namespace kernel {

class FileTable {
public:
    // A table without open descriptors. The caller owns one reference. NoMemory.
    static Result<FileTable *> create();
    // Descriptors 0, 1 and 2 on the console. NoMemory.
    Result<void> open_console();
    FileTable(const FileTable &) = delete;
    FileTable &operator=(const FileTable &) = delete;

    void share() { references_.fetch_add(1, std::memory_order_relaxed); }
    // The last reference closes everything.
    void drop();

    // BadDescriptor when `descriptor` is not open. The result is valid while the table is not changed; a caller that
    // sleeps takes a Ref.
    Result<File *> find(int descriptor) const
    {
        if (static_cast<unsigned>(descriptor) >= capacity_ || !slots_[descriptor].file) return Errno::BadDescriptor;
        return slots_[descriptor].file.get();
    }

    // The lowest free number that is at least `lowest` and below `limit` (RLIMIT_NOFILE). TooManyFiles, NoMemory.
    Result<int> add(Ref<File> file, bool close_on_exec, uint64_t limit, unsigned lowest = 0);
    // Exactly `descriptor`, which the caller has checked against RLIMIT_NOFILE; what was open there is closed. NoMemory.
    Result<void> replace(int descriptor, Ref<File> file, bool close_on_exec);
    Result<void> close(int descriptor);

    bool close_on_exec(int descriptor) const { return slots_[descriptor].close_on_exec; }
    void set_close_on_exec(int descriptor, bool on) { slots_[descriptor].close_on_exec = on; }

    // How many numbers the table has room for (FDSize in /proc/PID/status).
    unsigned capacity() const { return capacity_; }

private:
    struct Slot {
        Ref<File> file;
        bool close_on_exec = false;
    };

    FileTable() = default;
    ~FileTable();
    Result<void> grow(unsigned at_least);

    std::atomic<uint32_t> references_{1};
    unsigned capacity_ = 0;
    Slot *slots_ = nullptr;
};

} // namespace kernel
