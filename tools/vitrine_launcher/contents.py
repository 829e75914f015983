"""What goes into an archive: the programs at their own absolute paths, what --put and --add name, and boot/options."""
import os
import shlex
import stat

from . import program
from .archive import Archive
from .failure import Failure, reason
from .kernel_options import command_word, join

OPTIONS_PATH = "/boot/options"


def split_command(text):
    """--with, --then, --queue, --run: a command line in a shell's quoting."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise Failure(f"cannot understand the command {text!r}: {error}") from error
    if not words:
        raise Failure("a command is empty: name a program")
    return words


class Command:
    """A program that is to be started, and its arguments."""

    def __init__(self, arguments):
        self.host = program.find(arguments[0])
        self.guest = self.host  # argv[0], as it was written; a relative one is resolved in the guest as here
        self.arguments = arguments[1:]
        program.check(self.host)

    def move_to(self, directory):
        self.guest = os.path.join(directory, os.path.basename(self.host))

    def word(self, key):
        return command_word(key, [self.guest, *self.arguments])


def split_together(text):
    """What starts when all before has ended, as (key, words of a command): "A & B" start together."""
    commands = []
    key, arguments = "then", []
    for word in [*split_command(text), "&"]:
        if word != "&":
            arguments.append(word)
            continue
        if not arguments:
            raise Failure(f"a program is missing beside the & in {text!r}")
        commands.append((key, arguments))
        key, arguments = "with", []
    return commands


def commands_after(texts):
    """--then, as (key, Command)."""
    return [(key, Command(arguments)) for text in texts for key, arguments in split_together(text)]


def later_commands(settings):
    """--then and --queue, as (key, Command): all that does not start at once."""
    queued = [("queue", Command(split_command(text))) for text in settings.queue]
    return [*commands_after(settings.then), *queued]


def working_directory():
    try:
        return os.getcwd()
    except OSError:  # it was removed
        return "/"


def make_archive(*, commands, additions, words, cwd):
    """An Archive with everything named in it; additions as (host, guest)."""
    archive = Archive()
    archive.add_bytes(OPTIONS_PATH, join(words).encode("ascii"))
    archive.add_directory(cwd)
    for command in commands:
        add_program(archive, command.host, os.path.join(cwd, command.guest))
    for host, guest in additions:
        add_tree(archive, host, os.path.join(cwd, guest))
    return archive


def add_program(archive, host, guest):
    """The program where it really lies (/proc/self/exe tells), and a link where the user named it."""
    real = os.path.realpath(host)
    if os.path.normpath(guest) == os.path.abspath(host) != real:
        archive.add_file(real, real)
        archive.add_link(guest, real)
    else:
        archive.add_file(guest, host)


def additions(settings):
    """--put HOST[:PATH] and --add HOST[=PATH], as (host, guest)."""
    return [
        *(split_addition("--put", text, ":") for text in settings.put),
        *(split_addition("--add", text, "=") for text in settings.add),
    ]


def split_addition(option, text, sign):
    """A file whose name has the sign in it is meant when there is one of that name."""
    if os.path.lexists(text) or sign not in text:
        return text, text
    host, _, guest = text.rpartition(sign)
    if not host or not guest:
        raise Failure(f"{option} {text}: say HOST or HOST{sign}PATH")
    return host, guest


def add_tree(archive, host, guest):
    """A file, or a directory with all that is in it, with their mode bits. Symbolic links inside stay links; the
    name given may be one and stands for what it points to, as a program's does.
    """
    try:
        status = os.stat(host)
        if stat.S_ISREG(status.st_mode):
            archive.add_file(guest, host)
        elif stat.S_ISDIR(status.st_mode):
            archive.add_directory(guest, status)
            for entry in sorted(os.scandir(host), key=lambda entry: entry.name):
                inside = os.path.join(guest, entry.name)
                if entry.is_symlink():
                    archive.add_link(inside, os.readlink(entry.path))
                else:
                    add_tree(archive, entry.path, inside)
        else:
            raise Failure(f"cannot add {host}: it is neither a file nor a directory")
    except FileNotFoundError as error:
        raise Failure(f"cannot add {host}: there is no such file") from error
    except OSError as error:
        raise Failure(f"cannot add {host}: {reason(error)}") from error
