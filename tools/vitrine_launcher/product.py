"""`vitrine iso`: the ISO that `make run` boots, and that people can write to a stick."""
import contextlib
import os
import shutil
import tempfile

from . import contents, iso, kernel_file, kernel_options
from .failure import Failure, reason


def build(settings):
    if settings.rest:
        raise Failure(f"what is {settings.rest[0]} for? Programs are named with --run and --then")
    if not settings.output:
        raise Failure("say where the ISO goes: --output build/vitrine.iso")
    if not settings.run:
        raise Failure('say what the ISO runs: --run "PROGRAM ARG..."')
    kernel = settings.kernel or kernel_file.default_path(settings.checked)
    kernel_file.memory_needed(kernel, settings.kernel is None, settings.checked)
    together = [contents.Command(contents.split_command(text)) for text in settings.run]
    after = contents.commands_after(settings.then)
    # Where it was built is nobody's business on the machine where it is booted: programs lie in /bin there.
    for command in (*together, *(command for _, command in after)):
        command.move_to("/bin")
    words = [
        *(command.word("run") for command in together),
        *(command.word(key) for key, command in after),
        *(f"env={kernel_options.encode(text, b'=')}" for text in settings.env),
        *(kernel_options.raw_word(text) for text in settings.option),
    ]
    archive = contents.make_archive(
        commands=(*together, *(command for _, command in after)), additions=settings.add, words=words, cwd="/"
    )
    with iso.Staging() as staging:
        staging.write_archive(archive)
        publish(staging.make(kernel), settings.output)
    return 0


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
