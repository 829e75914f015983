// Reading this program's own file. See program_file.hpp.
#include "user/static/program_file.hpp"

#include "user/lib/address.hpp"
#include "user/lib/translation.hpp"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/auxv.h>
#include <unistd.h>

using namespace exhibit;

namespace text {
constexpr char failed[] = N_("static: this program's file cannot be read\n");
}

const Elf64_Phdr &segment_of(std::uintptr_t address)
{
    // The kernel tells each program where its headers are (getauxval(3)).
    const auto *segment = static_cast<const Elf64_Phdr *>(pointer_to(getauxval(AT_PHDR)));
    while (segment->p_type != PT_LOAD || address - segment->p_vaddr >= segment->p_memsz) ++segment;
    return *segment;
}

int value_in_file(std::uintptr_t address)
{
    const Elf64_Phdr &segment = segment_of(address);
    const auto position = static_cast<off_t>(segment.p_offset + (address - segment.p_vaddr));
    const int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int value;
    if (pread(file, &value, sizeof value, position) != sizeof value) {
        std::fputs(translated(text::failed), stderr);
        std::exit(1);
    }
    close(file);
    return value;
}
