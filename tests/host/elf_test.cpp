// The ELF reader: what it says of good programs, and the sentence it has for each kind of bad file.
#include "lib/elf.hpp"

#include <gtest/gtest.h>

#include <elf.h>

#include <cstring>
#include <functional>
#include <string>
#include <vector>

namespace {

Elf64_Phdr load(uint64_t address, uint64_t offset, uint64_t file_size, uint64_t memory_size, uint32_t flags)
{
    return {.p_type = PT_LOAD,
            .p_flags = flags,
            .p_offset = offset,
            .p_vaddr = address,
            .p_paddr = address,
            .p_filesz = file_size,
            .p_memsz = memory_size,
            .p_align = 0x1000};
}

Elf64_Phdr other(uint32_t type, uint32_t flags = 0)
{
    Elf64_Phdr entry{};
    entry.p_type = type;
    entry.p_flags = flags;
    return entry;
}

// A program as a linker would make it: text, data with bss; each test damages it in one way.
struct Program {
    Elf64_Ehdr header{};
    std::vector<Elf64_Phdr> table;
    size_t size = 0x3000;

    Program()
    {
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_ident[EI_VERSION] = EV_CURRENT;
        header.e_type = ET_EXEC;
        header.e_machine = EM_X86_64;
        header.e_version = EV_CURRENT;
        header.e_entry = 0x401010;
        header.e_phoff = sizeof header;
        header.e_ehsize = sizeof header;
        header.e_phentsize = sizeof(Elf64_Phdr);
        table.push_back(load(0x400000, 0, 0x1800, 0x1800, PF_R | PF_X));
        table.push_back(load(0x402800, 0x1800, 0x400, 0x2000, PF_R | PF_W));
    }

