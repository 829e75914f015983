// The rules of Linux's fs/binfmt_script.c.
#include "kernel/process/script.hpp"

#include "kernel/file/path.hpp"

#include <array>
#include <cstring>

namespace kernel {

namespace {

constexpr uint32_t AnyExecute = 0111;
constexpr size_t LineSize = 256;        // BINPRM_BUF_SIZE: how much of the first line counts
constexpr unsigned MaxInterpreters = 5; // exec_binprm

struct ScriptLine {
    std::array<char, LineSize> text{};
    std::string_view interpreter, argument; // into the text; the argument may be empty
    bool is_script = false;
};

bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

std::string_view without_leading_blanks(std::string_view text)
{
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    return text;
}

size_t word_length(std::string_view text)
{
    size_t length = 0;
    while (length < text.size() && !is_blank(text[length]) && text[length] != '\0') length++;
    return length;
}

// ExecFormat: no interpreter is named, or its path does not end within what counts.
Result<void> read_line(Inode &file, ScriptLine &line)
{
    TRY(file.read_at(0, std::as_writable_bytes(std::span(line.text))));
    std::string_view all{line.text.data(), line.text.size() - 1};
    line.is_script = all.starts_with("#!");
    if (!line.is_script) return {};

    size_t newline = std::string_view{line.text.data(), line.text.size()}.find('\n');
    bool is_cut = newline == std::string_view::npos;
    std::string_view rest = all.substr(0, newline).substr(2);
    rest = without_leading_blanks(rest);
    size_t length = word_length(rest);
    if (is_cut && length == rest.size()) return Errno::ExecFormat;
    while (!rest.empty() && is_blank(rest.back())) rest.remove_suffix(1);
    line.interpreter = rest.substr(0, length);
    if (rest.empty()) return Errno::ExecFormat;
    // The line ends with the file: to Linux an empty path is the current directory.
    if (line.interpreter.empty()) return Errno::AccessDenied;
    rest = rest.substr(line.interpreter.size());
    if (!rest.empty() && is_blank(rest.front())) rest = without_leading_blanks(rest);
    line.argument = rest.substr(0, rest.find('\0'));
    return {};
}

Result<void> check_executable(const Inode &file, const char *&problem)
{
    if (!file.is_regular()) {
        problem = file.is_directory() ? "it is a directory" : "it is not a regular file";
        return Errno::AccessDenied;
    }
    if (!(file.status().permissions & AnyExecute)) {
        problem = "nobody may execute it (chmod +x)";
        return Errno::AccessDenied;
    }
    return {};
}

// The interpreter, its argument and the script's path come in the place of the first argument.
Result<void> put_words(Execution &execution, const ScriptLine &line, std::string_view script)
{
    StringList words;
    TRY_VOID(words.append(line.interpreter));
    if (!line.argument.empty()) TRY_VOID(words.append(line.argument));
    TRY_VOID(words.append(script));
    if (execution.words.count() == 0) {
        execution.arguments.drop_first();
    } else {
        execution.words.drop_first();
        TRY_VOID(words.append_all(execution.words));
    }
    execution.words.swap(words);
    return {};
}

} // namespace

Result<void> follow_scripts(Execution &execution, Inode &cwd, const char *&problem)
{
    char script[LineSize]; // the path of an interpreter that is a script itself
    std::string_view path = execution.path;
    for (unsigned depth = 0;; depth++) {
        TRY_VOID(check_executable(*execution.file, problem));
        ScriptLine line;
        TRY_VOID(read_line(*execution.file, line));
        if (!line.is_script) return {};
        if (depth == MaxInterpreters) return Errno::TooManyLinks;
        if (execution.is_closed_on_exec) return Errno::NoEntry; // the interpreter could not open it
        TRY_VOID(put_words(execution, line, path));
        auto interpreter = lookup(line.interpreter, cwd);
        if (!interpreter.ok()) {
            problem = "the interpreter in its first line (#!) cannot be found";
            return interpreter.error();
        }
        execution.file = *interpreter;
        std::memcpy(script, line.interpreter.data(), line.interpreter.size());
        path = {script, line.interpreter.size()};
    }
}

} // namespace kernel
