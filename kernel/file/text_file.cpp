// Reading text that is made on the way. See text_file.hpp.
#include "kernel/file/text_file.hpp"

#include "kernel/process/scheduler.hpp"
#include "kernel/signal/signal.hpp"
#include "mm/kernel_heap.hpp"

#include <algorithm>
#include <utility>

namespace kernel {

namespace {

constexpr size_t FirstCapacity = mm::PageSize;
constexpr size_t MaxCapacity = size_t{1} << 20; // no record is that long

} // namespace

// What an open description remembers.
struct TextFile::Reader {
    ~Reader() { mm::heap_free(buffer); }

    void restart()
    {
        cursor = offset = 0;
        begin = end = 0;
    }

    Result<size_t> give(UserBuffer &to)
    {
        size_t count = TRY(store_or_fault(to, buffer + begin, end - begin));
        begin += count;
        offset += count;
        return count;
    }

    char *buffer = nullptr;
    size_t capacity = 0;
    size_t begin = 0; // the text not read yet is [begin, end) of the buffer …
    size_t end = 0;
    uint64_t offset = 0; // … and `begin` is this byte of the file
    uint64_t cursor = 0; // the record behind it
};

void TextFile::closed(File &file)
{
    mm::destroy(static_cast<Reader *>(file.state));
    file.state = nullptr;
}

// Storing text may sleep. Who reads by the same description meanwhile finds no reader there, and makes
// another.
Result<TextFile::Reader *> TextFile::take_reader(File &file)
{
    auto *reader = static_cast<Reader *>(std::exchange(file.state, nullptr));
    if (!reader) reader = mm::create<Reader>();
    if (!reader) return Errno::NoMemory;
    return reader;
}

void TextFile::put_back(File &file, Reader *reader)
{
    mm::destroy(static_cast<Reader *>(std::exchange(file.state, reader)));
}

// Puts whole records into the empty buffer: one, however long, and more as long as they fit and are wanted.
Result<void> TextFile::fill(Reader &reader, size_t wanted)
{
    reader.begin = reader.end = 0;
    while (reader.cursor != End && (reader.end == 0 || reader.end < wanted)) {
        if (!reader.buffer) {
            if (!reader.capacity) reader.capacity = FirstCapacity;
            reader.buffer = static_cast<char *>(mm::heap_allocate(reader.capacity));
            if (!reader.buffer) return Errno::NoMemory;
        }
        lib::BufferSink sink({reader.buffer + reader.end, reader.capacity - reader.end});
        auto next = write_record(reader.cursor, sink);
        if (!next.ok()) {
            if (reader.end != 0) break; // the error comes with the next read
            return next.error();
        }
        if (*next == NotYet) break;
        if (!sink.overflowed()) {
            reader.cursor = *next;
            reader.end += sink.text().size();
            continue;
        }
        if (reader.end != 0) break;
        if (reader.capacity >= MaxCapacity) return Errno::NoMemory;
        mm::heap_free(reader.buffer);
        reader.buffer = nullptr;
        reader.capacity *= 2;
    }
    return {};
}

Result<size_t> TextFile::read(File &file, uint64_t offset, UserBuffer &to)
{
    Reader *reader = TRY(take_reader(file));
    Result<size_t> count = read_with(*reader, offset, to);
    put_back(file, reader);
    return count;
}

Result<size_t> TextFile::read_with(Reader &reader, uint64_t offset, UserBuffer &to)
{
    if (offset != reader.offset) {
        // Somewhere else: make everything before it once more, and forget it.
        reader.restart();
        while (reader.offset < offset) {
            TRY_VOID(fill(reader, SIZE_MAX));
            if (reader.end == 0) return size_t{0};
            reader.begin = std::min<uint64_t>(reader.end, offset - reader.offset);
            reader.offset += reader.begin;
            // How far away that is the program says.
            if (!continue_long_work() && is_dying(current_thread())) return Errno::Interrupted;
        }
    }
    // What is left from the last time, and then one buffer more: whoever wants the rest asks again.
    size_t done = TRY(reader.give(to));
    if (to.empty() || reader.begin != reader.end) return done;
    auto filled = fill(reader, to.size());
    if (!filled.ok()) return done ? Result<size_t>{done} : filled.error();
    auto given = reader.give(to);
    if (!given.ok()) return done ? Result<size_t>{done} : given.error();
    return done + *given;
}

Result<uint64_t> TextFile::seek(const File &file, int64_t offset, Whence whence)
{
    if (whence != Whence::Set && whence != Whence::Current) return Errno::Invalid;
    auto base = whence == Whence::Current ? static_cast<int64_t>(file.position()) : int64_t{0};
    int64_t position;
    if (__builtin_add_overflow(base, offset, &position) || position < 0) return Errno::Invalid;
    return static_cast<uint64_t>(position);
}

} // namespace kernel
