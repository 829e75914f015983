// /proc/mounts: the file systems, as mount(8) and df(1) read them (fstab(5)). They are the same for everybody.
#include "kernel/file/file_system.hpp"
#include "kernel/file/proc.hpp"
#include "kernel/file/text_file.hpp"
#include "lib/format.hpp"

namespace kernel::proc {

void write_mounts(lib::TextSink &sink)
{
    for (unsigned i = 0; i < FileSystemCount; i++) {
        const FileSystem &each = file_system(i);
        lib::format(sink, "{} {} {} rw,relatime 0 0\n", each.source, each.path, each.type);
    }
}

Result<uint64_t> write_process_mounts(Process &, uint64_t cursor, lib::TextSink &sink)
{
    if (cursor == 0) write_mounts(sink);
    return TextFile::End;
}

} // namespace kernel::proc
