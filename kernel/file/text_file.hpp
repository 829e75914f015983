// TextFile: a file whose text is made while it is read, record by record, as /proc needs it.
//
// An open description keeps a buffer with the records made last and a cursor that says where the next one
// begins; a reader of ten thousand lines needs no more memory than one of ten. The cursor is chosen by the
// file (an address, for a list of areas), so that a list that changes between two reads is neither repeated
// nor torn. (Linux's fs/seq_file.c does the same, and makes the same counts.)
#pragma once

#include "kernel/file/file.hpp"

namespace kernel {

class TextFile : public Inode {
public:
    static constexpr uint64_t End = UINT64_MAX;
    // Instead of End, where there may be more later: a read finds the end, the next one asks again.
    static constexpr uint64_t NotYet = UINT64_MAX - 1;

    TextFile() : Inode(FileType::Regular) {}

    // Writes the first record at or after `cursor` (0 at the beginning), if there is one. Returns the cursor
    // of the next; End when there is none, and then nothing was written unless this was the last record;
    // NotYet when nothing was written.
    virtual Result<uint64_t> write_record(uint64_t cursor, lib::TextSink &sink) = 0;

    void closed(File &file) override;
    Result<size_t> read(File &file, uint64_t offset, UserBuffer &to) override;
    Result<uint64_t> seek(const File &file, int64_t offset, Whence whence) override;

private:
    struct Reader;
    static Result<Reader *> take_reader(File &file);
    static void put_back(File &file, Reader *reader);
    Result<size_t> read_with(Reader &reader, uint64_t offset, UserBuffer &to);
    Result<void> fill(Reader &reader, size_t wanted);
};

} // namespace kernel
