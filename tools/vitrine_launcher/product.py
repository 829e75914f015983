"""`vitrine iso`: the ISO that `make run` boots, and that people can write to a stick."""
import contextlib
import os
import shutil
import tempfile

from . import child, contents, iso, kernel_file, kernel_options, tour
from .failure import Failure, reason


def build(settings):
    if settings.rest:
        raise Failure(f"what is {settings.rest[0]} for? Programs are named with --run and --then")
    if not settings.output:
        raise Failure("say where the ISO goes: --output build/vitrine.iso")
    if bool(settings.run) == bool(settings.tour):
        raise Failure('say what the ISO runs: either --run "PROGRAM ARG..." or --tour FILE')
    kernel = settings.kernel or kernel_file.default_path(settings.checked)
    kernel_file.memory_needed(kernel, settings.kernel is None, settings.checked)
    with iso.Staging() as staging:
        write_archive(settings, staging)
        publish(staging.make(kernel), settings.output)
    return 0


def write_archive(settings, staging):
    commands, words = tour_commands(settings, staging.path) if settings.tour else plain_commands(settings)
    words = [
        *words,
        *(f"env={kernel_options.encode(text, b'=')}" for text in settings.env),
        *(kernel_options.raw_word(text) for text in settings.option),
    ]
    additions = contents.additions(settings)
    staging.write_archive(contents.make_archive(commands=commands, additions=additions, words=words, cwd="/"))


# Where it was built is nobody's business on the machine where it is booted: programs lie in /bin there.
PROGRAMS_AT = "/bin"


def plain_commands(settings):
    """--run, --then and --queue: the Commands, and the kernel's words that start them."""
    together = [contents.Command(contents.split_command(text)) for text in settings.run]
    keyed = [*(("run", command) for command in together), *contents.later_commands(settings)]
    for _, command in keyed:
        command.move_to(PROGRAMS_AT)
    return [command for _, command in keyed], [command.word(key) for key, command in keyed]


def tour_commands(settings, place):
    """--tour, and --then and --queue behind it. There is room in the directory `place`."""
    programs = tour.programs(tour.read(settings.tour), os.path.join(kernel_file.build_directory(), "user"))
    for program in programs:
        program.move_to(PROGRAMS_AT)
        program.host = without_symbols(program.host, place)
    commands, words = plain_commands(settings)
    return [*programs, *commands], [*(word for one in programs for word in one.words()), *words]


def without_symbols(program, place):
    """A copy, half as large, for GRUB loads slowly and nobody looks for symbols on an ISO; or the program itself."""
    copy = os.path.join(place, os.path.basename(program))
    strip = shutil.which("strip")
    if strip is not None and not os.path.exists(copy):
        child.run([strip, "--strip-all", "-o", copy, program], patience=None)
    return copy if os.path.exists(copy) else program


def publish(source, output):
    """Under its name only when it is whole."""
    directory = os.path.dirname(os.path.abspath(output))
    try:
        os.makedirs(directory, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".vitrine.", dir=directory)
        try:
            with os.fdopen(handle, "wb") as target, open(source, "rb") as made:
                shutil.copyfileobj(made, target, 1 << 20)
                os.fchmod(target.fileno(), 0o644)
            os.rename(name, output)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise Failure(f"cannot write {output}: {reason(error)}") from error
