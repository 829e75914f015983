#include "kernel/process/program_loader.hpp"

#include "kernel/process/space_writer.hpp"
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

// Where the program is loaded relative to its own addresses.
uint64_t choose_bias(const lib::ElfHeader &header, const lib::ElfProgram &program)
{
    if (!header.position_independent) return 0;
    uint64_t alignment = ~(program.alignment() - 1);
    return (PositionIndependentBase.value() & alignment) - (program.lowest() & alignment);
}

} // namespace

ProgramFile::~ProgramFile()
{
    mm::heap_free(table_);
}

Result<void> ProgramFile::read(const char *&problem)
{
    uint64_t file_size = file_.size();
    std::byte first[lib::ElfHeaderSize];
    size_t got = TRY(file_.read_at(0, first));
    problem = lib::read_elf_header({first, got}, file_size, header_);
    if (problem != nullptr) return Errno::ExecFormat;

    table_ = static_cast<std::byte *>(mm::heap_allocate(header_.table_bytes()));
    if (table_ == nullptr) return Errno::NoMemory;
    got = TRY(file_.read_at(header_.table_offset, {table_, header_.table_bytes()}));
    problem = lib::read_elf_program(header_, {table_, got}, file_size, program_);
    if (problem != nullptr) return Errno::ExecFormat;
    bias_ = choose_bias(header_, program_);
    return {};
}

Result<void> ProgramFile::check_place(uint64_t room_above, const char *&problem) const
{
    uint64_t room_end = mm::UserEnd.value() - room_above;
    uint64_t size = program_.highest() - program_.lowest();
    uint64_t begin = program_.lowest() + bias_;
    if (begin < mm::UserBegin.value()) {
        problem =
            "a segment lies below 0x10000, where nothing is ever mapped so that null pointers are noticed";
        return Errno::ExecFormat;
    }
    if (size > room_end || begin > room_end - size) {
        problem = "a segment lies outside of the memory that a program can have, or where the stack goes";
        return Errno::ExecFormat;
    }
    return {};
}

mm::VirtRange ProgramFile::image() const
{
    return {mm::VirtAddr{program_.lowest() + bias_}.page_down(),
            mm::VirtAddr{program_.highest() + bias_}.page_up()};
}

Result<LoadedImage> load_image(mm::AddressSpace &space, const ProgramFile &file, StackPlace stack)
{
    mm::MemoryObject *object = TRY(file.file().memory_object());
    mm::Protection stack_protection{true, true, file.program().wants_executable_stack()};
    TRY_VOID(space.map_stack(stack.top, stack.size, stack_protection));

    LoadedImage image;
    image.entry = mm::VirtAddr{file.header().entry + file.bias()};
    if (file.program().table_address() != 0)
        image.program_headers = mm::VirtAddr{file.program().table_address() + file.bias()};
    image.program_header_count = file.header().table_entries;
    TRY_VOID(Loader(space, *object, file.program(), file.bias()).map_segments(image));
    return image;
}

} // namespace kernel
