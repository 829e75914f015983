#include "kernel/option_parsers.hpp"

#include "kernel/file/path.hpp"
#include "kernel/log.hpp"
#include "kernel/panic.hpp"
#include "kernel/test_provocations.hpp"
#include "mm/kernel_heap.hpp"

#include <algorithm>
#include <cstring>

namespace kernel {

namespace {

constexpr std::string_view OptionsFile = "/boot/options";

constinit Options the_options;

Problem parse_program(std::span<char> value, Storage &storage, ProgramOption *programs, size_t &count)
{
    std::string_view *first = storage.arguments + storage.argument_count;
    size_t arguments = 0;
    lib::ListReader list(view(value));
    while (auto part = list.next()) {
        std::span<char> argument = value.subspan(part->data() - value.data(), part->size());
        if (!decode(argument)) return BadCode;
        first[arguments++] = view(argument);
    }
    if (first[0].empty()) return "the program's path is missing";
    storage.argument_count += arguments;
    storage.latest = &programs[count];
    programs[count++] = ProgramOption{.arguments = {first, arguments}};
    return nullptr;
}

Problem parse_run(std::span<char> value, Storage &storage)
{
    return parse_program(value, storage, storage.run, storage.run_count);
}

Problem parse_then(std::span<char> value, Storage &storage)
{
    return parse_program(value, storage, storage.then, storage.then_count);
}

Problem parse_with(std::span<char> value, Storage &storage)
{
    if (storage.then_count == 0) return "it belongs to a then= before it";
    if (auto problem = parse_then(value, storage)) return problem;
    storage.then[storage.then_count - 1].with_previous = true;
    return nullptr;
}

Problem parse_ask(std::span<char> value, Storage &storage)
{
    if (auto problem = parse_then(value, storage)) return problem;
    storage.latest->asks = true;
    return nullptr;
}

Problem parse_queue(std::span<char> value, Storage &storage)
{
    return parse_program(value, storage, storage.queue, storage.queue_count);
}

Problem parse_ends(std::span<char> value, Storage &storage)
{
    auto status = lib::parse_decimal(view(value));
    if (!status || *status > UINT8_MAX) return "it must be a status from 0 to 255, such as ends=139";
    if (storage.latest == nullptr) return "it belongs to a program before it";
    storage.latest->expected_status = static_cast<uint8_t>(*status);
    return nullptr;
}

Problem parse_environment(std::span<char> value, Storage &storage)
{
    if (!decode(value)) return BadCode;
    size_t equals = view(value).find('=');
    if (equals == std::string_view::npos || equals == 0) return "it must be NAME=VALUE";
    storage.environment[storage.environment_count++] = view(value);
    return nullptr;
}

Problem parse_cwd(std::span<char> value, Storage &)
{
    if (!decode(value)) return BadCode;
    if (value.empty() || value[0] != '/') return "it must be an absolute path";
    the_options.cwd = view(value);
    return nullptr;
}

Problem parse_terminals(std::span<char> value, Storage &)
{
    the_options.terminals_given = true;
    std::ranges::fill(the_options.terminal, false);
    for (char digit : value) {
        if (digit < '0' || digit > '2') return "it must be digits from 0 to 2, such as tty=012, or nothing";
        the_options.terminal[digit - '0'] = true;
    }
    return nullptr;
}

Problem parse_window_size(std::span<char> value, Storage &)
{
    constexpr Problem Wrong = "it must be COLUMNSxROWS, such as winsize=80x24, each at most 65535";
    std::string_view text = view(value);
    size_t cross = text.find('x');
    if (cross == std::string_view::npos) return Wrong;
    auto columns = lib::parse_decimal(text.substr(0, cross)),
         rows = lib::parse_decimal(text.substr(cross + 1));
    if (!columns || !rows || *columns > UINT16_MAX || *rows > UINT16_MAX) return Wrong;
    the_options.columns = static_cast<uint16_t>(*columns);
    the_options.rows = static_cast<uint16_t>(*rows);
    return nullptr;
}

Problem parse_test(std::span<char> value, Storage &)
{
    if (!is_provocation(view(value))) return "there is no such test (kernel/test_provocations.cpp has them)";
    the_options.test = view(value);
    return nullptr;
}

Problem parse_disk_timeout(std::span<char> value, Storage &)
{
    constexpr uint64_t Longest = 1'000'000;
    auto seconds = lib::parse_decimal(view(value));
    if (!seconds || *seconds > Longest) return "it must be seconds, at most 1000000; 0 waits for ever";
    the_options.disk_timeout = *seconds;
    return nullptr;
}

struct Option {
    std::string_view key;
    std::string_view value; // how it is written
    std::string_view help;
    Parser parse;
};

constexpr Option table[] = {
    {"run", "PATH,ARG…", "start this program at boot; several start together", parse_run},
    {"then", "PATH,ARG…", "start this program when all others have ended; several one after the other",
     parse_then},
    {"with", "PATH,ARG…", "start this program together with the then= before it", parse_with},
    {"ask", "PATH,ARG…", "as then=; its status 0 lets more start, 1 ends the run, any other is the run's too",
     parse_ask},
    {"ends", "STATUS", "the program before it must end so (128+N: by signal N), or nothing more is started",
     parse_ends},
    {"queue", "PATH,ARG…", "a job that waits: it starts when a program has ended; several in their order",
     parse_queue},
    {"env", "NAME=VALUE", "an environment variable of all programs", parse_environment},
    {"cwd", "PATH", "the directory that programs start in", parse_cwd},
    {"tty", "DIGITS", "which of the descriptors 0, 1 and 2 are terminals", parse_terminals},
    {"winsize", "COLSxROWS", "the size of the terminal's window", parse_window_size},
    {"disk_timeout", "SECONDS", "how long a disk may take for a request; 0: for ever", parse_disk_timeout},
    {"swap", "PATH", "a disk that mkswap has prepared, to take pages when memory is short; may be repeated",
     parse_swap},
    {"swap_policy", "NAME", "which page goes when memory is short: aging, clock, fifo, lru or random",
     parse_swap_policy},
    {"memory", "KIND", "paging, or pool: the old way, each program in one contiguous piece", parse_memory},
    {"pool", "MIB", "how much memory the pool has; otherwise three quarters of what is free", parse_pool},
    {"pool_fit", "NAME", "which hole a piece is cut from: first, best or worst", parse_pool_fit},
    {"pool_heap", "MIB", "how much of each piece is for brk and mmap", parse_pool_heap},
    {"pool_stack", "KIB", "how much of each piece is the stack", parse_pool_stack},
    {"swap_read_ahead", "on|off", "whether pages come back from disk with their neighbours",
     parse_swap_read_ahead},
    {"record_references", "PAGES",
     "tell the launcher which pages the first run= program uses, in intervals of so many pages",
     parse_record_references},
    {"test", "NAME", "make a mistake in the kernel on purpose, to see it caught", parse_test},
};

[[noreturn]] void refuse_unknown(std::string_view key)
{
    log_info("The kernel's options are:");
    for (const Option &option : table) log_info("  {}={}  {}", option.key, option.value, option.help);
    refuse("there is no option '{}' (the log lists all)", key);
}

void parse_word(const lib::OptionWord &word, std::span<char> text, Storage &storage)
{
    const Option *option = std::ranges::find(table, word.key, &Option::key);
    if (option == std::end(table)) refuse_unknown(word.key);
    if (!word.has_value)
        refuse("option {}: a value is missing, as in {}={}", word.key, word.key, option->value);
    Problem problem =
        option->parse(text.subspan(word.value.data() - text.data(), word.value.size()), storage);
    if (problem != nullptr) refuse("option {}: {}", word.key, problem);
}

[[noreturn]] void refuse_too_long()
{
    refuse("not enough memory for the options");
}

template <typename T> T *allocate(size_t count)
{
    void *memory = mm::heap_allocate(count * sizeof(T));
    if (memory == nullptr) refuse_too_long();
    return static_cast<T *>(memory);
}

// The command line, a blank, and the options file of the archive, if there is one: in memory that stays.
std::span<char> collect_text(std::string_view command_line)
{
    auto file = lookup(OptionsFile, root_directory());
    size_t file_size = file.ok() && (*file)->is_regular() ? (*file)->size() : 0;
    size_t room = command_line.size() + 1 + file_size;
    char *text = allocate<char>(room);
    std::memcpy(text, command_line.data(), command_line.size());
    text[command_line.size()] = ' ';
    if (file_size != 0) {
        std::span<char> rest(text + command_line.size() + 1, file_size);
        auto read = (*file)->read_at(0, std::as_writable_bytes(rest));
        if (!read.ok() || *read != file_size) refuse("{} could not be read", OptionsFile);
    }
    return {text, room};
}

Storage make_storage(std::string_view text)
{
    size_t words = 0;
    for (lib::OptionReader reader(text); reader.next();) words++;
    size_t commas = std::ranges::count(text, ',');
    return {.options = the_options,
            .run = allocate<ProgramOption>(words + 1),
            .then = allocate<ProgramOption>(words + 1),
            .queue = allocate<ProgramOption>(words + 1),
            .environment = allocate<std::string_view>(words + 1),
            .arguments = allocate<std::string_view>(words + commas + 1),
            .swap = allocate<std::string_view>(words + 1)};
}

} // namespace

const Options &options()
{
    return the_options;
}

void init_options(const boot::BootInfo &info)
{
    std::span<char> text = collect_text(info.command_line());
    Storage storage = make_storage(view(text));
    lib::OptionReader reader(view(text));
    while (auto word = reader.next()) parse_word(*word, text, storage);

    the_options.run = {storage.run, storage.run_count};
    the_options.then = {storage.then, storage.then_count};
    the_options.queue = {storage.queue, storage.queue_count};
    the_options.environment = {storage.environment, storage.environment_count};
    the_options.swap = {storage.swap, storage.swap_count};
    if (Problem problem = contradiction_about_memory(the_options)) refuse("{}", problem);
    if (the_options.run.empty() && the_options.then.empty())
        refuse("there is no program to run: say run=PATH, and have PATH in the archive");
}

} // namespace kernel