    std::vector<std::byte> bytes() const
    {
        Elf64_Ehdr written = header;
        if (written.e_phnum == 0) written.e_phnum = table.size();
        std::vector<std::byte> file(size);
        auto put = [&](size_t at, const void *from, size_t length) {
            if (at < size) std::memcpy(file.data() + at, from, std::min(length, size - at));
        };
        put(0, &written, sizeof written);
        put(header.e_phoff, table.data(), table.size() * sizeof(Elf64_Phdr));
        return file;
    }
};

struct Outcome {
    std::string problem; // empty: none
    lib::ElfHeader header;
    lib::ElfProgram program;
    std::vector<std::byte> table;
};

// Both steps, with each piece of the file in memory of its own so that a step outside is noticed.
Outcome read(const std::vector<std::byte> &file)
{
    Outcome outcome;
    std::vector<std::byte> first(file.begin(), file.begin() + std::min(file.size(), lib::ElfHeaderSize));
    if (auto problem = lib::read_elf_header(first, file.size(), outcome.header)) {
        outcome.problem = problem;
        return outcome;
    }
    auto begin = file.begin() + outcome.header.table_offset;
    outcome.table.assign(begin, begin + outcome.header.table_bytes());
    if (auto problem = lib::read_elf_program(outcome.header, outcome.table, file.size(), outcome.program))
        outcome.problem = problem;
    return outcome;
}

TEST(Elf, describes_a_program)
{
    Outcome outcome = read(Program{}.bytes());
    ASSERT_EQ(outcome.problem, "");
    EXPECT_FALSE(outcome.header.position_independent);
    EXPECT_EQ(outcome.header.entry, 0x401010u);
    ASSERT_EQ(outcome.program.segment_count(), 2u);
    EXPECT_EQ(outcome.program.lowest(), 0x400000u);
    EXPECT_EQ(outcome.program.highest(), 0x404800u);
    EXPECT_EQ(outcome.program.table_address(), 0x400040u);
    EXPECT_FALSE(outcome.program.wants_executable_stack());

    lib::ElfSegment text = outcome.program.segment(0), data = outcome.program.segment(1);
    EXPECT_TRUE(text.read && text.execute && !text.write);
    EXPECT_TRUE(data.read && data.write && !data.execute);
    EXPECT_EQ(data.address, 0x402800u);
    EXPECT_EQ(data.file_offset, 0x1800u);
    EXPECT_EQ(data.file_end(), 0x402c00u);
    EXPECT_EQ(data.end(), 0x404800u);
}

TEST(Elf, a_static_pie_is_position_independent)
{
    Program made;
    made.header.e_type = ET_DYN;
    Outcome outcome = read(made.bytes());
    EXPECT_EQ(outcome.problem, "");
    EXPECT_TRUE(outcome.header.position_independent);
}

TEST(Elf, program_headers_may_be_anywhere)
{
    Program made;
    made.header.e_phoff = 0x2f00;
    Outcome outcome = read(made.bytes());
    EXPECT_EQ(outcome.problem, "");
    EXPECT_EQ(outcome.program.segment_count(), 2u);
    EXPECT_EQ(outcome.program.table_address(), 0u) << "no segment holds them";
}

TEST(Elf, the_stack_is_executable_only_when_asked_for)
{
    for (uint32_t flags : {PF_R | PF_W, PF_R | PF_W | PF_X}) {
        Program made;
        made.table.push_back(other(PT_GNU_STACK, flags));
        EXPECT_EQ(read(made.bytes()).program.wants_executable_stack(), (flags & PF_X) != 0);
    }
}

TEST(Elf, other_headers_and_empty_segments_are_skipped)
{
    Program made;
    made.table.insert(made.table.begin() + 1, load(0x999000, 0, 0, 0, PF_R));
    made.table.insert(made.table.begin(), other(PT_NOTE));
    made.table[0].p_filesz = UINT64_MAX;
    made.table[0].p_memsz = 1;
    Outcome outcome = read(made.bytes());
    EXPECT_EQ(outcome.problem, "");
    EXPECT_EQ(outcome.program.segment_count(), 2u);
    EXPECT_EQ(outcome.program.segment(1).address, 0x402800u);
}

TEST(Elf, segments_may_meet_within_a_page)
{
    Program made;
    made.table[1] = load(0x401800, 0x1800, 0x400, 0x2000, PF_R | PF_W);
    EXPECT_EQ(read(made.bytes()).problem, "");
}

TEST(Elf, the_largest_alignment_counts)
{
    Program made;
    made.table[1].p_align = 0x200000;
    EXPECT_EQ(read(made.bytes()).program.alignment(), 0x200000u);
    made.table[1].p_align = 0x200001; // no power of two: means nothing
    EXPECT_EQ(read(made.bytes()).program.alignment(), 0x1000u);
}

struct Damage {
    const char *name;
    std::function<void(Program &)> apply;
    const char *expected; // part of the sentence
};

class BadElf : public testing::TestWithParam<Damage> {};

TEST_P(BadElf, is_refused_with_a_sentence)
{
    Program made;
    GetParam().apply(made);
    EXPECT_NE(read(made.bytes()).problem.find(GetParam().expected), std::string::npos)
        << "said: '" << read(made.bytes()).problem << "'";
}

INSTANTIATE_TEST_SUITE_P(
    Elf, BadElf,
    testing::Values(
        Damage{"empty", [](Program &p) { p.size = 0; }, "empty"},
        Damage{"no_magic", [](Program &p) { p.header.e_ident[1] = 'F'; }, "7f 45 4c 46"},
        Damage{"three_bytes", [](Program &p) { p.size = 3; }, "7f 45 4c 46"},
        Damage{"half_a_header", [](Program &p) { p.size = 63; }, "header is not complete"},
        Damage{"script", [](Program &p) { std::memcpy(p.header.e_ident, "#!/bin/sh\n", 10); }, "script"},
        Damage{"class_32", [](Program &p) { p.header.e_ident[EI_CLASS] = ELFCLASS32; }, "32-bit"},
        Damage{"class_none", [](Program &p) { p.header.e_ident[EI_CLASS] = 0; }, "class"},
        Damage{"big_endian", [](Program &p) { p.header.e_ident[EI_DATA] = ELFDATA2MSB; }, "big-endian"},
        Damage{"arm", [](Program &p) { p.header.e_machine = EM_AARCH64; }, "another processor"},
        Damage{"object_file", [](Program &p) { p.header.e_type = ET_REL; }, "not been linked"},
        Damage{"core", [](Program &p) { p.header.e_type = ET_CORE; }, "memory dump"},
        Damage{"type_none", [](Program &p) { p.header.e_type = ET_NONE; }, "type"},
        Damage{"entry_size", [](Program &p) { p.header.e_phentsize = 32; }, "wrong size"},
        Damage{"no_table", [](Program &p) { p.table.clear(); }, "no program headers"},
        Damage{"table_too_long", [](Program &p) { p.header.e_phnum = 1171; }, "too many"},
        Damage{"table_beyond_the_end", [](Program &p) { p.header.e_phoff = p.size - 10; },
               "program headers lie beyond"},
        Damage{"table_offset_overflows", [](Program &p) { p.header.e_phoff = UINT64_MAX - 8; },
               "program headers lie beyond"},
        Damage{"nothing_to_load", [](Program &p) { p.table.resize(1), p.table[0].p_type = PT_NOTE; },
               "no segment"},
        Damage{"only_empty_segments", [](Program &p) { p.table = {load(0x400000, 0, 0, 0, PF_R)}; },
               "no segment"},
        Damage{"dynamic", [](Program &p) { p.table.push_back(other(PT_INTERP)); }, "-static"},
        Damage{"more_file_than_memory", [](Program &p) { p.table[0].p_memsz--; }, "more bytes in the file"},
        Damage{"address_overflows", [](Program &p) { p.table[1].p_memsz = UINT64_MAX - 0x1000; },
               "64-bit address range"},
        Damage{"last_page", [](Program &p) { p.table[1] = load(-0x1800ULL, 0x800, 0x400, 0x1000, PF_R); },
               "64-bit address range"},
        Damage{"segment_cut_short", [](Program &p) { p.size = 0x1bff; }, "cut short: a segment"},
        Damage{"offset_overflows", [](Program &p) { p.table[1].p_offset = -0x800ULL; },
               "cut short: a segment"},
        Damage{"not_congruent", [](Program &p) { p.table[1].p_offset = 0x1801; }, "within a page"},
        Damage{"overlap", [](Program &p) { p.table[1] = load(0x401000, 0x1000, 0x400, 0x400, PF_R); },
               "overlap"},
        Damage{"overlap_by_one_byte", [](Program &p) { p.table[1] = load(0x4017ff, 0x17ff, 1, 1, PF_R); },
               "overlap"},
        Damage{"descending", [](Program &p) { std::swap(p.table[0], p.table[1]); }, "ascending"}),
    [](const testing::TestParamInfo<Damage> &info) { return info.param.name; });

TEST(Elf, a_table_that_could_not_be_read_is_said)
{
    auto file = Program{}.bytes();
    lib::ElfHeader header;
    ASSERT_EQ(lib::read_elf_header(std::span(file).first(64), file.size(), header), nullptr);
    lib::ElfProgram program;
    std::vector<std::byte> shorter(header.table_bytes() - 1);
    EXPECT_NE(lib::read_elf_program(header, shorter, file.size(), program), nullptr);
}

} // namespace
