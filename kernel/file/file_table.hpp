// FileTable: which open file description each descriptor number of a process means. Processes hold it by
// reference, so that threads can share one.
#pragma once

#include "kernel/file/file.hpp"
#include "lib/spinlock.hpp"

namespace kernel {

class FileTable {
public:
    // A table without open descriptors. The caller owns one reference. NoMemory.
    static Result<FileTable *> create();
    // fork(2): the same open file descriptions under the same numbers. The caller owns one reference.
    // NoMemory.
    Result<FileTable *> clone();
    // execve(2): closes what is marked FD_CLOEXEC.
    void close_marked();
    // Descriptors 0, 1 and 2 on the console. NoMemory.
    Result<void> open_console();
    FileTable() = default;
    ~FileTable();
    FileTable(const FileTable &) = delete;
    FileTable &operator=(const FileTable &) = delete;

    void share() { references_.fetch_add(1, std::memory_order_relaxed); }
    // The last reference closes everything.
    void drop();
    bool is_shared() const { return references_.load(std::memory_order_relaxed) > 1; }

    // What `descriptor` means: BadDescriptor when it is not open, or open only as a path (O_PATH).
    Result<Ref<File>> find(int descriptor)
    {
        auto slots = slots_.lock();
        Slot *slot = slots->find(descriptor);
        if (!slot || slot->file->is_path_only()) [[unlikely]]
            return Errno::BadDescriptor;
        return Ref<File>(*slot->file);
    }
    // The same, O_PATH or not: for the few calls that take both (open(2)).
    Result<Ref<File>> find_any(int descriptor);

    // The lowest free number that is at least `lowest` and below `limit` (RLIMIT_NOFILE). TooManyFiles,
    // NoMemory.
    Result<int> add(Ref<File> file, bool close_on_exec, uint64_t limit, unsigned lowest = 0);
    // Whether add() would find a number: TooManyFiles.
    Result<void> check_room(uint64_t limit);
    // Exactly `descriptor`, which the caller has checked against RLIMIT_NOFILE; what was open there is
    // closed. NoMemory.
    Result<void> replace(int descriptor, Ref<File> file, bool close_on_exec);
    Result<void> close(int descriptor);
    // What is open from `first` to `last`, both included (close_range(2)).
    void close_range(unsigned first, unsigned last);
    void mark_range(unsigned first, unsigned last); // FD_CLOEXEC

    // FD_CLOEXEC. BadDescriptor.
    Result<bool> close_on_exec(int descriptor);
    Result<void> set_close_on_exec(int descriptor, bool on);

    // How many numbers the table has room for (FDSize in /proc/PID/status).
    unsigned capacity();
    // The first open descriptor that is at least `from`, or -1: for listing them.
    int next_open(int from);

private:
    struct Slot {
        File *file = nullptr; // one reference
        bool close_on_exec = false;
    };
    struct Slots {
        Slot *array = nullptr;
        unsigned capacity = 0;
        unsigned none_free_below = 0; // where looking for a free number begins: many files cost no more each

        Slot *find(int descriptor) const
        {
            if (static_cast<unsigned>(descriptor) >= capacity || !array[descriptor].file) return nullptr;
            return &array[descriptor];
        }
        unsigned lowest_free(unsigned from) const
        {
            from = from < none_free_below ? none_free_below : from;
            while (find(static_cast<int>(from))) from++;
            return from;
        }
        // Room for `descriptor`: capacity doubles. NoMemory.
        Result<void> make_room(unsigned descriptor);
        // Into an empty table. NoMemory.
        Result<void> copy(const Slots &others);
    };

    // visitor(descriptor) for each open one from `first` to `last`, both included.
    template <typename Visitor> void for_each_open(unsigned first, unsigned last, Visitor &&visitor)
    {
        if (first > Highest) return;
        int end = static_cast<int>(last < Highest ? last : Highest);
        for (int at = next_open(static_cast<int>(first)); at >= 0 && at <= end; at = next_open(at + 1))
            visitor(at);
    }

    static constexpr unsigned Highest = INT32_MAX - 1;

    std::atomic<uint32_t> references_{1};
    lib::Guarded<Slots> slots_;
};

} // namespace kernel
