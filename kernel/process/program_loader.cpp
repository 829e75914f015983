#include "kernel/process/program_loader.hpp"

#include "kernel/process/space_writer.hpp"
#include "lib/elf.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

namespace {

// Where a position-independent program goes: two thirds of the user half, as on Linux without randomisation.
constexpr mm::VirtAddr PositionIndependentBase{0x555555554000};

class Loader {
public:
    Loader(mm::AddressSpace &space, mm::MemoryObject &object, const lib::ElfProgram &program, uint64_t bias)
        : space_(space), object_(object), program_(program), bias_(bias)
    {}

    Result<void> map_segments(LoadedImage &image)
    {
        mm::VirtAddr end;
        uint64_t data_bytes = 0;
        for (size_t i = 0; i < program_.segment_count(); i++) {
            lib::ElfSegment segment = program_.segment(i);
            TRY_VOID(map_segment(segment));
            describe(segment, image);
            end = at(segment.end());
            data_bytes = image.data_end - image.data_begin;
        }
        // The heap begins on the page after the last segment.
        space_.start_break(end.page_up(), data_bytes);
        return {};
    }

private:
    mm::VirtAddr at(uint64_t address) const { return mm::VirtAddr{address + bias_}; }

    Result<void> map(mm::VirtRange range, const lib::ElfSegment &segment, mm::MemoryObject *object,
                     uint64_t offset)
    {
        if (range.empty()) return {};
        mm::MapRequest request{.address = range.begin,
                               .length = range.size(),
                               .protection = {segment.read, segment.write, segment.execute},
                               .flags = {},
                               .placement = mm::MapRequest::Placement::Fixed,
                               .object = object,
                               .offset = offset};
        auto mapped = space_.map(request);
        return mapped.ok() ? Result<void>{} : mapped.error();
    }

    // The file's part, then whole pages of zeros; in the page where both meet, the rest of the file is
    // erased.
    Result<void> map_segment(const lib::ElfSegment &segment)
    {
        mm::VirtAddr begin = at(segment.address).page_down();
        mm::VirtAddr file_end = at(segment.file_end());
        mm::VirtAddr zeros_begin = segment.file_size == 0 ? begin : file_end.page_up();
        mm::VirtAddr end = at(segment.end());

        TRY_VOID(map({begin, zeros_begin}, segment, &object_, segment.file_offset >> mm::PageShift));
        TRY_VOID(map({zeros_begin, end.page_up()}, segment, nullptr, 0));
        bool shares_page = segment.file_size != 0 && !file_end.is_page_aligned() && end > file_end;
        if (!shares_page || !segment.write) return {};
        return zero_in_space(space_, file_end, zeros_begin - file_end);
    }

    // As Linux counts code and data (load_elf_binary).
    void describe(const lib::ElfSegment &segment, LoadedImage &image)
    {
        mm::VirtAddr begin = at(segment.address), file_end = at(segment.file_end());
        bool first = image.data_end == mm::VirtAddr{};
        if (segment.execute && (image.code_end == mm::VirtAddr{} || begin < image.code_begin))
            image.code_begin = begin;
        if (segment.execute && file_end > image.code_end) image.code_end = file_end;
        if (first || begin > image.data_begin) image.data_begin = begin;
        if (file_end > image.data_end) image.data_end = file_end;
    }

    mm::AddressSpace &space_;
    mm::MemoryObject &object_;
    const lib::ElfProgram &program_;
    uint64_t bias_;
};

// Where the program is loaded relative to its own addresses, or why it cannot be.
Result<uint64_t> choose_bias(const lib::ElfHeader &header, const lib::ElfProgram &program,
                             uint64_t stack_size, const char *&problem)
{
    uint64_t bias = 0;
    if (header.position_independent) {
        bias = PositionIndependentBase.value() & ~(program.alignment() - 1);
        bias -= program.lowest() & ~(program.alignment() - 1);
    }
    uint64_t room_end = StackTop.value() - stack_size - mm::StackGuardGap;
    uint64_t size = program.highest() - program.lowest();
    uint64_t begin = program.lowest() + bias;
    if (begin < mm::UserBegin.value()) {
        problem =
            "a segment lies below 0x10000, where nothing is ever mapped so that null pointers are noticed";
        return Errno::ExecFormat;
    }
    if (size > room_end || begin > room_end - size) {
        problem = "a segment lies outside of the memory that a program can have, or where the stack goes";
        return Errno::ExecFormat;
    }
    return bias;
}

struct Table { // of program headers; freed in the end
    explicit Table(size_t size) : bytes(static_cast<std::byte *>(mm::heap_allocate(size))), size(size) {}
    ~Table() { mm::heap_free(bytes); }
    Table(const Table &) = delete;
    Table &operator=(const Table &) = delete;
    std::byte *bytes;
    size_t size;
};

} // namespace

Result<LoadedImage> load_image(mm::AddressSpace &space, Inode &file, uint64_t stack_size,
                               const char *&problem)
{
    uint64_t file_size = file.size();
    std::byte first[lib::ElfHeaderSize];
    size_t got = TRY(file.read_at(0, first));
    lib::ElfHeader header;
    problem = lib::read_elf_header({first, got}, file_size, header);
    if (problem != nullptr) return Errno::ExecFormat;

    Table table(header.table_bytes());
    if (table.bytes == nullptr) return Errno::NoMemory;
    got = TRY(file.read_at(header.table_offset, {table.bytes, table.size}));
    lib::ElfProgram program;
    problem = lib::read_elf_program(header, {table.bytes, got}, file_size, program);
    if (problem != nullptr) return Errno::ExecFormat;

    uint64_t bias = TRY(choose_bias(header, program, stack_size, problem));
    mm::MemoryObject *object = TRY(file.memory_object());
    mm::Protection stack_protection{true, true, program.wants_executable_stack()};
    TRY_VOID(space.map_stack(StackTop, stack_size, stack_protection));

    LoadedImage image;
    image.entry = mm::VirtAddr{header.entry + bias};
    if (program.table_address() != 0) image.program_headers = mm::VirtAddr{program.table_address() + bias};
    image.program_header_count = header.table_entries;
    TRY_VOID(Loader(space, *object, program, bias).map_segments(image));
    return image;
}

} // namespace kernel
